"""Transactions that touch an address somebody watches."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from detectors.detector import Batch, History
from detectors.interests import Interests
from detectors.model import Alert, Severity
from detectors.whales import in_money
from watchers.model import Transaction


class Watched:
    """An alert for each watched address that a transaction spends from or pays to.

    The amount is what the address gained, negative where it lost. What moves the wrong way
    for everybody who watches, or moves too little, is none. What leaves is critical: whoever
    holds the keys did that, or somebody else who has them.
    """

    name = "watched"

    def detect(self, batch: Batch, state: bytes, history: History) -> tuple[Sequence[Alert], bytes]:
        """The alerts of a batch; it remembers nothing."""
        del history
        watched = batch.interests.addresses(batch.chain)
        if not watched:
            return (), state
        alerts = [
            alert
            for transaction in batch.transactions
            for alert in touches(batch, transaction, watched)
        ]
        return [alert for alert in alerts if _is_asked_for(alert, batch.interests)], state


def touches(batch: Batch, transaction: Transaction, addresses: AbstractSet[str]) -> Iterator[Alert]:
    """What there is to tell whoever watches these addresses, whether or not they care."""
    for address, gained in gains(transaction).items():
        if address in addresses:
            yield _alert(batch, transaction, address, gained)


def _is_asked_for(alert: Alert, interests: Interests) -> bool:
    return any(watch.asks_for(alert) for watch in interests.watching(alert.chain, alert.subject))


def gains(transaction: Transaction) -> dict[str, int]:
    """What each address gained by a transaction in base units, negative where it lost."""
    gained: dict[str, int] = defaultdict(int)
    for transfer in transaction.inputs:
        if transfer.address is not None:
            gained[transfer.address] -= transfer.amount
    for transfer in transaction.outputs:
        if transfer.address is not None:
            gained[transfer.address] += transfer.amount
    return gained


def _alert(batch: Batch, transaction: Transaction, address: str, gained: int) -> Alert:
    usd_micro = in_money(abs(gained), batch.decimals, batch.price)
    return Alert(
        batch.chain, transaction.hash, Watched.name, address, batch.now, gained, usd_micro,
        Severity.CRITICAL if gained < 0 else Severity.NOTABLE, batch.late,
    )  # fmt: skip
