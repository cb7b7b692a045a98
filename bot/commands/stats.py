"""`/stats [chain] [period]`: what happened on a chain."""

from collections.abc import Iterator

from msgspec import Struct

from bot.charting.picture_words import picture_words
from bot.commands.chart import chart_buttons
from bot.commands.command import Call, Parameter, Type
from bot.desk import Desk
from bot.language import _, marked, pgettext
from bot.wording.amounts import format_fee_rate, format_round, round_number, unit_of
from bot.wording.periods import DAY, period_buttons, typed_period
from bot.wording.words import (
    at,
    bold,
    clock,
    columns,
    day_of,
    filled,
    link,
    many,
    number,
    pace,
    quiet,
    say,
    short,
    span,
)
from bot.wording.worth import in_brackets, price_of
from charts.ticks import compact
from storage.model import Button, Line, Message
from storage.rollups import QUARTER
from storage.statistics import Side, Statistics, statistics_of, window_of
from watchers.model import Chain, Price

_ERROR = marked("≈ up to 3 % off")
UNKNOWN = "–"


class View(Struct, frozen=True):
    """What the numbers are shown with: the chain, the chat's zone, the price now."""

    chain: Chain
    zone: str
    price: Price | None
    now: int


class Stats:
    """Counts, amounts, fees, peaks and blocks of a period."""

    name = "stats"
    summary = marked("What happened on a chain: transactions, amounts, fees, blocks")
    parameters = (
        Parameter("chain", Type.CHAIN, marked("The one to tell of"), required=False),
        Parameter("period", Type.PERIOD, marked("How far back: 1h, 24h, 7d, 30d"), required=False),
    )
    examples = ("/stats", "/stats 7d", "/stats bitcoin 1h")
    changes = False
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        chain: Chain = call.arguments.get("chain") or next(iter(desk.chains.values()))
        period: int = call.arguments.get("period", DAY)
        window = window_of(call.now, period)
        found = await desk.read(statistics_of, chain.name, window, call.now)
        price = await price_of(desk, chain.asset, call.chat.currency, call.now)
        view = View(chain, call.chat.timezone, price, call.now)
        buttons = _buttons(chain, period)
        return format_statistics(found, period, view, buttons)


def format_statistics(
    found: Statistics, period: int, view: View, buttons: tuple[tuple[Button, ...], ...]
) -> Message:
    """The verdict, the sums side by side, then what stands out."""
    title = _("{chain}, last {span}").format(chain=view.chain.title, span=span(period))
    if found.known_since is None:
        return Message(
            say(bold(_("{title}: nothing seen yet").format(title=title))),
            (say(_("It fills as transactions come in. /status tells whether they do.")),),
            buttons,
        )
    moved = format_round(found.seen.moved, view.chain.asset)
    worth = in_brackets(found.seen.moved, view.chain.asset, view.price)
    lines = [
        *_table(found.seen, found.chain, view.chain),
        say(),
        *_pace(found, view),
        *_blocks(found, view),
        *_largest(found, view),
        *_reservations(found, view),
    ]
    amount = bold(f"{title}: {moved}")
    verdict = filled(_("{amount}{worth} moved"), amount=amount, worth=worth)
    return Message(verdict, tuple(lines), buttons)


def _table(seen: Side, chain: Side, about: Chain) -> tuple[Line, ...]:
    """Every number of what was seen beside that of what is on chain."""
    unit = unit_of(about.asset)
    sides = (seen, chain)
    rows = [
        ("", pgettext("table heading", "seen"), pgettext("table heading", "on chain")),
        (
            pgettext("table heading", "transactions"),
            *(number(side.transactions) for side in sides),
        ),
        (
            _("{asset} moved").format(asset=unit),
            *(round_number(side.moved, about.asset) for side in sides),
        ),
        (f"  {pgettext('table heading', 'mean')}", *(_mean(side, about) for side in sides)),
        (f"  {pgettext('table heading', 'median')}", *(_median(side, about) for side in sides)),
        (
            _("{asset} fees").format(asset=unit),
            *(round_number(side.fees, about.asset) for side in sides),
        ),
        (about.fee_rate_unit, *(_fee_rate(side) for side in sides)),
    ]
    return columns(rows)


def _mean(side: Side, chain: Chain) -> str:
    if not side.transactions:
        return UNKNOWN
    return round_number(side.moved // side.transactions, chain.asset)


def _median(side: Side, chain: Chain) -> str:
    known = side.median_moved is not None
    return f"≈{round_number(side.median_moved or 0, chain.asset)}" if known else UNKNOWN


def _fee_rate(side: Side) -> str:
    rate = side.median_fee_rate
    return UNKNOWN if rate is None else f"≈{format_fee_rate(rate)}"


def _pace(found: Statistics, view: View) -> Iterator[Line]:
    window = found.window
    known = max(window.since, found.known_since or 0)
    minutes = max(1, (min(view.now, window.until) - known) / 60)
    average = found.seen.transactions / minutes
    seen = _("Seen {now} a minute now, {average} on average")
    yield say(seen.format(now=pace(found.recent), average=pace(average)))
    if found.peak:
        said = _("Peak: {n} transactions from {begin} to {end} on {day}").format(
            n=number(found.peak.transactions),
            begin=clock(found.peak.start, view.zone),
            end=clock(found.peak.start + QUARTER, view.zone),
            day=day_of(found.peak.start, view.zone),
        )
        yield say(said)


def _blocks(found: Statistics, view: View) -> Iterator[Line]:
    blocks = found.blocks
    if blocks.mean_wait is not None and blocks.longest_wait is not None:
        ended = at(blocks.longest_wait_end or 0, view.zone)
        mean, longest = span(blocks.mean_wait), span(blocks.longest_wait)
        every = many(
            blocks.count,
            "{n} block, one every {span}",
            "{n} blocks, one every {span}",
            span=mean,
        )
        yield say(every)
        yield say(_("Longest wait: {span}, until {time}").format(span=longest, time=ended))
    else:
        yield say(many(blocks.count, "{n} block", "{n} blocks"))
    if blocks.difficulty is not None:
        yield say(
            _("Difficulty {difficulty}").format(
                difficulty=compact(blocks.difficulty, picture_words())
            )
        )


def _largest(found: Statistics, view: View) -> Iterator[Line]:
    if not found.largest:
        return
    raw = found.raw_since or 0
    heading = _("Largest")
    if raw > found.window.since + DAY:
        heading = _("Largest since {time}").format(time=at(raw, view.zone))
    yield say()
    yield say(bold(heading))
    for large in found.largest:
        url = view.chain.transaction_url.format(large.hash)
        amount = format_round(large.moved, view.chain.asset)
        worth = in_brackets(large.moved, view.chain.asset, view.price)
        yield say(f"{amount}{worth} · ", link(short(large.hash), url))


def _reservations(found: Statistics, view: View) -> Iterator[Line]:
    """What a reader must know to trust the numbers."""
    yield say()
    known = found.known_since or 0
    if known >= found.window.since + 60:
        little = _("I know only {span} of it: all since {time}.")
        yield say(little.format(span=span(view.now - known), time=at(known, view.zone)))
    if found.blind_seconds:
        blind = many(
            found.gaps,
            "Heard nothing for {span} in all ({n} gap).",
            "Heard nothing for {span} in all ({n} gaps).",
            span=span(found.blind_seconds),
        )
        yield say(blind)
    exact = _(_ERROR)
    if found.medians_since <= found.window.since - QUARTER:
        exact = _("{error}, over whole UTC days").format(error=exact)
    if view.price is not None:
        worth = _("{currency} at the price now").format(currency=view.price.currency)
        exact = f"{exact}; {worth}"
    yield say(quiet(exact))


def _buttons(chain: Chain, period: int) -> tuple[tuple[Button, ...], ...]:
    charts = chart_buttons(f"{chain.name} {typed_period(period)}")
    return charts, period_buttons(f"/stats {chain.name}", period, refresh=_("🔄 Refresh"))
