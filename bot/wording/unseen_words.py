"""How a transaction came to be known, or why it is not: pure."""

from collections.abc import Iterator, Sequence

from bot.language import _, unsealed
from bot.wording.words import at, clean, clock, link, many, quiet, say, short
from storage.lookups import TransactionRecord
from storage.model import Line
from watchers.model import Chain, Gap

_REASON = 120
_GAPS = 3


def met_lines(record: TransactionRecord, gap: Gap | None, zone: str) -> Iterator[Line]:
    """When and how it was met."""
    seen = at(record.transaction.time, zone)
    if record.announced:
        yield say(_("First seen {time}, unconfirmed.").format(time=seen))
        return
    yield say(_("First met in a block of {time}.").format(time=seen))
    if gap is not None:
        yield say(gap_words(gap, zone), " ", _("So it was found late."))


def gap_words(gap: Gap, zone: str) -> str:
    """`I heard nothing from 13:00 to 13:20 on 3 May: connection lost.`"""
    start, end = clock(gap.start, zone), at(gap.end, zone)
    nothing = _("I heard nothing from {start} to {end}").format(start=start, end=end)
    reason = clean(unsealed(gap.reason), _REASON).rstrip(".")
    return f"{nothing}: {reason}." if reason else f"{nothing}."


def unseen_lines(
    chain: Chain, hash_: str, gaps: Sequence[Gap], since: int, zone: str
) -> Iterator[Line]:
    """What may have kept a transaction from being known, whose time nobody here knows."""
    unseen = _("I have not seen it since {time}; I know nothing from before.")
    yield say(unseen.format(time=at(since, zone)))
    for gap in gaps[-_GAPS:]:
        yield say(gap_words(gap, zone))
    if len(gaps) > _GAPS:
        more = many(len(gaps) - _GAPS, "… and {n} gap before", "… and {n} gaps before")
        yield say(quiet(more))
    if not gaps:
        yield say(_("I know of no gap in what I heard."))
    yield explorer_line(chain, hash_)


def missed_line(record: TransactionRecord, gap: Gap | None, since: int, zone: str) -> Line:
    """Why a transaction that the source knows is not stored here."""
    when = _("It is from {time}.").format(time=at(record.transaction.time, zone))
    if gap is not None:
        return say(when, " ", gap_words(gap, zone))
    if record.transaction.time < since:
        nothing = _("I know nothing from before {time}.").format(time=at(since, zone))
        return say(when, " ", nothing)
    if record.state.height is None:
        return say(when, " ", _("It is unconfirmed, and was not announced to me."))
    return say(when, " ", _("It did not come to me, though I know of no gap then."))


def explorer_line(chain: Chain, hash_: str) -> Line:
    """A way to look at it elsewhere."""
    return say(link(short(hash_), chain.transaction_url.format(hash_)))
