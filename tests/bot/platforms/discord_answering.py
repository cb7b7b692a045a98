"""The whole incoming side of Discord on the strict server, with the real conversation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from bot.commands.completion import Completion
from bot.commands.registry import COMMANDS
from bot.conversation import Conversation
from bot.desk import Desk
from bot.outlet.pacer import Limits, Pacer
from bot.platforms.discord import Discord
from bot.platforms.platform import Dispatch
from storage.model import Role
from storage.persons import set_role
from storage.subscriptions import watching_places
from tests.bot.desk import DEFAULTS, INVITED
from tests.bot.platforms.telegram_stage import Notes
from tests.make import NOW
from tests.strict_discord.stage import Stage

HASTE = Limits(gap_seconds=0, chat_gap_seconds=0, group_calls=10_000)


@asynccontextmanager
async def listening(
    stage: Stage, dispatch: Dispatch, complete: Completion, commands=COMMANDS
) -> AsyncIterator[Discord]:
    """A platform that is connected to the stage while the block runs."""
    platform = Discord(stage.token, stage.api, commands, complete, Notes(), pacer=Pacer(HASTE))
    run = asyncio.create_task(platform.run(dispatch))
    try:
        await stage.ready()
        yield platform
    finally:
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run


@asynccontextmanager
async def answering(stage: Stage, desk: Desk, *guests) -> AsyncIterator[Discord]:
    """The same with the real conversation over a desk; `guests` are people who were invited."""
    for guest in guests:
        await desk.write(set_role, "discord", str(guest.id), Role.GUEST, NOW)
    complete = Completion(desk.chains, desk.interests, await desk.read(watching_places))
    conversation = Conversation(replace(desk, met=complete.meet), INVITED, DEFAULTS)
    async with listening(stage, conversation, complete) as platform:
        yield platform
