"""What a command may use: the store, the charts, the clock and what the watchers say."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct

from detectors.model import Subscription
from watchers.feed import FeedStatus
from watchers.model import Chain

T = TypeVar("T")


class SourceStatus(Struct, frozen=True):
    """One source as `/status` shows it; `connected_since` is None while it is cut off."""

    chain: str
    source: str
    connected_since: float | None
    attempts: int
    last_error: str
    feed: FeedStatus


class Desk(Protocol):
    """What the composition root hands to every command.

    `read` and `write` take a function of `storage` and its arguments after the
    database: `await desk.read(stats_of, "bitcoin", since, until)`. A read runs in its own
    short read-only transaction, a write on the one database thread, and is durable when
    it returns.
    """

    chains: Mapping[str, Chain]

    async def read(self, query: Callable[..., T], *arguments: object) -> T:
        """Ask storage."""

    async def write(self, change: Callable[..., T], *arguments: object) -> T:
        """Change storage."""

    async def subscribe(self, subscription: Subscription) -> Subscription:
        """Save a subscription (its id is given here) and act on it from now on."""

    async def unsubscribe(self, subscription: Subscription) -> None:
        """End a subscription, now."""

    async def look_up(self, chain: str, subject: str, value: str) -> bytes:
        """Ask the chain's source over HTTP; this tells it what we are interested in."""

    def sources(self) -> Sequence[SourceStatus]:
        """How each source is."""
