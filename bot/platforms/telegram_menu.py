"""What Telegram shows of the bot before anybody writes: menu, menu button, description."""

from collections.abc import Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    MenuButtonCommands,
)

from bot.commands.command import Command

_DESCRIPTION = (
    "I watch blockchains and tell you what you asked to know: large transfers, and whatever "
    "moves at the addresses you watch. Press Start, then paste an address."
)
_SHORT = "Watches blockchains and tells you what you asked to know."
_MOST = 100
_SUMMARY = 256


def menu_of(commands: Sequence[Command]) -> list[BotCommand]:
    """The commands as Telegram's menu takes them."""
    return [BotCommand(command.name, command.summary[:_SUMMARY]) for command in commands[:_MOST]]


async def set_menu(bot: Bot, commands: Sequence[Command]) -> None:
    """Set menu and descriptions; raises `TelegramError`."""
    menu = menu_of(commands)
    for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
        if list(await bot.get_my_commands(scope)) != menu:
            await bot.set_my_commands(menu, scope)
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    await bot.set_my_description(_DESCRIPTION)
    await bot.set_my_short_description(_SHORT)
