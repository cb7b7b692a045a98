"""The chat platforms: one entry each. A library is loaded only where its platform is on."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.commands.command import Command
from bot.commands.completion import Completion
from bot.platforms.platform import Keeper, Platform
from bot.settings import Settings


@dataclass(frozen=True)
class Surroundings:
    """What a platform is given: the command table, who keeps its chats, and completion."""

    commands: Sequence[Command]
    keeper: Callable[[str], Keeper]
    complete: Completion
    pictures: Path


def _telegram(settings: Settings, surroundings: Surroundings) -> Platform | None:
    if not settings.telegram_token:
        return None
    from bot.platforms.telegram import Telegram  # noqa: PLC0415 - a heavy library

    return Telegram(
        settings.telegram_token.reveal(),
        settings.telegram_api,
        surroundings.commands,
        surroundings.keeper(Telegram.name),
    )


def _discord(settings: Settings, surroundings: Surroundings) -> Platform | None:
    if not settings.discord_token:
        return None
    from bot.platforms.discord import Discord  # noqa: PLC0415 - a heavy library

    return Discord(
        settings.discord_token.reveal(),
        settings.discord_api,
        surroundings.commands,
        surroundings.complete,
        surroundings.keeper(Discord.name),
    )


def _terminal(settings: Settings, surroundings: Surroundings) -> Platform | None:
    elsewhere = settings.telegram_token or settings.discord_token
    automatic = not elsewhere and sys.stdin.isatty()
    if settings.console == "off" or (settings.console == "auto" and not automatic):
        return None
    from bot.platforms.terminal import ADDRESS, Terminal  # noqa: PLC0415 - a heavy library

    complete = partial(surroundings.complete, (Terminal.name, ADDRESS, ""))
    keeper = surroundings.keeper(Terminal.name)

    async def language() -> str:
        return await keeper.language(ADDRESS) or settings.language

    return Terminal(surroundings.commands, complete, surroundings.pictures, language)


OPENS_CHATS = frozenset({"discord"})
"""Where a private chat is begun by its person's id; elsewhere they must write first."""
PLATFORMS = (_telegram, _discord, _terminal)


def platforms_for(settings: Settings, surroundings: Surroundings) -> tuple[Platform, ...]:
    """The platforms that the settings turn on."""
    found = (platform(settings, surroundings) for platform in PLATFORMS)
    return tuple(platform for platform in found if platform is not None)
