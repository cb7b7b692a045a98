"""What is done by the clock: once a minute the scheduler looks what is due."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlite_utils import Database

from bot.language import marked
from bot.notices import note_incident
from bot.outlet.repeat import repeat_unacknowledged
from bot.store import Store
from storage._sqlite import DatabaseError, is_trouble
from storage.concerned import messages_without_end
from storage.dispatch import due_after_all
from storage.outbox import request_edits
from storage.retention import delete_old
from storage.states import EXPIRES_AFTER_SECONDS
from watchers.model import Incident, sealed
from watchers.registry import CHAINS

log = logging.getLogger(__name__)

TICK_SECONDS = 60
SLICES_A_TICK = 100


Chore = Callable[[int], Awaitable[None]]


class Housekeeping:
    """Lets old rows go and tells of transactions that nobody heard of again.

    `also` is what else is due by the clock: each is called once a minute, with the time.
    """

    def __init__(
        self,
        store: Store,
        raw_days: int,
        clock: Callable[[], float],
        enqueued: Callable[[], None],
        also: Sequence[Chore] = (),
    ) -> None:
        self._store = store
        self._raw_seconds = raw_days * 86400
        self._clock = clock
        self._enqueued = enqueued
        self._also = also
        self._scheduler: Any = None

    def start(self) -> None:
        """Begin ticking."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415 - not at once

        defaults = {"misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._scheduler.start()
        self._set_out(self._scheduler)

    def restart(self) -> None:
        """Count anew: the scheduler goes by the system's clock, which was set back."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Stop ticking; what is under way ends with the store."""
        self._scheduler.shutdown(wait=False)

    def _set_out(self, scheduler: Any) -> None:
        """Have the next round made.

        Each is a job of its own: of an interval the scheduler lists every round that a clock
        which jumps ahead passes by, which takes all memory where it began in 1970.
        """
        at = datetime.now(UTC) + timedelta(seconds=TICK_SECONDS)
        scheduler.add_job(self._round, "date", [scheduler], run_date=at)

    async def _round(self, scheduler: Any) -> None:
        """A round that `stop` may cut short: the scheduler would log that as a fault."""
        with suppress(asyncio.CancelledError):
            try:
                await self.tick()
            finally:
                self._set_out(scheduler)

    async def tick(self) -> None:
        """One round; a database that cannot be written is tried again in a minute."""
        changes = (_expire, due_after_all, _repeat)
        own: list[Chore] = [partial(self._store.write, change) for change in changes]
        try:
            for chore in (*own, *self._also):
                await self._contained(chore)
            self._enqueued()
            await self._contained(self._delete_old)
        except DatabaseError as error:
            log.warning("housekeeping waits for the database: %s", error)

    async def _contained(self, chore: Chore) -> None:
        """Do one of what is due; the owners are told of a fault, and the others are done."""
        try:
            await chore(int(self._clock()))
        except Exception as error:  # the boundary around one chore, as said above
            if is_trouble(error):
                raise
            log.exception("a chore failed")
            now = int(self._clock())
            await self._store.write(note_incident, _fault_of(error, now), now)

    async def _delete_old(self, now: int) -> None:
        for _ in range(SLICES_A_TICK):
            if not await self._store.write(delete_old, now, self._raw_seconds):
                break


def _repeat(db: Database, now: int) -> None:
    repeat_unacknowledged(db, CHAINS, now)


def _fault_of(error: Exception, now: int) -> Incident:
    detail = sealed(
        "It is tried again in a minute. {cause}", cause=f"{type(error).__name__}: {error}"[:300]
    )
    return Incident(marked("housekeeping"), marked("failed"), detail, now, urgent=True)


def _expire(db: Database, now: int) -> None:
    request_edits(db, messages_without_end(db, now - EXPIRES_AFTER_SECONDS), now)
