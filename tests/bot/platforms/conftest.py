"""A Discord server with a channel, an admin and a member."""

from collections.abc import AsyncIterator

import pytest

from charts.render import warm_up
from tests.strict_discord.stage import Stage


@pytest.fixture(scope="module")
def _warm():
    """Draws are as fast as in the worker, which is warm before the first of them."""
    warm_up()


@pytest.fixture
async def discord() -> AsyncIterator[Stage]:
    async with Stage(limits=False) as stage:
        yield stage


@pytest.fixture
def guild(discord):
    return discord.guild("Traders")


@pytest.fixture
def channel(guild):
    return guild.channel("alerts")


@pytest.fixture
def ada(guild):
    return guild.member("Ada", manage_guild=True)


@pytest.fixture
def bob(guild):
    return guild.member("Bob")
