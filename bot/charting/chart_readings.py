"""What each kind of chart shows, with its verdict: asks storage, makes a series.

One function a kind, by the name of the chart; `KINDS` holds them.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from statistics import median_low
from typing import TypeAlias

from bot.charting.buckets import (
    BAR_STEPS,
    BARS_AT_MOST,
    DAY,
    LINE_STEPS,
    POINTS_AT_MOST,
    QUARTER,
    edges_of,
    step_for,
)
from bot.charting.drift import read_drift
from bot.charting.question import Question, Reading
from bot.charting.series import (
    FEE_SHARES,
    Frame,
    fees_series,
    rate_series,
    sizes_series,
    volume_series,
)
from bot.desk import Desk
from bot.language import _
from bot.wording.amounts import format_fee_rate, format_money, format_round
from bot.wording.words import at, many, number, pace, span
from bot.wording.worth import price_of
from detectors.model import Kind
from detectors.whales import in_money
from storage.ledger import gaps_between
from storage.rollups import Rollup, histogram_between, quarters_since, widened
from storage.statistics import (
    known_since,
    recent_rate,
    rounded_quantile,
    totals,
)
from storage.subscriptions import subscriptions_of
from storage.trends import earlier_totals, quantiles_by_bucket, sums_by_bucket
from storage.waits import block_times

MARKED_BLOCKS_SECONDS = 2 * 86400
LIKE_BEFORE = 5
"""A change of less than so many percent is none."""
ENOUGH_EARLIER = 3


async def _read_volume(desk: Desk, asked: Question) -> Reading:
    chain, window = asked.chain, asked.window
    frame = await _frame(desk, asked, BAR_STEPS, BARS_AT_MOST)
    sums = await desk.read(sums_by_bucket, chain.name, "seen", frame.edges)
    total = await desk.read(totals, chain.name, "seen", window)
    change = await _change(desk, asked, frame, total, lambda row: row.moved)
    moved = format_round(total.moved, chain.asset)
    title = _("{amount} moved in {span}{compared}")
    title = title.format(amount=moved, span=_known_span(asked, frame), compared=change)
    if frame.known_since is None:
        return Reading(volume_series(frame, sums, _("Nothing seen yet"), _subtitle(asked)))
    price = await price_of(desk, chain.asset, asked.chat.currency, asked.now)
    value = in_money(total.moved, chain.asset.decimals, price)
    lines = [many(total.transactions, "In {n} transaction", "In {n} transactions")]
    if value is not None and price is not None:
        worth = _("Worth {money} at the price now")
        lines.append(worth.format(money=format_money(value, price.currency)))
    series = volume_series(frame, sums, title, _subtitle(asked))
    return Reading(series, (*lines, *_reservations(asked, frame)))


async def _read_rate(desk: Desk, asked: Question) -> Reading:
    chain, window = asked.chain, asked.window
    frame = await _frame(desk, asked, LINE_STEPS, POINTS_AT_MOST)
    seen = await desk.read(sums_by_bucket, chain.name, "seen", frame.edges)
    on_chain = await desk.read(sums_by_bucket, chain.name, "chain", frame.edges)
    total = await desk.read(totals, chain.name, "seen", window)
    change = await _change(desk, asked, frame, total, lambda row: row.transactions)
    minutes = max(1, asked.now - max(window.since, frame.known_since or 0)) / 60
    recent = await desk.read(recent_rate, chain.name, asked.now)
    title = _("{pace} transactions a minute{compared}")
    title = title.format(pace=pace(total.transactions / minutes), compared=change)
    if frame.known_since is None:
        nothing = _("Nothing seen yet")
        return Reading(rate_series(frame, seen, on_chain, nothing, _subtitle(asked)))
    series = rate_series(frame, seen, on_chain, title, _subtitle(asked))
    now = _("{pace} a minute now, {n} in {span}").format(
        pace=pace(recent), n=number(total.transactions), span=_known_span(asked, frame)
    )
    return Reading(series, (now, *_reservations(asked, frame)))


async def _read_fees(desk: Desk, asked: Question) -> Reading:
    chain, unit = asked.chain, asked.chain.fee_rate_unit
    by_days = asked.now - asked.period < await desk.read(quarters_since, chain.name)
    steps = [step for step in LINE_STEPS if step >= (DAY if by_days else QUARTER)]
    zone = "UTC" if by_days else asked.chat.timezone
    frame = await _frame(desk, asked, steps, POINTS_AT_MOST, zone)
    quantiles = await desk.read(
        quantiles_by_bucket, chain.name, "seen", "fee_rate", frame.edges, FEE_SHARES
    )
    whole = await desk.read(
        histogram_between, chain.name, "seen", "fee_rate", frame.edges[0], frame.edges[-1]
    )
    low, middle, high = (rounded_quantile(whole, share) for share in FEE_SHARES)
    if low is None or middle is None or high is None:
        return Reading(fees_series(frame, quantiles, _("No fees known yet"), _subtitle(asked)))
    usual = format_fee_rate(middle)
    most = _("Most pay {low} to {high}")
    title = _("Half pay {rate} {unit} or less").format(rate=usual, unit=unit)
    lines = (
        _("Median ≈ {rate} {unit}").format(rate=usual, unit=unit),
        most.format(low=format_fee_rate(low), high=format_fee_rate(high)),
        *([_("By UTC days")] if zone != asked.chat.timezone else []),
    )
    series = fees_series(frame, quantiles, title, _subtitle(asked))
    return Reading(series, (*lines, *_reservations(asked, frame)))


async def _read_sizes(desk: Desk, asked: Question) -> Reading:
    chain, window = asked.chain, asked.window
    since, until = window.since - window.since % QUARTER, window.until
    told_since, _until = await desk.read(widened, chain.name, since, until)
    histogram = await desk.read(histogram_between, chain.name, "seen", "moved", since, until)
    thresholds = await desk.read(subscriptions_of, asked.chat.id, Kind.WHALES)
    middle = rounded_quantile(histogram)
    title = _("Nothing seen yet")
    lines: tuple[str, ...] = ()
    if middle is not None:
        title = _("Half of all transactions move {amount} or less")
        title = title.format(amount=format_round(middle, chain.asset))
        largest = rounded_quantile(histogram, 0.99) or 0
        count = many(sum(histogram.values()), "{n} transaction", "{n} transactions")
        large = format_round(largest, chain.asset)
        whole = _("Whole UTC days, from {time}")
        lines = (
            _("Of {transactions}, one in a hundred moves ≈ {amount} or more").format(
                transactions=count, amount=large
            ),
            *([whole.format(time=at(told_since, "UTC"))] if told_since < since else []),
        )
    mine = [threshold for threshold in thresholds if threshold.chain == chain.name]
    return Reading(sizes_series(chain, histogram, mine, title, _subtitle(asked)), lines)


Read: TypeAlias = Callable[[Desk, Question], Awaitable[Reading]]
OF_CHAINS: Mapping[str, Read] = {
    "volume": _read_volume,
    "rate": _read_rate,
    "fees": _read_fees,
    "sizes": _read_sizes,
}
"""What happened on a chain."""
KINDS: Mapping[str, Read] = {**OF_CHAINS, "drift": read_drift}


async def _frame(
    desk: Desk, asked: Question, steps: Sequence[int], most: int, zone: str = ""
) -> Frame:
    zone = zone or asked.chat.timezone
    step = step_for(asked.period, steps, most)
    edges = edges_of(asked.now, asked.period, step, zone)
    marked = asked.period <= MARKED_BLOCKS_SECONDS
    name = asked.chain.name
    ticks = await desk.read(block_times, name, edges[0], edges[-1]) if marked else ()
    return Frame(
        asked.chain,
        edges,
        step,
        zone,
        asked.now,
        await desk.read(known_since, name),
        tuple(await desk.read(gaps_between, name, edges[0], asked.now)),
        tuple(ticks),
    )


async def _change(
    desk: Desk, asked: Question, frame: Frame, total: Rollup, count: Callable[[Rollup], int]
) -> str:
    """How a sum compares with the periods before, "" where none of them is known."""
    if frame.known_since is None:
        return ""
    earlier = await desk.read(
        earlier_totals, asked.chain.name, "seen", asked.window, frame.known_since
    )
    return change_words(count(total), [count(row) for row in earlier], asked.period)


def change_words(value: int, earlier: Sequence[int], period: int) -> str:
    """`, 18 % above the usual`: the median of the periods before, the newest first."""
    if not earlier:
        return ""
    usual = median_low(earlier) if len(earlier) >= ENOUGH_EARLIER else earlier[0]
    known = len(earlier) >= ENOUGH_EARLIER
    if not usual:
        return ""
    percent = (value - usual) * 100 // usual
    if abs(percent) < LIKE_BEFORE:
        like = _(", much as in the {span} before")
        return _(", as usual") if known else like.format(span=span(period))
    if known:
        said = _(", {n} % above the usual") if percent > 0 else _(", {n} % below the usual")
    elif percent > 0:
        said = _(", {n} % above the {span} before")
    else:
        said = _(", {n} % below the {span} before")
    return said.format(n=number(abs(percent)), span=span(period))


def _known_span(asked: Question, frame: Frame) -> str:
    if frame.known_since is None or frame.known_since < asked.window.since + 60:
        return span(asked.period)
    return span(max(0, asked.now - frame.known_since))


def _subtitle(asked: Question) -> str:
    return _("{chain}, last {span}").format(chain=asked.chain.title, span=span(asked.period))


def _reservations(asked: Question, frame: Frame) -> list[str]:
    known = frame.known_since
    if known is None or known < asked.window.since + 60:
        return []
    nothing = _("I know nothing from before {time}")
    return [nothing.format(time=at(known, asked.chat.timezone))]
