"""The price of a chain's asset, crossing a level."""

from collections.abc import Sequence

import msgspec

from detectors.detector import Batch, History
from detectors.levels import crossed
from detectors.model import Alert, Kind, Subscription

SLACK_PERCENT = 1


class Prices:
    """An alert where the price crosses a level that somebody named.

    Its amount is the price in millionths of the currency, its subject the level
    (`Subscription.about`, which ends in the currency), its window the moment.
    """

    name = "price"

    def detect(self, batch: Batch, state: bytes, history: History) -> tuple[Sequence[Alert], bytes]:
        """The alerts of the newest prices, in each currency that somebody asked for."""
        levels = batch.interests.of(batch.chain, Kind.PRICE)
        if not levels:
            return (), b""
        if not batch.is_moment:
            return (), state
        before: dict[str, bool] = msgspec.json.decode(state) if state else {}
        alerts: list[Alert] = []
        after: dict[str, bool] = {}
        for currency in sorted({level.unit for level in levels}):
            named = [level for level in levels if level.unit == currency]
            micro = history.price_micro(batch.asset, currency, batch.now)
            if micro is None:
                after |= {s.about: before[s.about] for s in named if s.about in before}
                continue
            found, beyond = crossed(named, micro, before, SLACK_PERCENT)
            after |= beyond
            alerts += (_alert(batch, level, micro) for level in found)
        return alerts, msgspec.json.encode(after, order="sorted")


def _alert(batch: Batch, level: Subscription, micro: int) -> Alert:
    return Alert(
        batch.chain, "", Prices.name, level.about, batch.now, micro, None, window=batch.now
    )
