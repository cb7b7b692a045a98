"""The whole incoming side of Discord on the strict server, with the real conversation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.commands.completion import Completion
from bot.commands.registry import COMMANDS
from bot.conversation import Conversation
from bot.desk import Desk
from bot.outlet.pacer import Limits, Pacer
from bot.platforms.discord import Discord
from bot.platforms.platform import Dispatch
from detectors.interests import Interests
from storage.model import Message, Role, Text
from storage.persons import set_role
from storage.subscriptions import watching_places
from tests.bot.desk import DEFAULTS, INVITED
from tests.bot.platforms.discord_stage import talking
from tests.bot.platforms.telegram_stage import Notes
from tests.make import NOW
from tests.strict_discord.stage import Stage
from watchers.registry import CHAINS

HASTE = Limits(gap_seconds=0, chat_gap_seconds=0, group_calls=10_000)


@asynccontextmanager
async def listening(
    stage: Stage, dispatch: Dispatch, complete: Completion, commands=COMMANDS
) -> AsyncIterator[Discord]:
    """A platform that is connected to the stage while the block runs."""
    platform = Discord(stage.token, stage.api, commands, complete, Notes(), pacer=Pacer(HASTE))
    async with talking(platform, dispatch):
        await stage.ready()
        yield platform


@asynccontextmanager
async def answering(stage: Stage, desk: Desk, *guests) -> AsyncIterator[Discord]:
    """The same with the real conversation over a desk; `guests` are people who were invited."""
    for guest in guests:
        await desk.write(set_role, "discord", str(guest.id), Role.GUEST, NOW)
    complete = Completion(desk.chains, desk.interests, await desk.read(watching_places))
    conversation = Conversation(replace(desk, met=complete.meet), INVITED, DEFAULTS)
    async with listening(stage, conversation, complete) as platform:
        yield platform


def words(text, **more):
    return Message((Text(text),), **more)


class Scripted:
    """Answers with what a test has written, when the test lets it."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.heard = []
        self.free = asyncio.Event()
        self.free.set()

    async def __call__(self, incoming):
        self.heard.append(incoming)
        await self.free.wait()
        return self.answers.pop(0)


def no_completion():
    return Completion(CHAINS, Interests(), {})
