"""What people do on Telegram, read from its updates: pure."""

import re
from typing import Literal

from msgspec.structs import replace
from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Document, User
from telegram import Message as TelegramMessage
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.language import _
from bot.platforms.platform import Attached, AttachedError, Incoming

_KINDS: dict[str, Literal["private", "group", "channel"]] = {
    ChatType.PRIVATE: "private",
    ChatType.CHANNEL: "channel",
}
_COMMAND = re.compile(r"/(?P<name>\w{1,32})(?:@(?P<bot>\w+))?(?P<rest>\s.*)?", re.DOTALL)


def parse_message(message: TelegramMessage, bot: User) -> Incoming | None:
    """What was said to the bot; None for what is not meant for it.

    In private any text is; elsewhere commands (`/cmd`, or `/cmd@name` with the bot's own
    name) and replies to the bot's messages.
    """
    private = message.chat.type == ChatType.PRIVATE
    text = message.text or message.caption or ""
    command = _COMMAND.fullmatch(text)
    if command and command["bot"]:
        if not private and command["bot"].lower() != (bot.username or "").lower():
            return None
        text = f"/{command['name']}{command['rest'] or ''}"
    file = _attached(message.document) if message.document else None
    said = text if message.text or command else ""
    if not (said or file) or not (private or command or _answers(message, bot)):
        return None
    author = _author(message)
    return author and replace(author, text=said, thread=_thread(message), file=file)


def parse_press(query: CallbackQuery) -> Incoming | None:
    """Which button was pressed, and by whom; None where Telegram does not say in which chat."""
    message = query.message
    if message is None:
        return None
    presser = _incoming(message.chat, query.from_user)
    thread = _thread(message) if isinstance(message, TelegramMessage) else ""
    return replace(presser, pressed=query.data or "", thread=thread)


def parse_return(change: ChatMemberUpdated) -> Incoming | None:
    """Who let the bot in again; None where nothing of the kind happened."""
    if is_absent(change.old_chat_member) and not is_absent(change.new_chat_member):
        return replace(_incoming(change.chat, change.from_user), returned=True)
    return None


def is_absent(member: ChatMember) -> bool:
    """Whether the bot cannot write where this is what it is."""
    if member.status == ChatMemberStatus.RESTRICTED:
        return not getattr(member, "can_send_messages", True)
    return member.status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


def _attached(document: Document) -> Attached:
    async def read() -> bytes:
        try:
            file = await document.get_file()
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            withheld = _("{platform} does not hand the file over: {reason}.")
            raise AttachedError(withheld.format(platform="Telegram", reason=error)) from None

    return Attached(document.file_name or "", document.file_size or 0, read)


def _author(message: TelegramMessage) -> Incoming | None:
    """Who wrote it, with nothing said yet; None for other bots and forwarded channel posts."""
    chat, speaker, user = message.chat, message.sender_chat, message.from_user
    if message.is_automatic_forward:
        return None
    if speaker is not None:
        hidden = speaker.id == chat.id  # who speaks as the chat itself is an admin of it
        name = "anonymous admin" if hidden else speaker.effective_name
        author = replace(_incoming(chat, None), person=str(speaker.id), name=name or "")
        return replace(author, admin=hidden, foreign=not hidden)
    if user is None or user.is_bot:
        return None
    return _incoming(chat, user)


def _incoming(chat: Chat, user: User | None) -> Incoming:
    return Incoming(
        platform="telegram",
        chat=str(chat.id),
        person=str(user.id) if user else "",
        name=user.full_name if user else "",
        kind=_KINDS.get(chat.type, "group"),
        chat_title=chat.effective_name or "",
        language=(user and user.language_code) or "",
    )


def _thread(message: TelegramMessage) -> str:
    """The topic; a reply elsewhere bears a thread too, which cannot be written to."""
    return str(message.message_thread_id) if message.is_topic_message else ""


def _answers(message: TelegramMessage, bot: User) -> bool:
    """Whether it replies to a message of the bot."""
    original = message.reply_to_message
    return bool(original and original.from_user and original.from_user.id == bot.id)
