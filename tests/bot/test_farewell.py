import asyncio

import pytest

import bot.farewell
from bot.farewell import finish_or_cancel


@pytest.fixture(autouse=True)
def haste(monkeypatch):
    monkeypatch.setattr(bot.farewell, "FAREWELL_SECONDS", 0.01)


async def test_what_ends_by_itself_is_not_cancelled():
    ending = asyncio.create_task(asyncio.sleep(0))
    await finish_or_cancel(ending)
    assert ending.done()
    assert not ending.cancelled()


async def test_what_takes_too_long_is_cancelled():
    endless = asyncio.create_task(asyncio.sleep(3600))
    await finish_or_cancel(endless)
    await asyncio.wait([endless])
    assert endless.cancelled()


async def test_what_is_slow_and_not_vain_is_waited_for():
    slow = asyncio.Event()
    looks = []

    def is_vain():
        looks.append(1)
        if len(looks) == 3:
            slow.set()
        return False

    async def work():
        await slow.wait()

    working = asyncio.create_task(work())
    await finish_or_cancel(working, is_vain)
    assert not working.cancelled()
    assert len(looks) >= 3
