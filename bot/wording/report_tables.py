"""The tables of a report: largest moves, watched addresses, blind times: pure."""

from collections.abc import Mapping, Sequence

from bot.charting.picture_words import picture_words
from bot.language import _, pgettext, unsealed
from bot.wording.amounts import format_money, round_number, unit_of
from bot.wording.summary import signed
from bot.wording.transaction_words import NOBODY, receivers_of, senders_of
from bot.wording.words import at, clean, many, number, short, span
from charts.model import Table
from detectors.whales import in_money
from storage.flows import Flow
from storage.statistics import blind_seconds
from watchers.model import Chain, Gap, Price, Transaction

_LABEL = 24


def largest_table(
    found: Sequence[Transaction],
    chain: Chain,
    labels: Mapping[str, str],
    price: Price | None,
    zone: str,
    subtitle: str,
) -> Table:
    """The transactions that moved most."""
    moved = _("{asset} moved").format(asset=unit_of(chain.asset))
    headings = (
        _("when"), moved, _("worth now"), pgettext("who", "from"), pgettext("who", "to"),
        _("transaction"),
    )  # fmt: skip
    return Table(
        _("The largest moves"), subtitle, headings,
        tuple(_large(transaction, chain, labels, price, zone) for transaction in found),
        picture_words(),
    )  # fmt: skip


def _large(
    transaction: Transaction,
    chain: Chain,
    labels: Mapping[str, str],
    price: Price | None,
    zone: str,
) -> tuple[str, ...]:
    worth = in_money(transaction.moved, chain.asset.decimals, price)
    senders, receivers = senders_of(transaction), receivers_of(transaction)
    return (
        at(transaction.time, zone),
        round_number(transaction.moved, chain.asset),
        "" if worth is None or price is None else format_money(worth, price.currency),
        _named(senders, labels),
        _named(receivers or senders, labels),
        short(transaction.hash),
    )


def _named(addresses: Sequence[str], labels: Mapping[str, str]) -> str:
    label = next((labels[address] for address in addresses if labels.get(address)), "")
    return clean(label, _LABEL) or (short(addresses[0]) if addresses else _(NOBODY))


def flows_table(flows: Sequence[Flow], chain: Chain, subtitle: str) -> Table:
    """What came to each watched address, and what left it, also where that is nothing."""
    headings = (_("address"), _("received"), _("sent"), _("net"), _("transactions"))
    rows = tuple(
        (
            clean(flow.watch.label, _LABEL) or short(flow.watch.address),
            round_number(flow.received, chain.asset),
            round_number(flow.sent, chain.asset),
            signed(flow.net, chain),
            number(flow.transactions),
        )
        for flow in flows
    )
    return Table(_("Your addresses"), subtitle, headings, rows, picture_words())


def gaps_table(gaps: Sequence[Gap], since: int, until: int, zone: str, subtitle: str) -> Table:
    """The times in which nothing was heard."""
    blind = blind_seconds(gaps, since, until)
    heard = many(
        len(gaps),
        "Heard nothing for {blind} in {n} gap",
        "Heard nothing for {blind} in {n} gaps",
        blind=span(blind),
    )
    title = heard if gaps else _("No gaps")
    rows = tuple(
        (
            at(gap.start, zone),
            at(gap.end, zone),
            span(gap.end - gap.start),
            clean(unsealed(gap.reason), 48),
        )
        for gap in gaps
    )
    headings = (pgettext("when", "from"), _("until"), _("length"), _("why"))
    return Table(title, subtitle, headings, rows, picture_words())
