"""The strict Telegram server, driven by python-telegram-bot: what it takes and what it tells."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChatMember,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    MenuButtonCommands,
    Message,
    Update,
)
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from tests.png import draw_png
from tests.strict_telegram.server import StrictTelegram

PICTURE = draw_png(60, 40)


@pytest.fixture
async def server() -> AsyncIterator[StrictTelegram]:
    async with StrictTelegram() as strict:
        yield strict


@pytest.fixture
async def bot(server: StrictTelegram) -> AsyncIterator[Bot]:
    files = f"{server.base}/file/bot"
    async with Bot(server.token, f"{server.base}/bot", files) as real:
        yield real


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=label)] for label in labels]
    )


async def greet(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert isinstance(update.effective_message, Message)
    await update.effective_message.reply_html("<b>Hello</b>", reply_markup=keyboard("Mute", "Why"))


async def acknowledge(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert isinstance(update.callback_query, CallbackQuery)
    await update.callback_query.answer("Muted")
    await update.callback_query.edit_message_text("Quiet now")


@asynccontextmanager
async def running(server: StrictTelegram) -> AsyncIterator[None]:
    """An Application that greets on /start and acknowledges buttons."""
    builder = Application.builder().token(server.token).base_url(f"{server.base}/bot")
    application = builder.build()
    application.add_handler(CommandHandler("start", greet))
    application.add_handler(CallbackQueryHandler(acknowledge))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=5)
        yield
        await application.updater.stop()
        await application.stop()


async def test_a_person_talks_with_a_running_bot_and_presses_its_button(server):
    async with running(server):
        ada = server.person("Ada")
        await ada.says("/start")
        message = await server.next_message(ada.chat)
        assert (message.text, message.html) == ("Hello", "<b>Hello</b>")
        assert message.buttons == [[("Mute", "Mute")], [("Why", "Why")]]
        assert await ada.presses(message, "Mu") == "Muted"
        await server.until(lambda: message.edits)
    assert server.message(ada.chat, message.id).text == "Quiet now"
    assert [state.text for state in message.edits] == ["Hello"]
    server.assert_clean()


async def test_commands_are_kept_for_their_scope_and_language(server, bot):
    ada, whales = server.person("Ada"), server.group("Whales")
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("stats", "Zahlen")], scope, language_code="de")
    member = BotCommandScopeChatMember(whales.id, ada.id)
    await bot.set_my_commands([BotCommand("ban", "Ban")], member)
    assert [c.command for c in await bot.get_my_commands(scope, "de")] == ["stats"]
    assert await bot.get_my_commands() == ()
    assert set(server.commands) == {
        ("all_private_chats", "de"),
        (f"chat_member:{whales.id}:{ada.id}", ""),
    }
    await bot.delete_my_commands(scope, "de")
    assert await bot.get_my_commands(scope, "de") == ()
    server.assert_clean()


async def test_the_bot_introduces_itself(server, bot):
    ada = server.person("Ada")
    await bot.set_my_description("Watches blockchains", "en")
    await bot.set_my_short_description("Watches")
    await bot.set_chat_menu_button(ada.id, MenuButtonCommands())
    assert server.descriptions == {
        ("description", "en"): "Watches blockchains",
        ("short_description", ""): "Watches",
    }
    assert server.menu_buttons[ada.id] == {"type": "commands"}
    assert (await bot.get_webhook_info()).url == ""
    server.assert_clean()


async def test_a_text_arrives_with_all_that_was_asked_for(server, bot):
    whales = server.group("Whales", forum=True)
    alerts = server.topic(whales, "Alerts")
    preview = LinkPreviewOptions(is_disabled=True)
    first = await bot.send_message(whales.id, "one", message_thread_id=alerts)
    second = await bot.send_message(
        whales.id,
        "  <b>two</b> &amp; more\n",
        "HTML",
        message_thread_id=alerts,
        disable_notification=True,
        link_preview_options=preview,
        reply_to_message_id=first.message_id,
    )
    assert (second.text, second.is_topic_message) == ("two & more", True)
    assert second.reply_to_message is not None
    assert second.reply_to_message.text == "one"
    assert [m.text for m in server.messages(whales)] == ["one", "two & more"]
    message = server.message(whales, second.message_id)
    assert (message.thread, message.silent, message.reply_to) == (alerts, True, first.message_id)
    assert message.entities == [{"type": "bold", "offset": 0, "length": 3}]
    server.assert_clean()


async def test_pictures_and_files_arrive_byte_for_byte(server, bot):
    ada = server.person("Ada")
    photo = await bot.send_photo(ada.id, PICTURE, "<i>chart</i>", parse_mode="HTML")
    document = await bot.send_document(ada.id, b"a;b", filename="a.csv")
    album = await bot.send_media_group(ada.id, [InputMediaPhoto(PICTURE), InputMediaPhoto(PICTURE)])
    shown = [await server.next_message(ada.chat) for _ in range(4)]
    assert [m.photo for m in shown] == [PICTURE, None, PICTURE, PICTURE]
    assert (shown[0].caption, shown[1].document) == ("chart", b"a;b")
    assert (photo.photo[-1].width, document.document.file_name) == (60, "a.csv")
    assert album[0].media_group_id == album[1].media_group_id
    file = await bot.get_file(photo.photo[-1].file_id)
    assert await file.download_as_bytearray() == PICTURE
    assert (await bot.send_photo(ada.id, photo.photo[-1].file_id)).photo
    server.assert_clean()


async def test_edits_leave_their_history(server, bot):
    ada = server.person("Ada")
    sent = await bot.send_message(ada.id, "seen", reply_markup=keyboard("Mute"))
    await bot.edit_message_text("confirmed", ada.id, sent.message_id)
    await bot.edit_message_reply_markup(ada.id, sent.message_id, reply_markup=keyboard("Why"))
    await bot.edit_message_media(InputMediaPhoto(PICTURE, "chart"), ada.id, sent.message_id)
    await bot.edit_message_caption(ada.id, sent.message_id, caption="new chart")
    message = server.message(ada.chat, sent.message_id)
    assert [(m.text, bool(m.markup), m.caption) for m in [*message.edits, message]] == [
        ("seen", True, None),
        ("confirmed", False, None),
        ("confirmed", True, None),
        ("", False, "chart"),
        ("", False, "new chart"),
    ]
    await bot.delete_message(ada.id, sent.message_id)
    assert message.deleted
    assert server.messages(ada.chat) == []
    server.assert_clean()


async def test_a_group_tells_who_is_who(server, bot):
    ada, bob, whales = server.person("Ada"), server.person("Bob"), server.group("Whales")
    server.set_status(whales, ada, "creator")
    server.set_status(whales, bob, "administrator")
    assert (await bot.get_chat_member(whales.id, ada.id)).status == "creator"
    assert (await bot.get_chat_member(whales.id, server.person("Eve").id)).status == "left"
    admins = await bot.get_chat_administrators(whales.id)
    assert [admin.user.id for admin in admins] == [ada.id, bob.id]
    assert (await bot.get_chat(whales.id)).title == "Whales"
    await bot.send_chat_action(whales.id, "typing")
    server.assert_clean()


async def updates(bot: Bot) -> list[Any]:
    """All that is pending, confirmed at once."""
    found = await bot.get_updates()
    if found:
        await bot.get_updates(offset=found[-1].update_id + 1)
    return list(found)


async def test_in_a_group_the_bot_hears_what_is_meant_for_it(server, bot):
    ada, whales = server.person("Ada", language="de"), server.group("Whales", forum=True)
    alerts = server.topic(whales, "Alerts")
    await bot.send_message(whales.id, "hello")
    answer = await server.next_message(whales)
    for text in ["nice weather", "/stats@other_bot", "/stats", "/stats@spyhop_test_bot 1d"]:
        await ada.says(text, chat=whales, thread=alerts)
    await ada.says("thanks", chat=whales, reply_to=answer)
    await server.anonymous(whales).says("/mute")
    messages = [update.message for update in await updates(bot)]
    assert [m.text for m in messages] == ["/stats", "/stats@spyhop_test_bot 1d", "thanks", "/mute"]
    assert messages[0].message_thread_id == alerts
    assert messages[0].from_user.language_code == "de"
    assert messages[1].entities[0].length == len("/stats@spyhop_test_bot")
    assert messages[2].reply_to_message.message_id == answer.id
    assert (messages[3].from_user.id, messages[3].sender_chat.id) == (1087968824, whales.id)


async def test_changes_of_members_are_told_as_asked_for(server, bot):
    ada, whales = server.person("Ada"), server.group("Whales")
    server.set_bot_status(whales, ada, "administrator")
    server.set_status(whales, ada, "administrator")
    assert [bool(u.my_chat_member) for u in await updates(bot)] == [True]
    await bot.get_updates(allowed_updates=["chat_member"])
    server.set_status(whales, ada, "member")
    await ada.says("/not asked for")
    [told] = await updates(bot)
    assert told.chat_member.new_chat_member.status == "member"
