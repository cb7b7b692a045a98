"""Run a detector so that one bad transaction cannot stop the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlite_utils import Database

from bot.language import marked
from bot.learning.running import running_of
from detectors.detector import Batch, Detector
from detectors.model import Alert, Scored
from storage.blocks import heard_at, tip_of
from storage.features import save_features
from storage.ledger import PRICE_MAX_AGE_SECONDS, price_at
from storage.statistics import recent_fee_rate
from storage.transactions import moved_since
from watchers.model import Header, Incident, Transaction, sealed

if TYPE_CHECKING:
    from detectors.learnt.model import Model


def score(
    db: Database, detector: Detector, batch: Batch, state: bytes
) -> tuple[list[Alert], bytes, list[Incident]]:
    """Run a detector; where it fails, halve the batch until one transaction is set aside."""
    history = _StoredHistory(db, batch.now)
    try:
        alerts, state = detector.detect(batch, state, history)
    except Exception as error:  # noqa: BLE001 - the boundary around a detector: contain, tell
        if len(batch.transactions) <= 1:
            return [], state, [_set_aside(detector, batch, error)]
        middle = len(batch.transactions) // 2
        found: list[Alert] = []
        incidents: list[Incident] = []
        for half in (batch.transactions[:middle], batch.transactions[middle:]):
            part = msgspec.structs.replace(batch, transactions=half)
            more, state, failed = score(db, detector, part, state)
            found += more
            incidents += failed
        return found, state, incidents
    return list(alerts), state, []


def _set_aside(detector: Detector, batch: Batch, error: Exception) -> Incident:
    hashes = ", ".join(t.hash for t in batch.transactions) or "a price"
    return Incident(
        sealed("detector {name}", name=detector.name), marked("failed"),
        f"{type(error).__name__}: {error}"[:300], batch.now, hashes, urgent=True,
    )  # fmt: skip


@dataclass(frozen=True)
class _StoredHistory:
    """The past, as detectors ask for it."""

    db: Database
    now: int

    def moved_since(self, chain: str, since: int, at_least: int) -> Sequence[Transaction]:
        return moved_since(self.db, chain, since, at_least)

    def tip(self, chain: str) -> Header | None:
        return tip_of(self.db, chain)

    def heard_at(self, chain: str) -> int | None:
        return heard_at(self.db, chain)

    def price_micro(self, asset: str, currency: str, now: int) -> int | None:
        price = price_at(self.db, asset, currency, now, PRICE_MAX_AGE_SECONDS)
        return None if price is None else price.micro

    def fee_rate(self, chain: str, now: int) -> int | None:
        return recent_fee_rate(self.db, chain, now)

    def model(self, chain: str) -> "tuple[int, Model] | None":
        return running_of(self.db, chain, self.now)

    def keep_features(self, chain: str, names: Sequence[str], scored: Sequence[Scored]) -> None:
        save_features(self.db, chain, names, scored)
