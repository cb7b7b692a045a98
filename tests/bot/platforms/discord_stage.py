"""The Discord platform on the strict server, with a keeper that takes notes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot.commands.completion import Completion
from bot.outlet.pacer import Pacer
from bot.platforms.discord import LIMITS, Discord
from bot.platforms.platform import Dispatch
from detectors.interests import Interests
from storage.model import Chat
from tests.bot.platforms.telegram_stage import COMMANDS, Notes, echo
from tests.strict_discord.channels import Channel
from tests.strict_discord.people import Person
from tests.strict_discord.stage import Stage
from watchers.registry import CHAINS


def chat_in(channel: Channel) -> Chat:
    """A channel or thread of the strict server as ours."""
    return Chat(1, "discord", str(channel.id), "", "channel", channel.name, "en", "UTC", "USD")


def chat_with(person: Person) -> Chat:
    """The direct messages with a person as ours."""
    return Chat(1, "discord", str(person.id), "", "private", "", "en", "UTC", "USD")


def discord_on(
    stage: Stage, notes: Notes, patience_seconds: float = 30.0, token: str = ""
) -> Discord:
    """A platform that speaks to the server and does not listen yet."""
    return Discord(
        token or stage.token, stage.api, COMMANDS, Completion(CHAINS, Interests(), {}), notes,
        pacer=Pacer(LIMITS), patience_seconds=patience_seconds,
    )  # fmt: skip


@asynccontextmanager
async def talking(platform: Discord, dispatch: Dispatch = echo) -> AsyncIterator[None]:
    """The platform's `run`, cancelled at the end."""
    run = asyncio.create_task(platform.run(dispatch))
    try:
        yield
    finally:
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run
