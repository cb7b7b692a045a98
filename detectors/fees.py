"""What is usually paid for a place in a block, crossing a level."""

from collections.abc import Sequence

import msgspec

from detectors.detector import Batch, History
from detectors.levels import crossed
from detectors.model import Alert, Kind

SLACK_PERCENT = 10


class Fees:
    """An alert where the usual fee rate crosses a level that somebody named.

    Its amount is the rate in thousandths of a base unit per virtual byte, its subject the
    level (`Subscription.about`), its window the moment.
    """

    name = "fees"

    def detect(self, batch: Batch, state: bytes, history: History) -> tuple[Sequence[Alert], bytes]:
        """The alerts of a moment: what came in between is in it."""
        levels = batch.interests.of(batch.chain, Kind.FEES)
        if not levels:
            return (), b""
        if not batch.is_moment:
            return (), state
        rate = history.fee_rate(batch.chain, batch.now)
        if rate is None:
            return (), state
        before: dict[str, bool] = msgspec.json.decode(state) if state else {}
        found, beyond = crossed(levels, rate, before, SLACK_PERCENT)
        alerts = [
            Alert(
                batch.chain, "", Fees.name, level.about, batch.now, rate, None, window=batch.now
            )
            for level in found
        ]  # fmt: skip
        return alerts, msgspec.json.encode(beyond)
