"""Lanes: one chat in order, different chats side by side, and never too much at once."""

import asyncio
from functools import partial

import pytest

from bot.platforms.lanes import Lanes


class Road:
    """Work that begins and ends when the test says so."""

    def __init__(self):
        self.begun = []
        self.ended = []
        self._gates = {}

    def let(self, name):
        self._gates.setdefault(name, asyncio.Event()).set()

    async def drive(self, name):
        self.begun.append(name)
        await self._gates.setdefault(name, asyncio.Event()).wait()
        self.ended.append(name)


async def settle():
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_lane_is_kept_in_order_and_others_are_free():
    road = Road()
    async with asyncio.TaskGroup() as group:
        lanes = Lanes(group)
        for lane, name in (("a", "a1"), ("a", "a2"), ("b", "b1")):
            await lanes.add(lane, partial(road.drive, name))
        await settle()
        assert road.begun == ["a1", "b1"]
        assert lanes.is_busy("a")
        for name in ("a2", "b1", "a1"):
            road.let(name)
    assert road.ended == ["b1", "a1", "a2"]
    assert not lanes.is_busy("a")


async def test_no_more_is_taken_in_than_can_be_kept(monkeypatch):
    monkeypatch.setattr("bot.platforms.lanes._MOST", 2)
    road = Road()
    async with asyncio.TaskGroup() as group:
        lanes = Lanes(group)
        await lanes.add("a", partial(road.drive, "a"))
        await lanes.add("b", partial(road.drive, "b"))
        third = asyncio.create_task(lanes.add("c", partial(road.drive, "c")))
        await settle()
        assert not third.done()
        road.let("b")
        await third
        await settle()
        assert road.begun == ["a", "b", "c"]
        road.let("a")
        road.let("c")


async def test_work_that_is_cut_off_ends_without_a_complaint(recwarn):
    road = Road()

    async def drive_and_stop():
        async with asyncio.TaskGroup() as group:
            lanes = Lanes(group)
            await lanes.add("a", partial(road.drive, "a1"))
            await lanes.add("a", partial(road.drive, "a2"))
            await settle()
            raise KeyError

    with pytest.raises(ExceptionGroup):
        await drive_and_stop()
    assert road.begun == ["a1"]
    assert not recwarn.list
