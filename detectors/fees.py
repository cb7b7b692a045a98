"""What is usually paid for a place in a block, crossing a level."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from detectors.detector import Batch, History
from detectors.levels import crossed
from detectors.model import Alert, Kind

EVERY_SECONDS = 60
SLACK_PERCENT = 10


class _State(Struct):
    at: int = 0
    beyond: dict[str, bool] = {}


class Fees:
    """An alert where the usual fee rate crosses a level that somebody named.

    Its amount is the rate in thousandths of a base unit per virtual byte, its subject the
    level (`Subscription.about`), its window the moment.
    """

    name = "fees"

    def detect(self, batch: Batch, state: bytes, history: History) -> tuple[Sequence[Alert], bytes]:
        """The alerts of a moment: once a minute is often enough."""
        levels = batch.interests.of(batch.chain, Kind.FEES)
        if not levels:
            return (), b""
        known = msgspec.json.decode(state, type=_State) if state else _State()
        if 0 <= batch.now - known.at < EVERY_SECONDS:
            return (), state
        rate = history.fee_rate(batch.chain, batch.now)
        if rate is None:
            return (), state
        found, beyond = crossed(levels, rate, known.beyond, SLACK_PERCENT)
        alerts = [
            Alert(
                batch.chain, "", Fees.name, level.about, batch.now, rate, None, window=batch.now
            )
            for level in found
        ]  # fmt: skip
        return alerts, msgspec.json.encode(_State(batch.now, beyond))
