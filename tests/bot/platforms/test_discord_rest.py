"""Calls to Discord that the library itself stumbles over."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from bot.platforms.discord_rest import Rest
from bot.platforms.discord_verdicts import NonsenseError


class Library:
    """Raises what it is given, one a request, and opens a channel then."""

    def __init__(self, *faults):
        self._faults = list(faults)

    async def request(self, route, **_):
        if self._faults:
            raise self._faults.pop(0)
        return {"id": "77"}


def client_with(*faults) -> Any:
    return SimpleNamespace(http=Library(*faults), is_closed=lambda: False)


@pytest.mark.parametrize(
    ("fault", "told"),
    [(KeyError("retry_after"), NonsenseError), (RuntimeError("a fault"), RuntimeError)],
)
async def test_a_private_channel_that_could_not_be_opened_is_asked_for_anew(fault, told):
    rest = Rest()
    rest.client = client_with(fault)
    async with asyncio.TaskGroup() as calls:
        rest.calls = calls
        with pytest.raises(told):
            await rest.private_channel("5")
        assert await rest.private_channel("5") == 77
