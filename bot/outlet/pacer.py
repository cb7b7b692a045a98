"""Spaces all calls ahead of a platform's limits, the more urgent first.

Telegram publishes about 30 messages a second over all, one a second in a chat and 20 a
minute in a group (core.telegram.org/bots/faq), and counts edits like messages. It counts
them when they arrive, which is less evenly than they leave: `Pacer` gives turns at even
distances, and `Gate` makes sure of the second, whatever happens after the turn.
"""

import asyncio
from bisect import insort
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from msgspec import Struct, field

from storage.model import Priority

LONG_HALT_SECONDS = 15.0
"""Nobody waits for the end of a longer halt: what would leave is tried later, or elsewhere."""
_CROWD = 1000
"""Above so many chats, those that rested long enough are forgotten."""


class Limits(Struct, frozen=True):
    """How often calls may leave: gaps in seconds, and a group's calls in a window.

    A call that leaves up to `lag_seconds` late does not delay the next one. Of n calls
    within w seconds the first was due at most the lag before it left: (n - 1) gap < w + lag.
    """

    gap_seconds: float = 1 / 29
    lag_seconds: float = 0.03
    chat_gap_seconds: float = 1.05
    group_calls: int = 20
    group_seconds: float = 61.0


class Timer(Protocol):
    """What can be called off; `asyncio.TimerHandle` is one."""

    def cancel(self) -> None:
        """Call it off."""


class Pace:
    """When the next call may leave: pure arithmetic on what has left."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._free_at = self.halted_until = float("-inf")
        self._left: dict[str, deque[float]] = {}

    def earliest(self, chat: str, group: bool) -> float:
        """The first moment at which a call to `chat` may leave ("" is no chat)."""
        left = self._left.get(chat)
        if not left:
            return self._free_at
        earliest = max(self._free_at, left[-1] + self._limits.chat_gap_seconds)
        if group and len(left) == self._limits.group_calls:
            return max(earliest, left[0] + self._limits.group_seconds)
        return earliest

    def leave(self, chat: str, now: float) -> None:
        """Note that a call to `chat` leaves now."""
        due_at = max(self._free_at, now - self._limits.lag_seconds)
        self._free_at = due_at + self._limits.gap_seconds
        if not chat:
            return
        if len(self._left) > _CROWD:
            self._forget(now)
        self._left.setdefault(chat, deque(maxlen=self._limits.group_calls)).append(now)

    def halt(self, until: float) -> None:
        """Let nothing leave before `until`."""
        self.halted_until = max(self.halted_until, until)
        self._free_at = max(self._free_at, until)

    def _forget(self, now: float) -> None:
        rested = now - self._limits.group_seconds
        self._left = {chat: left for chat, left in self._left.items() if left[-1] > rested}


class _Waiter(Struct, order=True):
    """One call in the queue: the more urgent first, then the one that came first."""

    priority: Priority
    number: int
    chat: str = ""
    group: bool = False
    turn: asyncio.Future[None] = field(default_factory=asyncio.Future)


class Pacer:
    """Gives out turns; whoever wants to call waits for one.

    `clock` is monotonic and `call_later` its timer; both are the event loop's own where
    they are left out.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        clock: Callable[[], float] | None = None,
        call_later: Callable[[float, Callable[[], None]], Timer] | None = None,
    ) -> None:
        self._pace = Pace(limits or Limits())
        self._clock = clock or _loop_time
        self._call_later = call_later or _loop_call_later
        self._waiting: list[_Waiter] = []
        self._number = 0
        self._timer: Timer | None = None

    @property
    def is_halted_long(self) -> bool:
        """Whether a turn means nothing: nothing may leave for long."""
        return self.halted_seconds > LONG_HALT_SECONDS

    @property
    def halted_seconds(self) -> float:
        """For how long nothing may leave, 0 where it may."""
        return max(self._pace.halted_until - self._clock(), 0.0)

    async def turn(self, chat: str, group: bool, priority: Priority) -> None:
        """Wait until a call to `chat` may leave; "" is a call that concerns no chat.

        In a long halt nobody is kept: the call is refused then.
        """
        if self.is_halted_long:
            return
        self._number += 1
        waiter = _Waiter(priority, self._number, chat, group)
        insort(self._waiting, waiter)
        self._serve()
        await waiter.turn

    def halt(self, seconds: float) -> None:
        """Let nothing leave for so long: the platform asked for it."""
        self._pace.halt(self._clock() + seconds)
        if self.is_halted_long:
            for waiter in self._waiting:
                if not waiter.turn.done():
                    waiter.turn.set_result(None)

    async def end_of_halt(self) -> None:
        """Wait while nothing may leave: for a call that had its turn before the halt."""
        while seconds := self.halted_seconds:
            over = asyncio.Event()
            self._call_later(seconds, over.set)
            await over.wait()

    def _serve(self) -> None:
        """Give out the turns that are due, and come back when the next one is."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._waiting = [waiter for waiter in self._waiting if not waiter.turn.done()]
        while waiter := self._due(now := self._clock()):
            self._waiting.remove(waiter)
            self._pace.leave(waiter.chat, now)
            waiter.turn.set_result(None)
        if self._waiting:
            next_at = min(self._earliest(waiter) for waiter in self._waiting)
            self._timer = self._call_later(next_at - now, self._serve)

    def _due(self, now: float) -> _Waiter | None:
        return next((waiter for waiter in self._waiting if self._earliest(waiter) <= now), None)

    def _earliest(self, waiter: _Waiter) -> float:
        return self._pace.earliest(waiter.chat, waiter.group)


class Gate:
    """Lets at most `calls` arrive in any second: `async with gate.passage():` around each.

    A call arrives before it is answered, so it counts until a second after that. Where
    answers take long, fewer leave: that is the price of being sure.
    """

    def __init__(
        self,
        calls: int = 30,
        call_later: Callable[[float, Callable[[], None]], object] | None = None,
    ) -> None:
        self._free = asyncio.Semaphore(calls)
        self._call_later = call_later or _loop_call_later

    @asynccontextmanager
    async def passage(self) -> AsyncIterator[None]:
        """Wait until a call may leave; it has been answered when this ends."""
        await self._free.acquire()
        try:
            yield
        finally:
            self._call_later(1.0, self._free.release)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


def _loop_call_later(delay: float, call: Callable[[], None]) -> Timer:
    return asyncio.get_running_loop().call_later(delay, call)
