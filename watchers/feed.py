"""What a chain source is: a state machine without I/O.

A watcher owns the socket and the HTTP client; the feed decides. Everything that
arrives is handed to `received`; the events that it returns are passed on before
`to_send` is asked what to say, so that a connection that dies in between loses
nothing.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol, TypeAlias

from msgspec import Struct

from watchers.model import Checkpoint, Event, sealed


class Frame(Struct, frozen=True):
    """One websocket message, as it came."""

    data: bytes


class Answer(Struct, frozen=True):
    """What came of a `Get`: status 0 and an `error` where nothing came.

    `content` is what `Feed.digest` made of the body.
    """

    ask: int
    status: int
    body: bytes = b""
    error: str = ""
    retry_after_seconds: float | None = None
    content: object = None


class Say(Struct, frozen=True):
    """Ask the watcher to send a websocket message."""

    data: str


class Get(Struct, frozen=True):
    """Ask the watcher for `path` below the source's HTTP address."""

    ask: int
    path: str


class Reconnect(Struct, frozen=True):
    """Ask the watcher for a new session: this one is dead though it is open."""

    reason: str


Ask: TypeAlias = Say | Get | Reconnect


class FeedError(ValueError):
    """A frame that cannot be understood; the feed is as it was before.

    `message` is a whole English sentence, whose placeholders are the names of `values`;
    `sealed` is kept of it, for whoever reads it.
    """

    def __init__(self, message: str, **values: str | int) -> None:
        super().__init__(message.format(**values))
        self.sealed = sealed(message, **values)


class FeedStatus(Struct, frozen=True):
    """What a feed can say of itself: heights, blocks still missing, the last sign of life.

    `history_pace_seconds`: how long a block of the history takes at least.
    """

    height: int | None
    tip: int | None
    missing: int
    history_missing: int
    heard_at: float | None
    history_pace_seconds: float = 0.0


class Feed(Protocol):
    """A chain source. `now` is Unix seconds, UTC."""

    chain: str
    source: str

    def connected(self, checkpoint: Checkpoint, now: float) -> None:
        """Begin a session: forget the old one, ask for what is missing since `checkpoint`."""

    def watching(
        self, addresses: AbstractSet[str], currencies: AbstractSet[str] = frozenset()
    ) -> None:
        """Take the watch list as it is now, and the currencies that prices are asked for in."""

    def digest(self, path: str, answer: Answer, rest: Callable[[], None]) -> Answer:
        """Do beforehand what takes long about an answer, in any thread; it changes nothing.

        Calls `rest` every millisecond or two of its work.
        """

    def received(self, what: Frame | Answer, now: float) -> Sequence[Event]:
        """Take what came; raises `FeedError` before it changes anything."""

    def tick(self, now: float) -> Sequence[Event]:
        """Let time pass: time-outs, staleness, what is asked for at intervals."""

    def to_send(self) -> Sequence[Ask]:
        """What to ask for now: at most a window ahead, each once."""

    def status(self) -> FeedStatus:
        """What `/status` shows."""
