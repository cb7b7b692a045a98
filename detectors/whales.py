"""Transactions that move as much as somebody calls a whale."""

from collections.abc import Iterable, Sequence

from detectors.detector import Batch, History
from detectors.model import Alert, Severity
from watchers.model import Price, Transaction

USD = "USD"


class Whales:
    """Alerts where the moved amount reaches the lowest threshold of any chat.

    Its state is the time since which transactions wait for a price (decimal digits), or
    empty. Thresholds in USD are judged at the first price after it, and the alerts marked
    late.
    """

    name = "whales"

    def detect(self, batch: Batch, state: bytes, history: History) -> tuple[Sequence[Alert], bytes]:
        """The alerts of a batch, and of what waited for a price."""
        transactions = [t for t in batch.transactions if can_be_whale(t)]
        alerts = _alerts(batch, transactions)
        if batch.interests.floor(batch.chain, USD) is None:
            return alerts, b""
        if batch.price is None:
            times = [t.time for t in transactions] + ([int(state)] if state else [])
            return alerts, str(min(times)).encode() if times else b""
        if state:
            floor = _usd_floor(batch, batch.price)
            waited = history.moved_since(batch.chain, int(state), floor)
            alerts = [*_waited(batch, waited), *alerts]
        return alerts, b""


def can_be_whale(transaction: Transaction) -> bool:
    """Whether it moves anything: what is newly mined was nobody's."""
    return transaction.category != "coinbase"


def as_whale(batch: Batch, transaction: Transaction) -> Alert:
    """What there is to tell of a transaction, whether or not it reaches a threshold."""
    usd_micro = in_money(transaction.moved, batch.decimals, batch.price)
    return _alert(batch, transaction, batch.asset, usd_micro, late=batch.late)


def _alerts(batch: Batch, transactions: Iterable[Transaction]) -> list[Alert]:
    floor = batch.interests.floor(batch.chain, batch.asset)
    usd_floor = batch.interests.floor(batch.chain, USD)
    alerts = (as_whale(batch, transaction) for transaction in transactions)
    return [alert for alert in alerts if _reaches(alert, floor, usd_floor)]


def _reaches(alert: Alert, floor: int | None, usd_floor: int | None) -> bool:
    if floor is not None and alert.amount >= floor:
        return True
    if usd_floor is None or alert.usd_micro is None:
        return False
    return alert.usd_micro >= usd_floor


def _waited(batch: Batch, transactions: Iterable[Transaction]) -> list[Alert]:
    """What waited for a price: a subject of its own, since it may have been told in the
    chain's asset when it came.
    """
    return [
        _alert(batch, t, USD, in_money(t.moved, batch.decimals, batch.price), late=True)
        for t in transactions
    ]


def _alert(
    batch: Batch, transaction: Transaction, subject: str, usd_micro: int | None, *, late: bool
) -> Alert:
    return Alert(
        batch.chain, transaction.hash, Whales.name, subject, batch.now,
        transaction.moved, usd_micro, Severity.NOTABLE, late,
    )  # fmt: skip


def _usd_floor(batch: Batch, price: Price) -> int:
    """The fewest base units that are worth the lowest USD threshold at a price."""
    floor = batch.interests.floor(batch.chain, USD) or 0
    one: int = 10**batch.decimals
    return -(-floor * one // price.micro)


def in_money(amount: int, decimals: int, price: Price | None) -> int | None:
    """What base units are worth in millionths of the price's currency, rounded down."""
    one: int = 10**decimals
    return None if price is None else amount * price.micro // one
