"""Transactions that are odd for their chain, by the model that is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detectors.detector import Batch, History
from detectors.model import Alert, Severity
from watchers.model import Transaction

if TYPE_CHECKING:  # numpy is loaded when there is something to look at, not at the start
    from detectors.learnt.memory import Memory
    from detectors.learnt.model import Model
    from detectors.learnt.scoring import Scored

SEVERITIES = ((10_000, Severity.CRITICAL), (1_000, Severity.NOTABLE), (100, Severity.INFO))
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

    `models` holds by chain what scores it; who runs the detector puts them there, and takes
    features and rates by `listener`. Without either it looks at nothing. Its state is the memory
    that features are taken from, saved every five minutes; in between it goes on in this object.
    As it learns from transactions in the order in which they come, here order matters.
    """

    name = "anomalies"

    def __init__(self) -> None:
        self.models: dict[str, Model] = {}
        self.listener: Callable[[Scored], None] | None = None
        self._live: dict[str, _Live] = {}

    def detect(self, batch: Batch, state: bytes, history: History) -> tuple[Sequence[Alert], bytes]:
        """The alerts of a batch. Coinbases are not looked at."""
        del history
        seen = [t for t in batch.transactions if t.category != "coinbase"]
        if not seen or not (batch.chain in self.models or self.listener):
            return (), state
        return self._look(batch, seen, state)

    def _look(
        self, batch: Batch, seen: Sequence[Transaction], state: bytes
    ) -> tuple[Sequence[Alert], bytes]:
        from detectors.learnt.memory import memory_of, save_bytes  # noqa: PLC0415 - see above
        from detectors.learnt.scoring import scored  # noqa: PLC0415 - see above

        live = self._live.pop(batch.chain, None)  # gone, should this fail: begin at what is saved
        if live is None or live.saved != state:
            live = _Live(state, batch.now, memory_of(state))
        found = scored(batch.chain, seen, live.memory, self.models.get(batch.chain))
        if self.listener is not None:
            self.listener(found)
        if not live.saved or batch.now - live.at >= SAVE_SECONDS:
            live = _Live(save_bytes(live.memory), batch.now, live.memory)
        self._live[batch.chain] = live
        return _alerts(batch, found), live.saved


def _alerts(batch: Batch, found: Scored) -> list[Alert]:
    return [
        Alert(
            batch.chain, t.hash, Anomalies.name, batch.asset, batch.now, t.moved, None,
            severity, batch.late, rate=int(rate),
        )
        for t, rate in zip(found.transactions, found.rates.tolist(), strict=False)
        if (severity := severity_of(rate)) is not None
    ]  # fmt: skip


def severity_of(rate: float) -> Severity | None:
    """How loud one in so many is; None below one in 100."""
    return next((severity for least, severity in SEVERITIES if rate >= least), None)
