"""A past period as the detectors need it, read from storage."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from sqlite_utils import Database

from detectors.model import Alert, Kind, Subscription, Way
from storage.alerts import odd_between
from storage.blocks import met_between
from storage.models import judged_since
from storage.moments import Moment, first_moment, moments_between
from storage.past import (
    READ_AT_MOST,
    Met,
    Ticker,
    large_between,
    ticker_between,
    tip_at,
    touching_between,
)
from storage.rollups import DAY, QUARTER, quarters_since
from storage.statistics import known_since, raw_since, recent_fee_rate
from watchers.model import Asset, Chain, Header

USD = "USD"


class Past(Struct, frozen=True):
    """What is known of a chain in [since, until), each list oldest first.

    `raw_since`: the first moment of which transactions are still stored, `noted_since` of
    which moments are (before it they are made from the roll-ups), `known_since` of which
    anything is; None for never. `read_from`: more than could be read moved less than that.
    """

    chain: str
    asset: Asset
    since: int
    until: int
    met: Sequence[Met] = ()
    blocks: Sequence[tuple[int, Header]] = ()
    tip: Header | None = None
    moments: Sequence[Moment] = ()
    tickers: Mapping[str, Ticker] = {}
    raw_since: int | None = None
    noted_since: int | None = None
    known_since: int | None = None
    read_from: int = 0
    odd: Sequence[Alert] = ()
    """What was called odd, as it was then: models are not run over the past again."""
    judged_since: int | None = None
    """When the first model was trained that is known; what it called odd may be older."""

    def is_whole(self, rule: Subscription) -> bool:
        """Whether all that a rule may tell of could be read."""
        if rule.kind is Kind.WATCH:
            return len(self.met) < READ_AT_MOST
        floor = _floor(rule, self.asset, self.tickers[USD]) if rule.kind is Kind.WHALES else None
        return floor is None or floor >= self.read_from

    def begin_of(self, rule: Subscription) -> int | None:
        """The first moment at which a rule could be judged, None where it cannot at all."""
        match rule.kind:
            case Kind.WHALES | Kind.WATCH:
                return self.raw_since
            case Kind.PRICE:
                return min(self.tickers[rule.unit].times, default=None)
            case Kind.ANOMALIES:
                judged = [alert.time for alert in self.odd]
                return min(judged if self.judged_since is None else [*judged, self.judged_since],
                           default=None)  # fmt: skip
            case Kind.SOURCE:
                return self.noted_since
        return self.known_since


def read_past(
    db: Database, chain: Chain, rules: Sequence[Subscription], since: int, until: int
) -> Past:
    """All that may decide what the rules of one chain would have told."""
    kinds = {rule.kind for rule in rules}
    currencies = {USD, *(rule.unit for rule in rules if rule.kind is Kind.PRICE)}
    tickers = {
        currency: ticker_between(db, chain.asset.symbol, currency, since, until)
        for currency in currencies
    }
    met = _met(db, chain, rules, tickers[USD], since, until)
    blocks = met_between(db, chain.name, since, until) if Kind.BLOCKS in kinds else []
    noted = first_moment(db, chain.name)
    return Past(
        chain.name,
        chain.asset,
        since,
        until,
        sorted(met, key=lambda one: one.transaction.time),
        blocks,
        tip_at(db, chain.name, since) if Kind.BLOCKS in kinds else None,
        _moments(db, chain.name, rules, blocks, since, until, noted),
        tickers,
        raw_since(db, chain.name),
        noted,
        known_since(db, chain.name),
        min((one.transaction.moved for one in met), default=0) if len(met) >= READ_AT_MOST else 0,
        odd_between(db, chain.name, since, until) if Kind.ANOMALIES in kinds else (),
        judged_since(db, chain.name) if Kind.ANOMALIES in kinds else None,
    )


def _met(
    db: Database,
    chain: Chain,
    rules: Iterable[Subscription],
    ticker: Ticker,
    since: int,
    until: int,
) -> Sequence[Met]:
    floors = [_floor(rule, chain.asset, ticker) for rule in rules if rule.kind is Kind.WHALES]
    floor = min((floor for floor in floors if floor is not None), default=None)
    addresses = {rule.address for rule in rules if rule.kind is Kind.WATCH}
    found: dict[str, Met] = {}
    if floor is not None:
        found |= large_between(db, chain.name, floor, since, until)
    if addresses:
        found |= touching_between(db, chain.name, addresses, since, until)
    return list(found.values())


def _floor(rule: Subscription, asset: Asset, ticker: Ticker) -> int | None:
    """What moved at least wherever a threshold is reached, whichever price is taken."""
    if rule.unit != USD:
        return rule.amount
    one: int = 10**asset.decimals
    return rule.amount * one // max(ticker.micro) if ticker.micro else None


def _moments(
    db: Database,
    chain: str,
    rules: Iterable[Subscription],
    blocks: Iterable[tuple[int, Header]],
    since: int,
    until: int,
    noted_since: int | None,
) -> Sequence[Moment]:
    """The moments that were noted; before them those at which anything can have changed."""
    before = min(until, until if noted_since is None else noted_since)
    waits = {rule.amount for rule in rules if rule.way is Way.LATER}
    told_by = {at + wait: at + wait for at, _ in blocks for wait in waits if at + wait < before}
    if any(rule.kind is Kind.FEES for rule in rules):
        for begin, end in _fee_spans(since, before, min(before, quarters_since(db, chain))):
            told_by[max(begin, since)] = end - 1
    made = [
        Moment(at, at, recent_fee_rate(db, chain, last))
        for at, last in sorted(told_by.items())
        if at >= since
    ]
    return [*made, *moments_between(db, chain, since, until)]


def _fee_spans(since: int, until: int, quarters: int) -> Iterator[tuple[int, int]]:
    """The UTC days before `quarters`, then the quarters of an hour, that fees are known by.

    They are those of the clock, so that what a preview finds is the same whenever it is asked.
    """
    days = range(since - since % DAY, quarters, DAY)
    yield from ((begin, begin + DAY) for begin in days)
    first = max(since - since % QUARTER, quarters)
    yield from ((begin, begin + QUARTER) for begin in range(first, until, QUARTER))
