"""Rules judged over a past period by the detectors and the matching that judge now: pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.preview.past import USD, Past
from detectors.detector import Batch
from detectors.interests import Interests
from detectors.matching import answered
from detectors.model import Alert, Kind, Scored, Subscription
from detectors.registry import DETECTORS
from detectors.watched import Watched
from storage.moments import Moment
from storage.past import Met
from watchers.model import Header, Price, Transaction

if TYPE_CHECKING:
    from detectors.learnt.model import Model


class Told(Struct, frozen=True):
    """An alert, and by chat the rule that it answers to.

    `at` is when what it tells of was met, `key` names the message that it would be in.
    """

    at: int
    key: str
    alert: Alert
    asked: Mapping[int, Subscription]


def replay(
    past: Past, rules: Sequence[Subscription], reached: Callable[[int], None] | None = None
) -> list[Told]:
    """What the rules would have told, had they been there from the beginning of the period.

    `reached` is told how far it is: the moments, one after the other.
    """
    interests = Interests(rules)
    known = {met.transaction.hash: met for met in past.met}
    kinds = {rule.kind for rule in rules} - {Kind.ANOMALIES}
    names = {Watched.name if kind is Kind.WATCH else kind.value for kind in kinds}
    judging = [detector for detector in DETECTORS if detector.name in names]
    states = {detector.name: b"" for detector in judging}
    told = [
        Told(alert.time, f"{alert.chain}:{alert.transaction}", alert, asked)
        for alert in past.odd
        if (asked := answered(alert, interests))
    ]
    for batch, moment in _batches(past, interests, _clock(past, rules)):
        history = _AsOf(past, moment, batch.now)
        if reached:
            reached(batch.now)
        for detector in judging:
            alerts, state = detector.detect(batch, states[detector.name], history)
            states[detector.name] = state
            told += [
                _told(alert, known.get(alert.transaction), asked)
                for alert in alerts
                if (asked := answered(alert, interests))
            ]
    return told


def _told(alert: Alert, met: Met | None, asked: Mapping[int, Subscription]) -> Told:
    if met is None:
        key = f"{alert.chain}:{alert.detector}:{alert.subject}:{alert.window}"
        return Told(alert.time, key, alert, asked)
    return Told(met.transaction.time, f"{alert.chain}:{met.conflict_set}", alert, asked)


def _clock(past: Past, rules: Sequence[Subscription]) -> Iterator[Moment]:
    """The moments that rules are judged at: for levels those alone at which a value changed,
    since what crosses a level crosses it once.
    """
    kinds = {rule.kind for rule in rules}
    if kinds <= {Kind.WHALES, Kind.WATCH, Kind.ANOMALIES}:
        yield from (Moment(at, None, None) for at in past.tickers[USD].times if at >= past.since)
        return
    every = bool(kinds & {Kind.BLOCKS, Kind.SOURCE})
    before: object = None
    for moment in past.moments:
        prices = [ticker.at(moment.at) for ticker in past.tickers.values()]
        if every or (moment.fee_rate, prices) != before:
            yield moment
        before = moment.fee_rate, prices


def _batches(
    past: Past, interests: Interests, clock: Iterable[Moment]
) -> Iterator[tuple[Batch, Moment | None]]:
    """What happened in its order; transactions that share a price together."""
    ticker = past.tickers[USD]
    happened: list[tuple[int, int, Moment | Header | Transaction]] = [
        *((met.transaction.time, 0, met.transaction) for met in past.met),
        *((at, 1, header) for at, header in past.blocks),
        *((moment.at, 2, moment) for moment in clock),
    ]
    happened.sort(key=lambda one: one[:2])
    waiting: list[Transaction] = []

    def batch(now: int, headers: tuple[Header, ...] = ()) -> Batch:
        micro = ticker.at(now)
        price = None if micro is None else Price(past.asset.symbol, USD, micro, now, "")
        made = Batch(
            past.chain, past.asset.symbol, past.asset.decimals, tuple(waiting), price, now,
            interests, headers=headers,
        )  # fmt: skip
        waiting.clear()
        return made

    for at, _, what in happened:
        if waiting and not (
            isinstance(what, Transaction) and ticker.at(at) == ticker.at(waiting[0].time)
        ):
            yield batch(waiting[-1].time), None
        if isinstance(what, Transaction):
            waiting.append(what)
        elif isinstance(what, Header):
            yield batch(at, (what,)), None
        else:
            yield batch(at), what
    if waiting:
        yield batch(waiting[-1].time), None


@dataclass(frozen=True)
class _AsOf:
    """The past as storage would have answered at a moment of it."""

    past: Past
    moment: Moment | None
    now: int

    def moved_since(self, chain: str, since: int, at_least: int) -> Sequence[Transaction]:
        del chain
        return [
            met.transaction
            for met in self.past.met
            if since <= met.transaction.time <= self.now and met.transaction.moved >= at_least
        ]

    def tip(self, chain: str) -> Header | None:
        del chain
        met = bisect_right(self.past.blocks, self.now, key=lambda block: block[0])
        newest = (header for _, header in self.past.blocks[:met])
        return max(newest, key=lambda header: header.height, default=self.past.tip)

    def heard_at(self, chain: str) -> int | None:
        del chain
        return self.now if self.moment is None else self.moment.heard_at

    def price_micro(self, asset: str, currency: str, now: int) -> int | None:
        del asset
        return self.past.tickers[currency].at(now) if currency in self.past.tickers else None

    def fee_rate(self, chain: str, now: int) -> int | None:
        del chain, now
        return None if self.moment is None else self.moment.fee_rate

    def model(self, chain: str) -> "tuple[int, Model] | None":
        del chain
        return None

    def keep_features(self, chain: str, names: Sequence[str], scored: Sequence[Scored]) -> None:
        """Nothing: what was seen then was kept then."""
