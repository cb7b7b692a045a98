"""What detectors hand on: alerts, and who asked for which."""

from enum import IntEnum, StrEnum

from msgspec import Struct


class Severity(IntEnum):
    """How loud an alert may be; a critical one is repeated where nobody acknowledges it."""

    INFO = 0
    NOTABLE = 1
    CRITICAL = 2


class Kind(StrEnum):
    """What a subscription is about."""

    WATCH = "watch"
    WHALES = "whales"
    BLOCKS = "blocks"
    FEES = "fees"
    PRICE = "price"
    SOURCE = "source"
    ANOMALIES = "anomalies"


class Way(StrEnum):
    """Which way something must go: an amount at an address, or a value past a level."""

    ANY = ""
    IN = "in"
    OUT = "out"
    ABOVE = "above"
    BELOW = "below"
    LATER = "later"


class Ring(StrEnum):
    """How what answers to a subscription is told; `DIGEST`: with others, at the digest's time."""

    LOUD = "loud"
    SILENT = "silent"
    DIGEST = "digest"
    OFF = "off"


class Miss(IntEnum):
    """Why an alert is not what a subscription asks for, the nearest first."""

    OFF = 0
    """It is, but the subscription rings not at all."""
    LITTLE = 1
    """It moves too little."""
    UNPRICED = 2
    """What it is worth was not known."""
    WAY = 3
    """It goes the other way."""
    ELSE = 4
    """It is about something else."""


class Alert(Struct, frozen=True):
    """Something remarkable, once: its key is (chain, transaction, detector, subject).

    Where it is about no transaction, that is "", and `window` (seconds, the detector says
    of what) tells it from others of its subject. `amount` is in base units: what moved, or
    signed what the subject (an address) gained; else what the detector says. `usd_micro` is
    its value at the price used, where one was known. `rate`: one in so many transactions is
    as odd; 0 where nobody said.
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
    window: int = 0
    rate: int = 0


class Scored(Struct, frozen=True, gc=False):
    """The features of a transaction, in the order of their names, NaN where one is not known.

    `model` is the version that gave `score` and `rate` (one in so many transactions scores as
    high); all three are None where none ran.
    """

    hash: str
    time: int
    values: tuple[float, ...]
    model: int | None = None
    score: float | None = None
    rate: float | None = None


class Subscription(Struct, frozen=True):
    """What one chat asked to be told.

    A watch names an `address`, perhaps a `label`, a `way` and the least `amount`. A whale
    threshold has an `amount`: base units where `unit` is the asset's symbol, micro-USD
    where it is "USD". Fees have a level as `amount` (thousandths of a base unit per virtual
    byte) and a `way`, a price so in millionths of the currency `unit`; blocks that come
    `LATER` have seconds, anomalies how rare they must be: one in so many transactions.
    `number` is what the chat calls it, and is never given anew.
    """

    id: int
    chat: int
    kind: Kind
    chain: str
    address: str = ""
    label: str = ""
    unit: str = ""
    amount: int = 0
    way: Way = Way.ANY
    ring: Ring = Ring.LOUD
    number: int = 0

    @property
    def about(self) -> str:
        """What makes it another one than those of its kind in its chat and chain."""
        if self.way in {Way.ABOVE, Way.BELOW, Way.LATER}:
            return f"{self.way} {self.amount} {self.unit}"
        return self.address or self.unit

    def asks_for(self, alert: Alert) -> bool:
        """Whether an alert is told because of this: see `detectors.matching` for all at once."""
        return self.misses(alert) is None

    def misses(self, alert: Alert) -> Miss | None:
        """Why an alert is not told because of this, None where it is."""
        miss = Miss.ELSE if self.chain != alert.chain else self._misses(alert)
        if miss is None and self.ring is Ring.OFF:
            return Miss.OFF
        return miss

    def _misses(self, alert: Alert) -> Miss | None:
        match self.kind:
            case Kind.WATCH:
                is_it = alert.detector == "watched" and alert.subject == self.address
                if is_it and not self.goes(alert.amount):
                    return Miss.WAY
            case Kind.WHALES:
                is_it = alert.detector == "whales" and self.unit in {"USD", alert.subject}
                if is_it and self.unit == "USD" and alert.usd_micro is None:
                    return Miss.UNPRICED
            case Kind.BLOCKS:
                is_it = alert.detector == self.kind and alert.window == self.amount
                return None if is_it else Miss.ELSE
            case Kind.ANOMALIES:
                is_it = alert.detector == self.kind
            case _:
                is_it = alert.detector == self.kind and self.about in {"", alert.subject}
                return None if is_it else Miss.ELSE
        if not is_it:
            return Miss.ELSE
        return None if self._is_enough(alert) else Miss.LITTLE

    def goes(self, gained: int) -> bool:
        """Whether what an address gained, in base units, goes the way that is asked for."""
        return self.way is Way.ANY or (gained > 0 if self.way is Way.IN else gained < 0)

    def _is_enough(self, alert: Alert) -> bool:
        """Whether it moves the least amount, or is so rare; what is not known to be less is."""
        if self.kind is Kind.ANOMALIES:
            return alert.rate >= self.amount
        if self.unit != "USD":
            return abs(alert.amount) >= self.amount
        return alert.usd_micro is None or alert.usd_micro >= self.amount
