"""The pacer keeps every limit in any order of calls, and serves the more urgent first."""

import asyncio
import heapq
import itertools
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outlet.pacer import Gate, Limits, Pace, Pacer
from bot.platforms import discord
from storage.model import Priority

LIMITS = Limits()
DISCORD = discord.LIMITS


class Timer:
    def __init__(self):
        self.cancelled = False

    def cancel(self):
        self.cancelled = True


class Clock:
    """Time that passes only when it is told to, with the timers that wait for it."""

    def __init__(self):
        self.now = 1000.0
        self._timers = []
        self._order = itertools.count()

    def __call__(self):
        return self.now

    def call_later(self, delay, call):
        timer = Timer()
        heapq.heappush(self._timers, (self.now + delay, next(self._order), timer, call))
        return timer

    async def pass_to(self, moment):
        """Let time pass, and everything happen that falls into it."""
        await settle()
        while self._timers and self._timers[0][0] <= moment:
            at, _, timer, call = heapq.heappop(self._timers)
            if not timer.cancelled:
                self.now = max(self.now, at)
                call()
                await settle()
        self.now = max(self.now, moment)


async def settle():
    for _ in range(4):
        await asyncio.sleep(0)


class Scene:
    """Callers at a pacer, and when each of them left."""

    def __init__(self, limits=LIMITS):
        self.clock = Clock()
        self.pacer = Pacer(limits, self.clock, self.clock.call_later)
        self.left = []
        self.callers = []

    def call(self, chat, priority=Priority.PERSONAL, *, group=False, name=""):
        task = asyncio.create_task(self._call(chat, priority, group, name or chat))
        self.callers.append(task)
        return task

    async def _call(self, chat, priority, group, name):
        await self.pacer.turn(chat, group, priority)
        self.left.append((self.clock.now, name))

    def names(self):
        return [name for _, name in self.left]

    async def end(self):
        await self.clock.pass_to(self.clock.now + 1e6)
        await asyncio.gather(*self.callers)


def most_in_window(times, seconds):
    """The largest number of moments within any half-open window of so many seconds."""
    return max((sum(start <= t < start + seconds for t in times) for start in times), default=0)


SOON = st.floats(0, 0.05, allow_nan=False)
ANY_TIME = st.one_of(SOON, st.floats(0, 3, allow_nan=False))


CALLS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", "-4", "-5", ""]),
        st.sampled_from(list(Priority)),
        st.floats(0, 3, allow_nan=False),
    ),
    max_size=120,
)


@given(CALLS)
def test_no_window_ever_holds_more_than_the_limits(calls):
    async def scene():
        stage = Scene()
        for chat, priority, pause in calls:
            stage.call(chat, priority, group=chat.startswith("-"))
            await stage.clock.pass_to(stage.clock.now + pause)
        await stage.end()
        return stage.left

    left = asyncio.run(scene())
    assert len(left) == len(calls)
    assert most_in_window([at for at, _ in left], 1.0) <= 30
    by_chat = defaultdict(list)
    for at, chat in left:
        by_chat[chat].append(at)
    for chat, times in by_chat.items():
        assert not chat or most_in_window(times, 1.0) <= 1
        assert not chat.startswith("-") or most_in_window(times, 60.0) <= 20


@given(st.lists(ANY_TIME, min_size=40, max_size=200))
def test_however_late_calls_leave_no_second_holds_more_than_30(late):
    pace, left, now = Pace(LIMITS), [], 1000.0
    for seconds in late:
        now = max(now, pace.earliest("", group=False)) + seconds
        pace.leave("", now)
        left.append(now)
    assert most_in_window(left, 1.0) <= 30


@pytest.mark.parametrize(("limits", "permitted"), [(LIMITS, 30), (DISCORD, 50)])
def test_calls_that_leave_a_little_late_lose_no_speed(limits, permitted):
    pace, now = Pace(limits), 1000.0
    for _ in range(1000):
        now = max(now, pace.earliest("", group=False) + limits.lag_seconds)
        pace.leave("", now)
    assert (now - 1000.0) / 999 == pytest.approx(limits.gap_seconds, rel=1e-3)
    assert 1 / limits.gap_seconds > 0.95 * permitted


def test_after_a_stall_calls_leave_evenly_again():
    pace = Pace(LIMITS)
    for now in (1000.0, 1060.0):
        pace.leave("", now)
    left = [1060.0]
    for _ in range(3):
        left.append(pace.earliest("", group=False))
        pace.leave("", left[-1])
    first, *others = [later - earlier for earlier, later in itertools.pairwise(left)]
    assert first >= LIMITS.gap_seconds - LIMITS.lag_seconds
    assert others == pytest.approx([LIMITS.gap_seconds] * 2)


class Trips:
    """Calls through a gate: each waits, takes a while to arrive, and a while to be answered."""

    def __init__(self, calls=30):
        self.clock = Clock()
        self.gate = Gate(calls, self.clock.call_later)
        self.arrived = []

    async def make(self, trips):
        calls = [asyncio.create_task(self._call(*trip)) for trip in trips]
        await self.clock.pass_to(self.clock.now + 1e4)
        await asyncio.gather(*calls)
        return self.arrived

    async def _call(self, before, there, back):
        await self._pause(before)
        async with self.gate.passage():
            await self._pause(there)
            self.arrived.append(self.clock.now)
            await self._pause(back)

    async def _pause(self, seconds):
        over = asyncio.Event()
        self.clock.call_later(seconds, over.set)
        await over.wait()


@given(
    st.sampled_from([30, 50]),
    st.lists(st.tuples(ANY_TIME, ANY_TIME, ANY_TIME), min_size=31, max_size=100),
)
def test_however_long_calls_take_no_more_than_permitted_arrive_in_a_second(permitted, trips):
    arrived = asyncio.run(Trips(permitted).make(trips))
    assert len(arrived) == len(trips)
    assert most_in_window(arrived, 1.0) <= permitted


async def test_quick_calls_are_hardly_slowed_down():
    arrived = await Trips().make([(0, 0.005, 0.005)] * 720)
    assert (len(arrived) - 30) / (arrived[-1] - arrived[0]) > 0.98 * 30


async def test_a_call_that_failed_counts_as_well():
    trips = Trips(calls=1)

    async def fail():
        async with trips.gate.passage():
            trips.arrived.append(trips.clock.now)
            raise TimeoutError

    calls = [asyncio.create_task(fail()) for _ in range(2)]
    await trips.clock.pass_to(trips.clock.now + 10)
    assert trips.arrived == [1000.0, 1001.0]
    await asyncio.gather(*calls, return_exceptions=True)


@given(st.permutations(list(Priority) * 3))
def test_the_more_urgent_overtakes(priorities):
    async def scene():
        stage = Scene()
        stage.call("0", name="first")
        await settle()
        for chat, priority in enumerate(priorities, 1):
            stage.call(str(chat), priority, name=f"{priority:d}")
        await stage.end()
        return stage.names()

    assert asyncio.run(scene()) == ["first", *(f"{priority:d}" for priority in sorted(priorities))]


async def test_a_free_pacer_lets_a_call_leave_at_once():
    stage = Scene()
    stage.call("1")
    await settle()
    assert stage.names() == ["1"]


async def test_equals_leave_in_the_order_they_came_evenly_spaced():
    stage = Scene()
    for chat in "abcd":
        stage.call(chat)
    await stage.end()
    gaps = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(stage.left)]
    assert stage.names() == list("abcd")
    assert gaps[0] == pytest.approx(LIMITS.gap_seconds - LIMITS.lag_seconds)
    assert gaps[1:] == pytest.approx([LIMITS.gap_seconds] * 2)


async def test_a_chat_that_must_wait_holds_up_no_other():
    stage = Scene()
    for name in ("first", "second", "third"):
        stage.call("1", name=name)
    stage.call("2", Priority.DIGEST, name="other")
    await stage.end()
    assert stage.names() == ["first", "other", "second", "third"]


async def test_an_answer_leaves_while_a_full_group_waits():
    stage = Scene()
    for _ in range(30):
        stage.call("-1", Priority.PERSONAL, group=True)
    await stage.clock.pass_to(stage.clock.now + 30)
    asked = stage.clock.now
    stage.call("7", Priority.ANSWER, name="answer")
    await settle()
    assert stage.left[-1] == (asked, "answer")
    await stage.end()


async def test_a_private_chat_has_no_limit_by_the_minute():
    stage = Scene()
    start = stage.clock.now
    for _ in range(40):
        stage.call("1")
    await stage.end()
    assert stage.left[-1][0] - start == pytest.approx(39 * LIMITS.chat_gap_seconds)


async def test_a_halt_stops_every_call_until_it_is_over():
    stage = Scene()
    stage.pacer.halt(7.5)
    for chat in ("1", "2", ""):
        stage.call(chat, Priority.ANSWER)
    start = stage.clock.now
    await stage.clock.pass_to(start + 7.4)
    assert stage.left == []
    await stage.end()
    assert stage.left[0][0] >= start + 7.5


async def test_a_shorter_halt_does_not_end_a_longer_one():
    stage = Scene()
    stage.pacer.halt(12)
    stage.pacer.halt(1)
    stage.call("1")
    start = stage.clock.now
    await stage.end()
    assert stage.left[0][0] == start + 12


async def test_nobody_waits_for_the_end_of_a_long_halt():
    stage = Scene()
    start = stage.clock.now
    for _ in range(3):
        stage.call("1")
    await settle()
    stage.pacer.halt(3600)
    stage.call("2")
    assert stage.pacer.is_halted_long
    assert stage.pacer.halted_seconds == 3600
    await stage.end()
    assert [moment for moment, _ in stage.left] == [start] * 4


async def test_a_caller_who_gave_up_takes_no_turn():
    stage = Scene()
    stage.call("1", name="first")
    await settle()
    given_up = stage.call("1", name="given up")
    await settle()
    stage.call("1", name="third")
    start = stage.clock.now
    given_up.cancel()
    stage.callers.remove(given_up)
    await stage.end()
    assert stage.left[-1] == (pytest.approx(start + LIMITS.chat_gap_seconds), "third")


async def test_chats_that_rested_are_forgotten():
    stage = Scene(Limits(gap_seconds=0))
    for chat in range(5000):
        stage.call(str(chat))
        await stage.clock.pass_to(stage.clock.now + 1)
    assert len(stage.pacer._pace._left) <= 1100


async def test_the_event_loops_own_clock_is_used_where_none_is_given():
    pacer = Pacer(Limits(gap_seconds=0.01))
    async with asyncio.timeout(10):
        for _ in range(3):
            await pacer.turn("", False, Priority.EDIT)
