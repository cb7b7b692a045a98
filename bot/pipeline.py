"""The bounded queue between the watchers and the database."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from bot.ingest import Ingest
from bot.steps import Step, steps
from bot.store import Store
from storage._sqlite import OperationalError
from watchers.model import Event

log = logging.getLogger(__name__)

ROOM = 64
"""Batches that may wait; a watcher that finds no room stops reading its socket."""
RETRY_SECONDS = 1.0


class Pipeline:
    """Stores what watchers hand on, in order; `stored` is called after every step."""

    def __init__(
        self,
        store: Store,
        ingest: Ingest,
        clock: Callable[[], float],
        stored: Callable[[], None],
    ) -> None:
        self._store = store
        self._ingest = ingest
        self._clock = clock
        self._stored = stored
        self._queue: asyncio.Queue[Sequence[Event] | None] = asyncio.Queue(ROOM)

    def queued(self) -> int:
        """How many batches wait."""
        return self._queue.qsize()

    async def hand_on(self, events: Sequence[Event]) -> None:
        """Take events; waits while the queue is full."""
        if events:
            await self._queue.put(events)

    async def finish(self) -> None:
        """Let `run` return once everything handed on is stored."""
        await self._queue.put(None)

    async def run(self) -> None:
        """Store until asked to finish."""
        while (events := await self._queue.get()) is not None:
            for step in steps(events):
                await self._save(step)
                self._stored()

    async def _save(self, step: Step) -> None:
        """Hold on to a step until it is stored: the disk may be full or the file locked."""
        while True:
            try:
                await self._store.write(self._ingest, step, int(self._clock()))
            except OperationalError as error:
                log.warning("events cannot be stored, trying again: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return
