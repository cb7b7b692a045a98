"""How a chat sees alerts."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from storage.acknowledgements import Acknowledged
from storage.labels import Label
from storage.model import Line


class View(Struct, frozen=True):
    """How a chat sees things: its own labels by address, its zone, the value of an alert.

    `values` holds, by transaction and subject, the worth in millionths of `currency`.
    `acknowledged`: somebody has seen it, which is news while the message does not show it.
    `judged` is what was said of it. `kept` is why it was told late (`Kept`).
    `message` is its number, by which one asks why. `reasons` say, by hash, what is odd.
    `before` are the hashes of what was kept as news of what the chat was told before.
    """

    labels: Mapping[str, str]
    timezone: str
    currency: str
    values: Mapping[tuple[str, str], int]
    acknowledged: Acknowledged | None = None
    news: bool = False
    judged: Sequence[Label] = ()
    kept: str = ""
    message: int = 0
    reasons: Mapping[str, tuple[Line, ...]] = {}
    before: Collection[str] = frozenset()
