"""What Telegram shows of the bot before anybody writes: menu, menu button, description."""

import asyncio
from collections.abc import Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    MenuButtonCommands,
)

from bot.commands.command import Command
from bot.language import ENGLISH, LANGUAGES, _, load_languages, marked, speaking

_DESCRIPTION = marked(
    "I watch blockchains and tell you what you asked to know: large transfers, and whatever "
    "moves at the addresses you watch. Press Start, then paste an address."
)
_SHORT = marked("Watches blockchains and tells you what you asked to know.")
_MOST = 100
_SUMMARY = 256


def menu_of(commands: Sequence[Command]) -> list[BotCommand]:
    """The commands as Telegram's menu takes them, in the language in which is spoken."""
    return [BotCommand(command.name, _(command.summary)[:_SUMMARY]) for command in commands[:_MOST]]


async def set_menu(bot: Bot, commands: Sequence[Command]) -> None:
    """Set menu and descriptions in every language; raises `TelegramError`."""
    await asyncio.to_thread(load_languages)
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    for language in LANGUAGES:
        with speaking(language):
            # English is what everybody is shown for whose language there is nothing.
            await _set_menu_in("" if language == ENGLISH else language, bot, commands)


async def _set_menu_in(code: str, bot: Bot, commands: Sequence[Command]) -> None:
    menu = menu_of(commands)
    for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
        if list(await bot.get_my_commands(scope, code or None)) != menu:
            await bot.set_my_commands(menu, scope, code or None)
    await bot.set_my_description(_(_DESCRIPTION), code or None)
    await bot.set_my_short_description(_(_SHORT), code or None)
