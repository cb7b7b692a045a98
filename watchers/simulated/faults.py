"""What tests can make go wrong with the REST answers, as values."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Faults:
    """What becomes of the next REST calls.

    `asked` holds the paths of the last calls with their queries, refused ones included.
    `refusals` are statuses with the seconds of a `Retry-After`; `cuts` are the share of
    the body that is sent, and whether all of it is announced.
    """

    asked: deque[str] = field(default_factory=lambda: deque(maxlen=10_000))
    refusals: deque[tuple[int, int | None]] = field(default_factory=deque)
    cuts: deque[tuple[float, bool]] = field(default_factory=deque)
    down: bool = False
