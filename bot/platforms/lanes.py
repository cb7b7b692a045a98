"""What concerns one chat happens in order, different chats side by side."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

_MOST = 500
"""So much may be under way before no more is taken in."""

Work: TypeAlias = Callable[[], Awaitable[None]]


class Lanes:
    """Runs work in one task group, each piece after the one before it in the same lane."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._last: dict[str, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def add(self, lane: str, work: Work) -> None:
        """Begin `work` when its lane is free; waits while too much is under way.

        `work` must not raise.
        """
        while len(self._running) >= _MOST:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        task = self._group.create_task(_after(self._last.get(lane), work))
        self._last[lane] = task
        self._running.add(task)
        task.add_done_callback(lambda done: self._forget(lane, done))

    def is_busy(self, lane: str) -> bool:
        """Whether something is under way there."""
        return lane in self._last

    async def finish(self, seconds: float) -> None:
        """Give what is under way so long to end."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    def _forget(self, lane: str, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if self._last.get(lane) is task:
            del self._last[lane]


async def _after(before: asyncio.Task[None] | None, work: Work) -> None:
    if before:
        await asyncio.wait([before])
    await work()
