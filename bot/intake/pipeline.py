"""The bounded queue between the watchers and the database."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from sqlite_utils import Database

from bot.intake.steps import Slice, Step, halves, steps
from bot.language import marked
from bot.store import Store
from storage._sqlite import ROW_ERRORS, DatabaseError
from watchers.model import Event, Incident, sealed, unsealed

log = logging.getLogger(__name__)

ROOM = 64
"""Batches that may wait; a watcher that finds no room stops reading its socket."""
RETRY_SECONDS = 1.0
SAMPLE = 500


T = TypeVar("T")


class Pipeline(Generic[T]):
    """Stores what watchers hand on, in order.

    `stored` is called when a step is durable, with what `ingest` returned for it.
    """

    def __init__(
        self,
        store: Store,
        ingest: Callable[[Database, Step, int], T],
        clock: Callable[[], float],
        stored: Callable[[T], None],
    ) -> None:
        self._store = store
        self._ingest = ingest
        self._clock = clock
        self._stored = stored
        self._queue: asyncio.Queue[Sequence[Event] | None] = asyncio.Queue(ROOM)
        self._finishing = False

    def queued(self) -> int:
        """How many batches wait."""
        return self._queue.qsize()

    async def hand_on(self, events: Sequence[Event]) -> None:
        """Take events; waits while the queue is full."""
        if events:
            await self._queue.put(events)

    def mention(self, incident: Incident) -> None:
        """Take an incident without waiting: where nothing can be stored it stays in the log."""
        try:
            self._queue.put_nowait([incident])
        except asyncio.QueueFull:
            source, kind = unsealed(incident.source), unsealed(incident.kind)
            log.warning("an incident is not kept source=%s: %s", source, kind)

    def finish(self) -> None:
        """Let `run` return once everything handed on is stored."""
        self._finishing = True
        with suppress(asyncio.QueueFull):  # it need not be woken then
            self._queue.put_nowait(None)

    async def run(self) -> None:
        """Store until asked to finish; what waits together becomes durable together."""
        while not (self._finishing and self._queue.empty()):
            batches = [await self._queue.get()]
            while not self._queue.empty():
                batches.append(self._queue.get_nowait())
            for step in steps([event for events in batches for event in events or ()]):
                await self._save(step)

    async def _save(self, step: Step) -> None:
        """Hold on to a step until it is stored: the disk may be full or the file locked.

        What can never be stored is set aside, the rest of its step is not.
        """
        while True:
            try:
                result = await self._store.write(self._ingest, step, int(self._clock()))
            except ROW_ERRORS as error:
                return await self._divide(step, error)
            except DatabaseError as error:
                log.warning("events cannot be stored, trying again: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
            # The boundary around one event: a fault that it causes must not end the watch.
            except Exception as error:  # noqa: BLE001 - as said above
                return await self._divide(step, error)
            else:
                return self._stored(result)

    async def _divide(self, step: Step, error: Exception) -> None:
        """Find the one event that cannot be stored, by halves; a block goes on without it."""
        if parts := halves(step):
            for part in parts:
                await self._save(part)
            return
        log.error("an event cannot be stored: %s", error, exc_info=error)
        if isinstance(step, Slice) and step.transactions and step.last:
            await self._save(Slice(step.block, (), last=True))
        if not isinstance(step, Incident):
            await self._save(_set_aside(step, error, int(self._clock())))


def _set_aside(step: Step, error: Exception, now: int) -> Incident:
    """Tells the owners; of a block that cannot be stored only its place is shown."""
    what = step.transactions or step.block.header if isinstance(step, Slice) else step
    cause = f"{type(error).__name__}: {error}"[:300]
    detail = sealed("An event is set aside. {cause}", cause=cause)
    return Incident(
        marked("storage"), marked("event not stored"), detail, now, repr(what)[:SAMPLE], urgent=True
    )
