"""How a transaction came to be known, or why it is not: pure."""

from collections.abc import Iterator, Sequence

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
        yield say(f"First seen {seen}, unconfirmed.")
        return
    yield say(f"First met in a block of {seen}.")
    if gap is not None:
        yield say(f"{gap_words(gap, zone)}, so it was found late.")


def gap_words(gap: Gap, zone: str) -> str:
    """`I heard nothing from 13:00 to 13:20 on 3 May (connection lost)`."""
    reason = clean(gap.reason, _REASON)
    because = f" ({reason})" if reason else ""
    return f"I heard nothing from {clock(gap.start, zone)} to {at(gap.end, zone)}{because}"


def unseen_lines(
    chain: Chain, hash_: str, gaps: Sequence[Gap], since: int, zone: str
) -> Iterator[Line]:
    """What may have kept a transaction from being known, whose time nobody here knows."""
    yield say(f"I have not seen it since {at(since, zone)}; I know nothing from before.")
    for gap in gaps[-_GAPS:]:
        yield say(f"{gap_words(gap, zone)}.")
    if len(gaps) > _GAPS:
        yield say(quiet(f"… and {many(len(gaps) - _GAPS, 'gap')} before"))
    if not gaps:
        yield say("I know of no gap in what I heard.")
    yield explorer_line(chain, hash_)


def missed_line(record: TransactionRecord, gap: Gap | None, since: int, zone: str) -> Line:
    """Why a transaction that the source knows is not stored here."""
    when = f"It is from {at(record.transaction.time, zone)}"
    if gap is not None:
        return say(f"{when}. {gap_words(gap, zone)}.")
    if record.transaction.time < since:
        return say(f"{when}, and I know nothing from before {at(since, zone)}.")
    if record.state.height is None:
        return say(f"{when}, is unconfirmed, and was not announced to me.")
    return say(f"{when}, and did not come to me, though I know of no gap then.")


def explorer_line(chain: Chain, hash_: str) -> Line:
    """A way to look at it elsewhere."""
    return say(link(short(hash_), chain.transaction_url.format(hash_)))
