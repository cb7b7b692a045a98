"""The strict Telegram server, driven by python-telegram-bot: what it takes and what it refuses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
)
from telegram.error import BadRequest
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from tests.strict_telegram.server import StrictTelegram


@pytest.fixture
async def server() -> AsyncIterator[StrictTelegram]:
    async with StrictTelegram() as strict:
        yield strict


@pytest.fixture
async def bot(server: StrictTelegram) -> AsyncIterator[Bot]:
    base_file_url = f"{server.base}/file/bot"
    async with Bot(server.token, f"{server.base}/bot", base_file_url) as real:
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
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("stats", "Zahlen")], scope, language_code="de")
    assert [c.command for c in await bot.get_my_commands(scope, "de")] == ["stats"]
    assert await bot.get_my_commands() == ()
    server.assert_clean()


async def test_a_text_that_is_too_long_is_refused_and_kept_as_a_violation(server, bot):
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(server.person("Ada").id, "x" * 4097)
    with pytest.raises(AssertionError, match="sendMessage: Bad Request: message is too long"):
        server.assert_clean()
