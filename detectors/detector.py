"""What a detector is, and what it may know."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from detectors.interests import Interests
from detectors.model import Alert, Scored
from watchers.model import Header, Price, Transaction

if TYPE_CHECKING:
    from detectors.learnt.model import Model


class History(Protocol):
    """What storage answers a detector about the past."""

    def moved_since(self, chain: str, since: int, at_least: int) -> Sequence[Transaction]:
        """Transactions first met at or after `since` that moved `at_least` base units.

        Their inputs and outputs are left out.
        """

    def tip(self, chain: str) -> Header | None:
        """The newest block of the main chain."""

    def heard_at(self, chain: str) -> int | None:
        """When the chain's source last gave a sign of life."""

    def price_micro(self, asset: str, currency: str, now: int) -> int | None:
        """What one asset costs, in millionths; None where that is not known freshly."""

    def fee_rate(self, chain: str, now: int) -> int | None:
        """What is usually paid of late, in thousandths of a base unit per virtual byte.

        None where too few transactions tell.
        """

    def model(self, chain: str) -> "tuple[int, Model] | None":
        """The version of the model that runs, and the model; None where none does."""

    def keep_features(self, chain: str, names: Sequence[str], scored: Sequence[Scored]) -> None:
        """Put what was seen of transactions into the feature store, with the alerts."""


class Batch(Struct, frozen=True):
    """Transactions of one chain that are met for the first time, and what is known beside them.

    `headers` are the blocks that just joined the main chain. `price` is in USD and None
    where none is fresh enough; `late`: they happened while nobody listened. Once a minute
    there is a batch of nothing, for what only the clock tells.
    """

    chain: str
    asset: str
    decimals: int
    transactions: tuple[Transaction, ...]
    price: Price | None
    now: int
    interests: Interests
    late: bool = False
    headers: tuple[Header, ...] = ()

    @property
    def is_moment(self) -> bool:
        """Whether it is a batch of nothing: a tick of the clock, or a new price.

        What a value of the moment decides is judged at these alone. They are noted
        (`storage.moments`), so that it can be judged again.
        """
        return not self.transactions and not self.headers


class Detector(Protocol):
    """Finds what is remarkable in a batch; never sees one transaction twice.

    `state` is what it returned last (empty at first): bytes of its own making, saved in
    the transaction that saves its alerts.
    """

    name: str

    def detect(self, batch: Batch, state: bytes, history: History) -> tuple[Sequence[Alert], bytes]:
        """The alerts of a batch, and the state to come back with."""
