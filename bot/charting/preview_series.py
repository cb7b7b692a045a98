"""A preview as a picture: what a rule looks at, its level, and where it would have told. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from bot.charting.buckets import BAR_STEPS, LINE_STEPS, QUARTER, STEP_NAMES, edges_of, step_for
from bot.charting.picture_words import picture_words
from bot.language import _, marked
from bot.preview.past import Past
from bot.preview.replay import Told
from bot.units import counted
from bot.wording.amounts import asset_in, money_in
from bot.wording.words import span
from charts.model import Level, Measure, Series, Track, Value
from detectors.model import Kind, Subscription, Way
from detectors.sources import DOWN_AFTER_SECONDS
from detectors.watched import gains
from detectors.whales import in_money
from storage.budget import UNLIMITED
from storage.ledger import PRICE_MAX_AGE_SECONDS
from watchers.model import Chain, Price

MOST = 200
LASTS_SECONDS = {Kind.PRICE: PRICE_MAX_AGE_SECONDS, Kind.FEES: QUARTER, Kind.SOURCE: QUARTER}
"""So long a value that is drawn as a line holds where no newer one is known."""


class View(Struct, frozen=True):
    """What every picture of previews needs: its period and its words."""

    chain: Chain
    period: int
    now: int
    zone: str
    title: str
    subtitle: str


def rule_series(
    view: View, past: Past, rule: Subscription, told: Sequence[Told], level: str
) -> tuple[str, Series]:
    """The name of the chart, and its series: the values, and those that were told."""
    step = step_for(view.period, LINE_STEPS, MOST)
    edges = edges_of(view.now, view.period, step, view.zone)
    low = rule.way is Way.BELOW
    lasts = LASTS_SECONDS.get(rule.kind, 0)
    looked_at = list(values_of(past, rule, view.chain))
    values = _bucketed(edges, looked_at, lowest=low, lasts=lasts)
    is_each_block = rule.kind is Kind.BLOCKS and rule.way is Way.ANY
    waits = dict(sorted(looked_at)) if is_each_block else {}
    marks = [(one.at, waits.get(one.at) or _height(one, rule)) for one in told]
    tracks = (
        Track(_name(rule.kind, step), values),
        Track(_("would have told"), _bucketed(edges, marks, lowest=low)),
    )
    threshold = DOWN_AFTER_SECONDS if rule.kind is Kind.SOURCE else rule.amount
    series = Series(
        view.title, view.subtitle, measure_of(rule, view.chain), edges, tracks,
        timezone=view.zone, usual=Level(level, threshold) if threshold else None,
        words=picture_words(),
    )  # fmt: skip
    return ("crossings" if lasts else "peaks"), series


def times_series(view: View, told: Iterable[Told], budget: int) -> tuple[str, Series]:
    """How many messages in each hour or so, where rules of several kinds are meant."""
    step = step_for(view.period, BAR_STEPS[2:], MOST)
    edges = edges_of(view.now, view.period, step, view.zone)
    counts = [0] * (len(edges) - 1)
    for one in told:
        place = bisect_right(edges, one.at) - 1
        if 0 <= place < len(counts):
            counts[place] += 1
    limited = step == BAR_STEPS[2] and budget != UNLIMITED
    hourly = Level(_("your {amount}").format(amount=budget), budget) if limited else None
    measure = Measure(_("messages per {step}").format(step=_(STEP_NAMES[step])))
    tracks = (Track(_("messages"), tuple(counts)),)
    return "volume", Series(
        view.title, view.subtitle, measure, edges, tracks, timezone=view.zone, incomplete=True,
        usual=hourly, words=picture_words(),
    )  # fmt: skip


def _name(kind: Kind, step: int) -> str:
    """What the values are; a dot is the largest of the seconds of its bucket."""
    name = _(_NAMES[kind])
    if kind in LASTS_SECONDS:
        return name
    return _("{largest} of each {step}").format(largest=name, step=span(step))


_NAMES = {
    Kind.WHALES: marked("largest"),
    Kind.WATCH: marked("largest"),
    Kind.BLOCKS: marked("longest wait"),
    Kind.FEES: marked("usual rate"),
    Kind.PRICE: marked("price"),
    Kind.ANOMALIES: marked("rarest"),
    Kind.SOURCE: marked("not heard"),
}


def measure_of(rule: Subscription, chain: Chain) -> Measure:
    """What the values of a rule's picture count."""
    match rule.kind:
        case Kind.WHALES | Kind.WATCH:
            asset = counted(asset_in(rule.unit or chain.asset.symbol, chain.asset))
            return Measure(asset.symbol, 10**asset.decimals)
        case Kind.FEES:
            return Measure(chain.fee_rate_unit, 1000)
        case Kind.PRICE:
            return Measure(rule.unit, 10 ** money_in(rule.unit).decimals)
        case Kind.ANOMALIES:
            return Measure(_("one in so many"))
    return Measure(_("minutes"), 60)


def values_of(past: Past, rule: Subscription, chain: Chain) -> Iterator[tuple[int, int]]:
    """(time, value) of what a rule looks at, oldest first."""
    match rule.kind:
        case Kind.WHALES | Kind.WATCH:
            yield from _amounts(past, rule, chain)
        case Kind.BLOCKS:
            met = [at for at, _ in past.blocks]
            first = [past.tip.time] if past.tip else []
            yield from ((after, after - before) for before, after in pairwise([*first, *met]))
        case Kind.FEES:
            rates = ((moment.at, moment.fee_rate) for moment in past.moments)
            yield from ((at, rate) for at, rate in rates if rate is not None)
        case Kind.PRICE:
            ticker = past.tickers[rule.unit]
            yield from zip(ticker.times, ticker.micro, strict=True)
        case Kind.ANOMALIES:
            yield from ((alert.time, alert.rate) for alert in past.odd)
        case Kind.SOURCE:
            heard = ((moment.at, moment.heard_at) for moment in past.moments)
            yield from ((at, at - last) for at, last in heard if last is not None)


def _amounts(past: Past, rule: Subscription, chain: Chain) -> Iterator[tuple[int, int]]:
    for met in past.met:
        transaction = met.transaction
        amount = transaction.moved
        if rule.kind is Kind.WATCH:
            gained = gains(transaction).get(rule.address, 0)
            amount = abs(gained) if rule.goes(gained) else 0
        value: int | None = amount
        if rule.unit not in {"", chain.asset.symbol}:
            value = _worth(past, chain, amount, transaction.time)
        if value:
            yield transaction.time, value


def _worth(past: Past, chain: Chain, amount: int, time: int) -> int | None:
    micro = past.tickers["USD"].at(time)
    price = None if micro is None else Price(chain.asset.symbol, "USD", micro, time, "")
    return in_money(amount, chain.asset.decimals, price)


def _height(told: Told, rule: Subscription) -> int:
    """Where an alert stands on the value axis."""
    alert = told.alert
    if rule.kind is Kind.BLOCKS:
        return alert.window
    if rule.kind is Kind.ANOMALIES:
        return alert.rate
    if rule.unit == "USD" and rule.kind in {Kind.WHALES, Kind.WATCH}:
        return alert.usd_micro or 0
    return abs(alert.amount)


def _bucketed(
    edges: Sequence[int],
    values: Iterable[tuple[int, int]],
    *,
    lowest: bool = False,
    lasts: int = 0,
) -> tuple[Value, ...]:
    """The highest (or lowest) value of each bucket; where there is none the last holds on."""
    found: list[int | None] = [None] * (len(edges) - 1)
    last: list[int | None] = [None] * (len(edges) - 1)
    better = min if lowest else max
    held: tuple[int, int] | None = None
    for at, value in values:
        place = bisect_right(edges, at) - 1
        if place < 0:
            held = at, value
        elif place < len(found):
            known = found[place]
            found[place] = value if known is None else better(known, value)
            last[place] = at
    for place, best in enumerate(found):
        if best is not None:
            held = (last[place] or edges[place]), best
        elif held is not None and lasts and edges[place] < held[0] + lasts:
            found[place] = held[1]
    return tuple(found)
