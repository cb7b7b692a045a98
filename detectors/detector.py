"""What a detector is, and what it may know."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from detectors.interests import Interests
from detectors.model import Alert
from watchers.model import Price, Transaction


class History(Protocol):
    """What storage answers a detector about the past."""

    def moved_since(self, chain: str, since: int, at_least: int) -> Sequence[Transaction]:
        """Transactions first met at or after `since` that moved `at_least` base units.

        Their inputs and outputs are left out.
        """


class Batch(Struct, frozen=True):
    """Transactions of one chain that are met for the first time, and what is known beside them.

    `price` is in USD and None where none is fresh enough; `late`: they happened while
    nobody listened.
    """

    chain: str
    asset: str
    decimals: int
    transactions: tuple[Transaction, ...]
    price: Price | None
    now: int
    interests: Interests
    late: bool = False


class Detector(Protocol):
    """Finds what is remarkable in a batch; never sees one transaction twice.

    `state` is what it returned last (empty at first): bytes of its own making, saved in
    the transaction that saves its alerts.
    """

    name: str

    def detect(self, batch: Batch, state: bytes, history: History) -> tuple[Sequence[Alert], bytes]:
        """The alerts of a batch, and the state to come back with."""
