"""The feed: decides what to say, what to ask for, and what it all means."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal

from watchers.blockchain_com import frames
from watchers.blockchain_com.failures import body_of, failure
from watchers.blockchain_com.liveness import Liveness
from watchers.blockchain_com.main_chain import MainChain
from watchers.blockchain_com.requests import Requests, Want
from watchers.blockchain_com.rest import (
    CHAIN,
    SOURCE,
    CutError,
    blocks_of,
    digest,
    find,
    parse_latest,
    parse_prices,
)
from watchers.blockchain_com.wire import AnnouncedBlock, LatestBlock
from watchers.feed import Answer, Ask, FeedError, FeedStatus, Frame, Reconnect, Say
from watchers.model import Block, Checkpoint, Event, Price, Transaction

LATEST_SECONDS = 120.0
PRICES_SECONDS = 60.0
TOLD_AGAIN_SECONDS = 3600.0

LATEST = Want("latest", "", ("/latestblock",))
PRICES = Want("prices", "", ("/ticker",))

Stream = Literal["all", "addresses"]


class BlockchainCom:
    """Bitcoin over blockchain.com.

    `stream`: every transaction, or those of watched addresses; `history_seconds`: how
    far back the first start goes; `currencies`: prices to tell always, besides USD;
    `history_pace_seconds`: the least time between two requests for the history.
    """

    chain = CHAIN
    source = SOURCE

    def __init__(
        self,
        *,
        stream: Stream = "all",
        history_seconds: int,
        currencies: tuple[str, ...] = ("USD",),
        history_pace_seconds: float = 10.0,
    ) -> None:
        self._everything = stream == "all"
        self._currencies = tuple(dict.fromkeys(("USD", *currencies)))
        self._requests = Requests(history_pace_seconds)
        self._main = MainChain(history_seconds)
        self._liveness = Liveness(needs_transactions=self._everything)
        self._open = False
        self._now = 0.0
        self._due = {LATEST.key: 0.0, PRICES.key: 0.0}
        self._told: dict[str, float] = {}
        self._watched: frozenset[str] = frozenset()
        self._wanted: frozenset[str] = frozenset()
        self._subscribed: frozenset[str] = frozenset()
        self._greeted = False
        self._changed = False
        self._dead = ""

    def connected(self, checkpoint: Checkpoint, now: float) -> None:
        """Begin a session: forget the old one, ask for what is missing since `checkpoint`."""
        self._now = now
        self._open = True
        self._greeted = False
        self._subscribed = frozenset()
        self._requests.forget()
        self._liveness.begin(checkpoint.heard_at, now)
        self._main.begin(checkpoint, now, was_cut=self._liveness.was_cut)
        self._changed = True
        self._dead = ""
        self._due = dict.fromkeys(self._due, now)

    def watching(
        self, addresses: AbstractSet[str], currencies: AbstractSet[str] = frozenset()
    ) -> None:
        """Take the watch list as it is now, and the currencies that prices are asked for in."""
        self._watched = frozenset(addresses)
        if not currencies <= self._wanted:
            self._due[PRICES.key] = self._now
        self._wanted = frozenset(currencies)
        self._changed = True

    def digest(self, path: str, answer: Answer, rest: Callable[[], None]) -> Answer:
        """Read the blocks of an answer beforehand; pure, and called in any thread."""
        return digest(path, answer, rest)

    def received(self, what: Frame | Answer, now: float) -> Sequence[Event]:
        """Take what came. Raises `FeedError` for a frame that cannot be understood;
        an answer that is no use is asked for again instead.
        """
        if isinstance(what, Frame):
            return self._frame(what, now)
        self._now = now
        self._changed = True
        return self._answer(what, now)

    def tick(self, now: float) -> Sequence[Event]:
        """Let time pass: time-outs, silence, what is asked for at intervals."""
        self._now = now
        self._changed = True
        events: list[Event] = []
        for ask in self._requests.overdue(now):
            events += self._failed(ask, Answer(ask, 0), FeedError("no answer in time"), now)
        self._dead = self._liveness.dead(now)
        return events

    def to_send(self) -> Sequence[Ask]:
        """What to say and to ask for now, each once."""
        if not self._open or not self._changed:
            return []
        self._changed = False
        if self._dead:
            self._open = False
            return [Reconnect(self._dead)]
        pings = self._liveness.pings(self._now, block=self._main.is_placed)
        says = [*self._greetings(), *self._subscriptions(), *pings]
        return [*map(Say, says), *self._requests.ask(self._wants(), self._now)]

    def status(self) -> FeedStatus:
        """What `/status` shows."""
        head = self._main.head
        return FeedStatus(
            height=head.height if head else None,
            tip=self._main.tip,
            missing=self._main.missing,
            history_missing=self._main.history_missing,
            heard_at=self._liveness.heard_at,
            history_pace_seconds=self._requests.history_pace_seconds,
        )

    def _greetings(self) -> list[str]:
        if self._greeted:
            return []
        self._greeted = True
        everything = [frames.SUBSCRIBE_TRANSACTIONS] if self._everything else []
        return [*everything, frames.SUBSCRIBE_BLOCKS]

    def _subscriptions(self) -> list[str]:
        if self._everything:
            return []
        gone = sorted(self._subscribed - self._watched)
        new = sorted(self._watched - self._subscribed)
        self._subscribed = self._watched
        return [*map(frames.unsubscribe_address, gone), *map(frames.subscribe_address, new)]

    def _wants(self) -> list[Want]:
        polled = [want for want in (LATEST, PRICES) if self._due[want.key] <= self._now]
        blocks = self._main.wants(self._requests.window)
        return [*polled, *blocks, *self._main.wants_history()]

    def _frame(self, frame: Frame, now: float) -> list[Event]:
        what = frames.parse_frame(frame.data, now)
        self._now = now
        match what:
            case Transaction():
                return [*self._liveness.heard(now, transaction=True, block=False), what]
            case AnnouncedBlock(hash_, height):
                self._main.announced(height, hash_)
                self._changed = True
                return self._liveness.heard(now, transaction=False, block=True)
            case _:
                return self._liveness.heard(now, transaction=False, block=False)

    def _answer(self, answer: Answer, now: float) -> list[Event]:
        asked = self._requests.asked(answer.ask)
        if asked is None:
            return []
        want, path = asked
        try:
            events = self._take(want, path, answer, now)
        except FeedError as error:
            if isinstance(error, CutError):
                self._main.names(error.header.height, error.header.hash)
            return self._failed(answer.ask, answer, error, now)
        if want.purpose == "block" and self._main.is_in_doubt:
            self._requests.failed(answer.ask, answer, now)
        else:
            self._requests.succeeded(answer.ask)
        return events

    def _take(self, want: Want, path: str, answer: Answer, now: float) -> list[Event]:
        """The events of a good answer. Raises `FeedError` before it changes anything."""
        body = body_of(answer)
        if want == LATEST:
            return self._take_latest(parse_latest(body), now)
        if want == PRICES:
            wanted = dict.fromkeys((*self._currencies, *sorted(self._wanted)))
            return self._take_prices(parse_prices(body, tuple(wanted), now), now)
        height, hash_ = self._main.expects(want)
        blocks = blocks_of(path, answer, height)
        if isinstance(want.subject, int):
            return self._after_gap(self._main.take(height, blocks, now), now)
        return self._main.take_history(find(blocks, hash_))

    def _after_gap(self, events: list[Event], now: float) -> list[Event]:
        """Late blocks may come before the first sign of life: the gap is told before them."""
        late = any(isinstance(event, Block) and event.late for event in events)
        return [*self._liveness.gap(now), *events] if late else events

    def _take_latest(self, latest: LatestBlock, now: float) -> list[Event]:
        self._due[LATEST.key] = now + LATEST_SECONDS
        self._main.polled(latest.height, latest.hash)
        return []

    def _take_prices(self, prices: Sequence[Price], now: float) -> list[Event]:
        self._due[PRICES.key] = now + PRICES_SECONDS
        return list(prices)

    def _failed(self, ask: int, answer: Answer, reason: FeedError, now: float) -> list[Event]:
        asked = self._requests.asked(ask)
        if asked is None:
            return []
        want, path = asked
        self._requests.failed(ask, answer, now)
        incident = failure(want, path, answer, reason, now)
        if now - self._told.get(incident.kind, -TOLD_AGAIN_SECONDS) < TOLD_AGAIN_SECONDS:
            return []
        self._told[incident.kind] = now
        return [incident]
