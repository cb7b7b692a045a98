"""How a summary reads: the verdict first, at most a dozen lines on a phone: pure."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bot.language import _
from bot.summaries.usual import Usual, busiest_hour, hours_of, moved_off, transactions_off
from bot.wording.amounts import format_fee_rate, format_round
from bot.wording.transaction_words import NOBODY, receivers_of, senders_of
from bot.wording.words import (
    at,
    bold,
    clean,
    clock,
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
    three_digits,
)
from bot.wording.worth import in_brackets
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
    week = facts.until - facts.since > 2 * DAY
    said = _("{n} transactions").format(n=three_digits(count))
    if not count:
        return say(
            bold(_("Nothing seen in the last {span}").format(span=span(until - facts.since)))
        )
    if usual is None:
        known = until - max(facts.since, facts.known_since or 0)
        return filled(_("{transactions} in {span}"), transactions=bold(said), span=span(known))
    off = transactions_off(facts, usual)
    return say(bold(f"{_kind(off, week=week)}: {said}"), change(off, usual))


def _kind(off: int | None, *, week: bool) -> str:
    if off is None or abs(off) < ORDINARY:
        return _("An ordinary week") if week else _("An ordinary day")
    if abs(off) < EXTREME:
        if off > 0:
            return _("A busy week") if week else _("A busy day")
        return _("A quiet week") if week else _("A quiet day")
    if off > 0:
        return _("A very busy week") if week else _("A very busy day")
    return _("A very quiet week") if week else _("A very quiet day")


def change(off: int | None, usual: Usual) -> str:
    """`, 18 % below usual`, or how it compares with the one period before."""
    if off is None:
        return ""
    if abs(off) < AS_USUAL:
        like = _(", much as {before}").format(before=usual.words)
        return like if usual.single else _(", as usual")
    if usual.single:
        said = _(", {n} % above {before}") if off > 0 else _(", {n} % below {before}")
    else:
        said = _(", {n} % above usual") if off > 0 else _(", {n} % below usual")
    return said.format(n=number(abs(off)), before=usual.words)


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
    length = span(view.until - facts.since)
    until = at(view.until, view.zone)
    yield say(
        _("{chain}, {length} to {time}").format(chain=view.chain.title, length=length, time=until)
    )
    if view.late:
        late = _("⏰ Late: at {time} I could not tell it.")
        yield say(late.format(time=clock(view.until, view.zone)))


def _moved(facts: ChainFacts, usual: Usual | None, view: View) -> Iterator[Line]:
    moved = sum(hour.moved for hour in hours_of(facts))
    if not moved:
        return
    asset = view.chain.asset
    off = moved_off(facts, usual)
    compared = change(off, usual) if usual else ""
    worth = in_brackets(moved, asset, view.price)
    amount = format_round(moved, asset)
    said = _("📊 {amount} moved{worth}{compared}")
    yield say(said.format(amount=amount, worth=worth, compared=compared))


def _pace(facts: ChainFacts, view: View) -> Iterator[Line]:
    busiest = busiest_hour(facts)
    if busiest is None:
        return
    count = sum(hour.transactions for hour in hours_of(facts))
    minutes = (view.until - max(facts.since, facts.known_since or 0)) / 60
    start, end = busiest.start, busiest.start + HOUR
    said = _("📈 {pace} a minute; busiest from {start} to {end} with {most} a minute")
    if minutes > 2 * DAY / 60:
        said = _("📈 {pace} a minute; busiest from {start} to {end} on {day} with {most} a minute")
    yield say(
        said.format(
            pace=pace(count / max(1, minutes)),
            start=clock(start, view.zone),
            end=clock(end, view.zone),
            day=day_of(start, view.zone),
            most=pace(busiest.transactions / 60),
        )
    )


def _fees(facts: ChainFacts, view: View) -> Iterator[Line]:
    if facts.fee_rate is None:
        return
    rate = f"{format_fee_rate(facts.fee_rate)} {view.chain.fee_rate_unit}"
    said = _("⛽ Median fee ≈ {rate} in the last hour").format(rate=rate)
    if facts.usual_fee_rate:
        days = round((facts.since - facts.fees_since) / DAY)
        said += many(
            max(1, days),
            ", {rate} in the day before",
            ", {rate} in the {n} days before",
            rate=format_fee_rate(facts.usual_fee_rate),
        )
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
    return short(addresses[0]) if addresses else _(NOBODY)


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
        more = _(", {n} more; {amount} in all")
        parts.append(more.format(n=number(rest), amount=signed(net, view.chain)))
    yield say(*parts)


def signed(amount: int, chain: Chain) -> str:
    """`+5.2 BTC`, `−0.3 BTC`, `±0 BTC`."""
    sign = "+" if amount > 0 else "−" if amount < 0 else "±"
    return f"{sign}{format_round(abs(amount), chain.asset)}"


def _alerts(chat: ChatFacts) -> Iterator[Line]:
    told, kept_back = chat.told.told, chat.told.kept_back
    if told or kept_back:
        kept = _(", {n} kept back").format(n=number(kept_back)) if kept_back else ""
        yield say(many(told, "🔔 {n} alert told", "🔔 {n} alerts told"), kept)


def _blind(facts: ChainFacts) -> Iterator[Line]:
    if facts.blind_seconds:
        said = many(
            len(facts.gaps),
            "🕶 Heard nothing for {blind} ({n} gap)",
            "🕶 Heard nothing for {blind} ({n} gaps)",
            blind=span(facts.blind_seconds),
        )
        yield say(said)


def _basis(facts: ChainFacts, usual: Usual | None, view: View) -> Iterator[Line]:
    """What the numbers rest on."""
    known = facts.known_since
    if known is None:
        yield say(_("It fills as transactions come in. /status tells whether they do."))
    elif known >= facts.since + 60:
        before = _("I know nothing from before {time}.").format(time=at(known, view.zone))
        yield say(quiet(before))
    elif usual and not usual.single:
        yield say(quiet(_("Usual: {usual}.").format(usual=usual.words)))
