"""What is done by the clock: once a minute the scheduler looks what is due."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from bot.outlet.repeat import repeat_unacknowledged
from bot.store import Store
from storage._sqlite import OperationalError
from storage.alerts import EXPIRES_AFTER_SECONDS
from storage.concerned import messages_without_end
from storage.outbox import request_edits
from storage.retention import delete_old
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
        try:
            await self._store.write(_expire, int(self._clock()))
            await self._store.write(repeat_unacknowledged, CHAINS, int(self._clock()))
            for chore in self._also:
                await chore(int(self._clock()))
            self._enqueued()
            for _ in range(SLICES_A_TICK):
                now = int(self._clock())
                if not await self._store.write(delete_old, now, self._raw_seconds):
                    break
        except OperationalError as error:
            log.warning("housekeeping waits for the database: %s", error)


def _expire(db: Database, now: int) -> None:
    request_edits(db, messages_without_end(db, now - EXPIRES_AFTER_SECONDS), now)
