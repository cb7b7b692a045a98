"""What detectors hand on: alerts, and who asked for which."""

from enum import IntEnum, StrEnum

from msgspec import Struct


class Severity(IntEnum):
    """How loud an alert may be."""

    INFO = 0
    NOTABLE = 1
    CRITICAL = 2


class Kind(StrEnum):
    """What a subscription is about."""

    WATCH = "watch"
    WHALES = "whales"


class Alert(Struct, frozen=True):
    """Something remarkable, once: its key is (chain, transaction, detector, subject).

    `amount` is in base units: what moved, or signed what the subject (an address)
    gained; `usd_micro` is its value at the price used, where one was known.
    """

    chain: str
    transaction: str
    detector: str
    subject: str
    time: int
    amount: int
    usd_micro: int | None
    severity: Severity = Severity.NOTABLE
    late: bool = False


class Subscription(Struct, frozen=True):
    """What one chat asked to be told.

    A watch names an `address` and perhaps a `label`. A whale threshold has an `amount`:
    satoshi or wei where `unit` is the asset's symbol, micro-USD where it is "USD".
    """

    id: int
    chat: int
    kind: Kind
    chain: str
    address: str = ""
    label: str = ""
    unit: str = ""
    amount: int = 0

    def asks_for(self, alert: Alert) -> bool:
        """Whether an alert is told because of this: what `chats_for` asks of all at once."""
        if self.chain != alert.chain:
            return False
        if self.kind is Kind.WATCH:
            return alert.detector == "watched" and alert.subject == self.address
        if alert.detector != "whales":
            return False
        if self.unit == "USD":
            return alert.usd_micro is not None and alert.usd_micro >= self.amount
        return alert.subject == self.unit and alert.amount >= self.amount
