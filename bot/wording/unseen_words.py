"""How a transaction came to be known, or why it is not: pure."""

from collections.abc import Iterable, Iterator

from bot.wording.words import at, clean, clock, link, many, say, short
from storage.lookups import TransactionRecord
from storage.model import Line
from watchers.model import Chain, Gap

_REASON = 120


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
    chain: Chain, hash_: str, gaps: Iterable[Gap], raw_days: int, zone: str
) -> Iterator[Line]:
    """What may have kept a transaction from being known, whose time nobody here knows."""
    kept = many(raw_days, "{n} day", "{n} days")
    silent = list(gaps)
    yield say(f"I never saw it, or longer ago than the {kept} that I keep.")
    for gap in silent[-3:]:
        yield say(f"{gap_words(gap, zone)}.")
    if not silent:
        yield say(f"I heard {chain.title} all the time in these {kept}.")
    yield explorer_line(chain, hash_)


def missed_lines(
    record: TransactionRecord, gap: Gap | None, since: int | None, oldest: int, zone: str
) -> Iterator[Line]:
    """Why a transaction that the source knows is not stored here."""
    time = record.transaction.time
    if gap is not None:
        yield say(f"{gap_words(gap, zone)}. It is from then, {at(time, zone)}.")
    elif since is not None and time < since:
        yield say(f"It is from {at(time, zone)}, before I began to listen.")
    elif time < oldest:
        yield say(f"It is from {at(time, zone)}, older than what I keep.")
    elif record.header is None and record.state.height is None:
        yield say(f"It is unconfirmed since {at(time, zone)}, and was not announced to me.")
    else:
        yield say(f"It is from {at(time, zone)}, and did not come to me.")


def explorer_line(chain: Chain, hash_: str) -> Line:
    """A way to look at it elsewhere."""
    return say(link(short(hash_), chain.transaction_url.format(hash_)))
