"""One part of a message as one call to Telegram."""

from msgspec import Struct
from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ParseMode

from bot.platforms.telegram_html import CAPTION_UNITS, render_html
from bot.platforms.telegram_keyboard import render_keyboard
from storage.model import Document, Message, Picture

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_FILENAME = "chart.png"  # a nameless upload goes out as application/octet-stream


class Place(Struct, frozen=True):
    """Where a message goes; `reply_to` is the message that it answers."""

    chat: str
    thread: str = ""
    group: bool = False
    reply_to: int | None = None


class Part(Struct, frozen=True):
    """What one call says; `captions`: its words stand below a picture or a document."""

    text: str
    picture: Picture | None
    document: Document | None
    keyboard: InlineKeyboardMarkup | None
    silent: bool
    captions: bool
    mode: ParseMode | None = ParseMode.HTML


def parts_of(message: Message, captions: bool) -> list[Part]:
    """The message in parts; only the first makes a sound, and the last has the buttons."""
    texts = render_html(message, first=CAPTION_UNITS if captions else 0)
    keyboard = render_keyboard(message)
    return [
        Part(
            text=text,
            picture=None if index else message.picture,
            document=None if index else message.document,
            keyboard=keyboard if index == len(texts) - 1 else None,
            silent=message.silent or index > 0,
            captions=captions and not index,
        )
        for index, text in enumerate(texts)
    ]


async def post_part(bot: Bot, place: Place, part: Part) -> int:
    """Send a part as a new message; its id. Raises `TelegramError`."""
    thread = int(place.thread) if place.thread else None
    reply = place.reply_to and ReplyParameters(place.reply_to, allow_sending_without_reply=True)
    if part.picture:
        sent = await bot.send_photo(
            int(place.chat),
            part.picture.png,
            caption=part.text,
            parse_mode=part.mode,
            filename=_FILENAME,
            message_thread_id=thread,
            reply_parameters=reply or None,
            reply_markup=part.keyboard,
            disable_notification=part.silent,
        )
    elif part.document:
        sent = await bot.send_document(
            int(place.chat),
            part.document.content,
            caption=part.text,
            parse_mode=part.mode,
            filename=part.document.name,
            message_thread_id=thread,
            reply_parameters=reply or None,
            reply_markup=part.keyboard,
            disable_notification=part.silent,
        )
    else:
        sent = await bot.send_message(
            int(place.chat),
            part.text,
            parse_mode=part.mode,
            link_preview_options=_NO_PREVIEW,
            message_thread_id=thread,
            reply_parameters=reply or None,
            reply_markup=part.keyboard,
            disable_notification=part.silent,
        )
    return sent.message_id


async def edit_part(bot: Bot, place: Place, part: Part, message_id: int) -> None:
    """Change a message into a part. Raises `TelegramError`."""
    chat, keyboard = int(place.chat), part.keyboard
    if media := _media(part):
        await bot.edit_message_media(media, chat, message_id, reply_markup=keyboard)
    elif part.captions:
        await bot.edit_message_caption(
            chat, message_id, caption=part.text, parse_mode=part.mode, reply_markup=keyboard
        )
    else:
        await bot.edit_message_text(
            part.text,
            chat,
            message_id,
            parse_mode=part.mode,
            link_preview_options=_NO_PREVIEW,
            reply_markup=keyboard,
        )


def _media(part: Part) -> InputMediaPhoto | InputMediaDocument | None:
    if part.picture:
        return InputMediaPhoto(part.picture.png, part.text, part.mode, filename=_FILENAME)
    if part.document:
        name = part.document.name
        return InputMediaDocument(part.document.content, part.text, part.mode, filename=name)
    return None
