"""What became of deliveries, on its way into the database."""

import logging
from collections.abc import Callable, Sequence

from sqlite_utils import Database

from bot.notices import note_incident
from bot.outlet.faults import set_aside
from bot.persistence import write_persistently
from bot.store import Store
from detectors.interests import Interests
from detectors.model import Subscription
from storage._sqlite import ROW_ERRORS
from storage.closing import close_delivery
from storage.model import Delivery, Moved, Verdict
from storage.subscriptions import all_subscriptions
from storage.verdicts import save_verdicts
from watchers.model import Incident

log = logging.getLogger(__name__)


class Verdicts:
    """Collects verdicts, and stores those that came together in one commit.

    A chat that moved is followed: what it asked for counts for its new address at once.
    """

    def __init__(self, store: Store, clock: Callable[[], float], interests: Interests) -> None:
        self._store = store
        self._clock = clock
        self._interests = interests
        self._waiting: list[tuple[Delivery, Verdict, str]] = []

    def __bool__(self) -> bool:
        """Whether some are not stored."""
        return bool(self._waiting)

    def add(self, due: Delivery, verdict: Verdict, shown: str) -> None:
        """Keep what became of a delivery and the states that it showed, for `store`."""
        self._waiting.append((due, verdict, shown))

    async def store(self) -> list[Delivery]:
        """Store all, however long that takes; the deliveries that have their verdict now."""
        if not self._waiting:
            return []
        batch, self._waiting = self._waiting, []
        try:
            await self._keep(batch)
        except ROW_ERRORS:
            for one in batch:
                await self._close_alone(*one)
        return [due for due, _, _ in batch]

    async def _close_alone(self, due: Delivery, verdict: Verdict, shown: str) -> None:
        """A verdict that the database refuses must not keep others from being stored."""
        try:
            await self._keep([(due, verdict, shown)])
        except ROW_ERRORS as error:
            log.exception("a verdict cannot be stored message=%s", due.message)
            now = self._clock()
            trouble = set_aside(due, error, int(now))
            await write_persistently(self._store, _set_aside, due, trouble, now)

    async def _keep(self, batch: Sequence[tuple[Delivery, Verdict, str]]) -> None:
        await write_persistently(self._store, _close, batch, self._clock(), then=self._follow)

    def _follow(self, subscriptions: list[Subscription] | None) -> None:
        if subscriptions is not None:
            self._interests.renew(subscriptions)


def _set_aside(db: Database, due: Delivery, trouble: Incident, now: float) -> None:
    close_delivery(db, due.id, "rejected", trouble.detail, now)
    note_incident(db, trouble, int(now))


def _close(
    db: Database, batch: Sequence[tuple[Delivery, Verdict, str]], now: float
) -> list[Subscription] | None:
    """Save verdicts; the subscriptions where a chat moved.

    It may have been united with a chat that we knew: what it asked for is asked there.
    """
    save_verdicts(db, batch, now)
    moved = any(isinstance(verdict, Moved) for _, verdict, _ in batch)
    return all_subscriptions(db) if moved else None
