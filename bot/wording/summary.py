"""How a summary reads: the verdict first, at most a dozen lines on a phone: pure."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bot.summaries.usual import Usual, busiest_hour, hours_of, percent_off
from bot.wording.amounts import format_fee_rate, format_round
from bot.wording.transaction_words import NOBODY, receivers_of, senders_of
from bot.wording.words import (
    at,
    bold,
    clean,
    clock,
    day_of,
    link,
    many,
    pace,
    quiet,
    say,
    short,
    span,
)
from bot.wording.worth import in_brackets
from charts.ticks import compact
from storage.flows import Flow
from storage.model import Line, Text
from storage.rollups import DAY
from storage.summary_facts import HOUR, ChainFacts, ChatFacts
from watchers.model import Chain, Price, Transaction

AS_USUAL, ORDINARY, EXTREME = 5, 10, 40
"""Per cent: what is said to be as usual, makes an ordinary day, a very busy one."""
_FLOWS = 3
_LABEL = 24


class View(Struct, frozen=True):
    """What a summary is told with: the chat's zone and labels, its end and the price then."""

    chain: Chain
    zone: str
    labels: Mapping[str, str]
    price: Price | None
    until: int
    late: bool = False


def summary_title(facts: ChainFacts, usual: Usual | None, until: int) -> Line:
    """`A quiet day: 312k transactions, 18 % below usual`."""
    count = sum(hour.transactions for hour in hours_of(facts))
    length = "week" if facts.until - facts.since > 2 * DAY else "day"
    said = f"{compact(count)} transactions"
    if not count:
        return say(bold(f"Nothing seen in the last {span(facts.until - facts.since)}"))
    if usual is None:
        known = until - max(facts.since, facts.known_since or 0)
        return say(bold(said), f" in {span(known)}")
    off = percent_off(count, usual.transactions)
    return say(bold(f"{_kind(off, length)}: {said}"), change(off, usual))


def _kind(off: int | None, length: str) -> str:
    if off is None or abs(off) < ORDINARY:
        return f"An ordinary {length}"
    very = "very " if abs(off) >= EXTREME else ""
    return f"A {very}{'busy' if off > 0 else 'quiet'} {length}"


def change(off: int | None, usual: Usual) -> str:
    """`, 18 % below usual`, or how it compares with the one period before."""
    if off is None:
        return ""
    if abs(off) < AS_USUAL:
        return f", much as {usual.words}" if usual.single else ", as usual"
    way = "above" if off > 0 else "below"
    return f", {abs(off):,} % {way} {usual.words if usual.single else 'usual'}"


def summary_lines(
    facts: ChainFacts, usual: Usual | None, chat: ChatFacts, view: View
) -> tuple[Line, ...]:
    """What stands below the title."""
    return (
        *_period(facts, view),
        *_moved(facts, usual, view),
        *_pace(facts, view),
        *_fees(facts, view),
        *_largest(facts, view),
        *_flows(chat.flows, view),
        *_alerts(chat),
        *_blind(facts),
        *_basis(facts, usual, view),
    )


def _period(facts: ChainFacts, view: View) -> Iterator[Line]:
    length = span(facts.until - facts.since)
    yield say(f"{view.chain.title}, {length} to {at(view.until, view.zone)}")
    if view.late:
        yield say(f"⏰ Late: at {clock(view.until, view.zone)} I could not tell it.")


def _moved(facts: ChainFacts, usual: Usual | None, view: View) -> Iterator[Line]:
    moved = sum(hour.moved for hour in hours_of(facts))
    if not moved:
        return
    asset = view.chain.asset
    off = None if usual is None else percent_off(moved, usual.moved)
    compared = change(off, usual) if usual else ""
    worth = in_brackets(moved, asset, view.price)
    yield say(f"📊 {format_round(moved, asset)} moved{worth}{compared}")


def _pace(facts: ChainFacts, view: View) -> Iterator[Line]:
    busiest = busiest_hour(facts)
    if busiest is None:
        return
    count = sum(hour.transactions for hour in hours_of(facts))
    minutes = (view.until - max(facts.since, facts.known_since or 0)) / 60
    start, end = busiest.start, busiest.start + HOUR
    day = f" on {day_of(start, view.zone)}" if minutes > 2 * DAY / 60 else ""
    yield say(
        f"📈 {pace(count / max(1, minutes))} a minute; most from {clock(start, view.zone)}"
        f" to {clock(end, view.zone)}{day}: {pace(busiest.transactions / 60)}"
    )


def _fees(facts: ChainFacts, view: View) -> Iterator[Line]:
    if facts.fee_rate is None:
        return
    rate = f"{format_fee_rate(facts.fee_rate)} {view.chain.fee_rate_unit}"
    said = f"⛽ Median fee ≈ {rate} in the last hour"
    usual = facts.usual_fee_rate
    if usual:
        days = round((facts.since - facts.fees_since) / DAY)
        before = f"{many(days, '{n} day', '{n} days')} before" if days > 1 else "day before"
        said += f", {format_fee_rate(usual)} in the {before}"
    yield say(said)


def _largest(facts: ChainFacts, view: View) -> Iterator[Line]:
    for transaction in facts.largest:
        yield _large(transaction, view)


def _large(transaction: Transaction, view: View) -> Line:
    asset = view.chain.asset
    url = view.chain.transaction_url.format(transaction.hash)
    worth = in_brackets(transaction.moved, asset, view.price)
    senders, receivers = senders_of(transaction), receivers_of(transaction)
    return say(
        "🐋 ", link(format_round(transaction.moved, asset), url), f"{worth} ",
        party(senders, view.labels), " → ", party(receivers or senders, view.labels),
    )  # fmt: skip


def party(addresses: Sequence[str], labels: Mapping[str, str]) -> str | Text:
    """Who it was, by the chat's own name for them where it has one."""
    named = [labels[address] for address in addresses if labels.get(address)]
    if named:
        return bold(clean(named[0], _LABEL))
    return short(addresses[0]) if addresses else NOBODY


def _flows(flows: Sequence[Flow], view: View) -> Iterator[Line]:
    if not flows:
        return
    largest = sorted(flows, key=lambda flow: -abs(flow.net))
    parts: list[str | Text] = []
    for flow in largest[:_FLOWS]:
        parts += [", " if parts else "👁 ", party([flow.watch.address], view.labels), " "]
        parts.append(signed(flow.net, view.chain))
    rest = len(flows) - _FLOWS
    if rest > 0:
        net = sum(flow.net for flow in flows)
        parts.append(f", {rest} more; {signed(net, view.chain)} in all")
    yield say(*parts)


def signed(amount: int, chain: Chain) -> str:
    """`+5.2 BTC`, `−0.3 BTC`, `±0 BTC`."""
    sign = "+" if amount > 0 else "−" if amount < 0 else "±"
    return f"{sign}{format_round(abs(amount), chain.asset)}"


def _alerts(chat: ChatFacts) -> Iterator[Line]:
    told, kept_back = chat.told.told, chat.told.kept_back
    if told or kept_back:
        kept = f", {kept_back:,} kept back" if kept_back else ""
        yield say(f"🔔 {many(told, '{n} alert', '{n} alerts')} told{kept}")


def _blind(facts: ChainFacts) -> Iterator[Line]:
    if facts.blind_seconds:
        gaps = many(len(facts.gaps), "{n} gap", "{n} gaps")
        yield say(f"🕶 Heard nothing for {span(facts.blind_seconds)} ({gaps})")


def _basis(facts: ChainFacts, usual: Usual | None, view: View) -> Iterator[Line]:
    """What the numbers rest on."""
    known = facts.known_since
    if known is None:
        yield say("It fills as transactions come in. /status tells whether they do.")
    elif known >= facts.since + 60:
        yield say(quiet(f"I know nothing from before {at(known, view.zone)}."))
    elif usual and not usual.single:
        yield say(quiet(f"Usual: {usual.words}."))
