"""The commands, one line each: in the order in which help and menus show them."""

from collections.abc import Mapping

from bot.commands.command import Command
from bot.commands.help import Help
from bot.commands.start import Start

GROUPS: Mapping[str, tuple[Command, ...]] = {
    "What I tell you": (),
    "What you can ask": (),
    "About me": (Start(),),
}

COMMANDS: tuple[Command, ...] = (
    *(command for group in GROUPS.values() for command in group),
    Help(GROUPS),
)
