"""Transactions that are odd for their chain, by the model that is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detectors.detector import Batch, History
from detectors.model import Alert, Scored, Severity
from detectors.whales import in_money
from watchers.model import Transaction

if TYPE_CHECKING:  # numpy is loaded when there is something to look at, not at the start
    from detectors.learnt.memory import Memory

CRITICAL_ONE_IN = 10_000
SEVERITIES = ((CRITICAL_ONE_IN, Severity.CRITICAL), (1_000, Severity.NOTABLE), (100, Severity.INFO))
SAVE_SECONDS = 300
"""The memory is saved so often: after a crash that much is not remembered, and nothing else."""


@dataclass
class _Live:
    """The memory of a chain as it goes on from the bytes that were saved last."""

    saved: bytes
    at: int
    memory: Memory


class Anomalies:
    """An alert for what is as odd as one in 100 transactions or less.

    Every transaction leaves its features, with score and rate where a model runs. The state is
    the memory that features are taken from, saved every five minutes; in between it goes on in
    this object. As it learns from transactions in the order in which they come, here order matters.
    """

    name = "anomalies"

    def __init__(self) -> None:
        self._live: dict[str, _Live] = {}

    def detect(self, batch: Batch, state: bytes, history: History) -> tuple[Sequence[Alert], bytes]:
        """The alerts of a batch. Coinbases are not looked at."""
        seen = [t for t in batch.transactions if t.category != "coinbase"]
        return self._look(batch, seen, state, history) if seen else ((), state)

    def _look(
        self, batch: Batch, seen: Sequence[Transaction], state: bytes, history: History
    ) -> tuple[Sequence[Alert], bytes]:
        from detectors.learnt.memory import memory_of, save_bytes  # noqa: PLC0415 - see above
        from detectors.learnt.model import NAMES  # noqa: PLC0415 - see above
        from detectors.learnt.scoring import scored  # noqa: PLC0415 - see above

        live = self._live.pop(batch.chain, None)  # gone, should this fail: begin at what is saved
        if live is None or live.saved != state:
            live = _Live(state, batch.now, memory_of(state))
        found = scored(seen, live.memory, history.model(batch.chain))
        history.keep_features(batch.chain, NAMES, found)
        if not live.saved or batch.now - live.at >= SAVE_SECONDS:
            live = _Live(save_bytes(live.memory), batch.now, live.memory)
        self._live[batch.chain] = live
        return _alerts(batch, seen, found), live.saved


def _alerts(batch: Batch, seen: Sequence[Transaction], found: Sequence[Scored]) -> list[Alert]:
    return [
        Alert(
            batch.chain, t.hash, Anomalies.name, batch.asset, batch.now, t.moved,
            in_money(t.moved, batch.decimals, batch.price), severity, batch.late,
            rate=int(one.rate or 0),
        )
        for t, one in zip(seen, found, strict=True)
        if (severity := severity_of(one.rate or 0)) is not None
    ]  # fmt: skip


def load_scoring() -> None:
    """Load what scores, so that the first transaction does not wait for numpy."""
    import detectors.learnt.scoring  # noqa: F401, PLC0415 - see above


def severity_of(rate: float) -> Severity | None:
    """How loud one in so many is; None below one in 100."""
    return next((severity for least, severity in SEVERITIES if rate >= least), None)
