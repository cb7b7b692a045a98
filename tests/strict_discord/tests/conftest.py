"""A stage with one guild, and a caller who needs no library."""

from collections.abc import AsyncIterator

import pytest

from tests.strict_discord.stage import Stage
from tests.strict_discord.tests.caller import Caller, calling
from tests.strict_discord.tests.script import ALERTS, WORD


@pytest.fixture
async def discord() -> AsyncIterator[Stage]:
    async with Stage(limits=False, identify_seconds=0) as stage:
        stage.guild("Traders").channel("alerts")
        yield stage


@pytest.fixture
async def caller(discord) -> AsyncIterator[Caller]:
    async with calling(discord) as client:
        yield client


@pytest.fixture
async def gate(discord, caller):
    """A session of a bot that has registered its commands."""
    path = f"/applications/{discord.bot_id}/commands"
    assert (await caller.call("PUT", path, [WORD, ALERTS]))[0] == 200
    gate = await caller.connect()
    await gate.identify()
    return gate


@pytest.fixture
def guild(discord):
    return discord.guild("Traders")


@pytest.fixture
def channel(guild):
    return guild.channel("alerts")


@pytest.fixture
def ada(guild):
    return guild.member("Ada", manage_guild=True)
