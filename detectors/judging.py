"""A transaction against what somebody asked for: the same rules as ever, with their reasons."""

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from detectors.detector import Batch
from detectors.model import Alert, Kind, Miss, Subscription
from detectors.watched import touches
from detectors.whales import as_whale, can_be_whale
from watchers.model import Price, Transaction

_SCALE = 10**9


class Judgement(Struct, frozen=True):
    """What a subscription makes of a transaction: `miss` is why it is not told, None where it is.

    `alert` is what there is to tell, None where the transaction is nothing to it.
    """

    subscription: Subscription
    alert: Alert | None
    miss: Miss | None


def judge(
    batch: Batch, asking: Iterable[Subscription], later: Price | None = None
) -> list[Judgement]:
    """What each subscription makes of the one transaction of a batch, the nearest first.

    `later` is the first price after it, by which thresholds in USD are judged where the
    batch has none.
    """
    (transaction,) = batch.transactions
    found = [_judge(batch, transaction, one, later) for one in asking]
    return sorted(found, key=_distance)


def _judge(
    batch: Batch, transaction: Transaction, asking: Subscription, later: Price | None
) -> Judgement:
    judged = [
        Judgement(asking, alert, asking.misses(alert))
        for alert in _alerts(batch, transaction, asking, later)
    ]
    return min(judged, key=_distance, default=Judgement(asking, None, Miss.ELSE))


def _alerts(
    batch: Batch, transaction: Transaction, asking: Subscription, later: Price | None
) -> Iterator[Alert]:
    """What the detector of a kind would tell if it had to."""
    if asking.kind is Kind.WATCH:
        yield from touches(batch, transaction, {asking.address})
    elif asking.kind is Kind.WHALES and can_be_whale(transaction):
        yield as_whale(replace(batch, price=batch.price or later), transaction)


def _distance(judgement: Judgement) -> tuple[int, int]:
    """How far from being told: by the reason, then by how much is missing."""
    alert, asking = judgement.alert, judgement.subscription
    if judgement.miss is None or alert is None:
        return (-1 if judgement.miss is None else judgement.miss, 0)
    moved = abs(alert.amount) if asking.unit != "USD" else alert.usd_micro or 0
    return judgement.miss, -(moved * _SCALE // max(asking.amount, 1))
