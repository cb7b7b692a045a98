"""When the outbox is to be looked at again."""

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import suppress

from bot.persistence import RETRY_SECONDS
from bot.store import Store
from storage._sqlite import DatabaseError
from storage.dispatch import next_due_at

log = logging.getLogger(__name__)

QUIET_SECONDS = 0.02
"""So long nothing new comes before it is looked up when the next delivery is due."""
IDLE_SECONDS = 30.0
_AGAIN_SECONDS = 0.2
"""What is due and did not leave, though nothing is under way, is tried again so soon."""


class Bell:
    """Rung when something may be due; rings by itself when the next delivery is."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Something may be due."""
        self._rung.set()

    def clear(self) -> None:
        """What was rung for is being looked at."""
        self._rung.clear()

    async def rest(self, platforms: Collection[str], *, busy: bool) -> None:
        """Wait until it is rung, or a delivery of these platforms is due.

        `busy`: some are under way, and will ring.
        """
        if not await self._is_rung_within(QUIET_SECONDS):
            await self._is_rung_within(await self._wait_seconds(platforms, busy=busy))

    async def _is_rung_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        return self._rung.is_set()

    async def _wait_seconds(self, platforms: Collection[str], *, busy: bool) -> float:
        try:
            due_at = await self._store.read(next_due_at, tuple(platforms))
        except DatabaseError as error:
            log.warning("the outbox cannot be read, trying again: %s", error)
            return RETRY_SECONDS
        wait = IDLE_SECONDS if due_at is None else max(due_at - self._clock(), 0.0)
        if due_at is not None and wait == 0.0:
            wait = IDLE_SECONDS if busy else _AGAIN_SECONDS
        return min(wait, IDLE_SECONDS)
