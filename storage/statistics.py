"""What happened on a chain in a period: sums from the roll-ups, never from all raw rows.

Its cost grows with the period that is asked for, not with the history that is stored.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from sqlite_utils import Database

from storage.alerts import state_of
from storage.histogram import quantile
from storage.ledger import gaps_between
from storage.rollups import MINUTE, QUARTER, Basis, Rollup, histogram_between, rollups_between
from storage.transactions import COINBASE
from watchers.model import Gap

BY_MINUTE_UP_TO_SECONDS = 48 * 3600
"""Longer periods are summed up by quarters of an hour: minutes are kept for three days."""
RECENT_MINUTES = 5
"""So many full minutes are what *now* means for a rate."""
_SCANNED_AT_MOST = 5_000
_CANDIDATES = 24


class Window(Struct, frozen=True):
    """A period in whole spans, [since, until): the last one still runs."""

    since: int
    until: int
    span_seconds: int


class Side(Struct, frozen=True):
    """The sums over the transactions seen, or over those on chain; amounts in base units.

    The medians come from fixed buckets and are up to 3.2 % off: base units, and
    thousandths of a base unit per virtual byte; None where there was nothing.
    """

    transactions: int
    moved: int
    fees: int
    median_moved: int | None
    median_fee_rate: int | None


class Blocks(Struct, frozen=True):
    """The main chain's blocks of a window, and the waits between neighbours in seconds."""

    count: int
    mean_wait: int | None
    longest_wait: int | None
    longest_wait_end: int | None
    difficulty: float | None


class Large(Struct, frozen=True):
    """One of the largest transactions."""

    hash: str
    moved: int
    seen_at: int


class Statistics(Struct, frozen=True):
    """What `/stats` tells. `recent`: seen in each of the last full minutes, on average.

    `known_since`: the first moment that the roll-ups speak of, `raw_since` that of the
    rows which the largest are taken from; None where there is none.
    """

    window: Window
    known_since: int | None
    raw_since: int | None
    seen: Side
    chain: Side
    recent: float
    peak: Rollup | None
    blocks: Blocks
    largest: tuple[Large, ...]
    blind_seconds: int
    gaps: int


def window_of(now: int, period_seconds: int) -> Window:
    """The period that ends now, as the roll-ups can tell of it."""
    span = MINUTE if period_seconds <= BY_MINUTE_UP_TO_SECONDS else QUARTER
    until = now - now % span + span
    return Window(until - -(-period_seconds // span) * span, until, span)


def statistics_of(db: Database, chain: str, window: Window, now: int) -> Statistics:
    """All that is told of a window."""
    seen = _side(db, chain, "seen", window)
    gaps = gaps_between(db, chain, window.since, min(now, window.until))
    return Statistics(
        window=window,
        known_since=known_since(db, chain),
        raw_since=raw_since(db, chain),
        seen=seen,
        chain=_side(db, chain, "chain", window),
        recent=recent_rate(db, chain, now),
        peak=_peak(db, chain, window),
        blocks=blocks_between(db, chain, window.since, window.until),
        largest=largest_between(db, chain, window, seen.transactions, 3, now),
        blind_seconds=blind_seconds(gaps, window.since, min(now, window.until)),
        gaps=len(gaps),
    )


def totals(db: Database, chain: str, basis: Basis, window: Window) -> Rollup:
    """The exact sums over a window."""
    rows = rollups_between(db, chain, basis, window.span_seconds, window.since, window.until)
    return Rollup(
        window.since,
        sum(row.transactions for row in rows),
        sum(row.moved for row in rows),
        sum(row.fees for row in rows),
    )


def _side(db: Database, chain: str, basis: Basis, window: Window) -> Side:
    sums = totals(db, chain, basis, window)
    first = window.since - window.since % QUARTER
    moved = histogram_between(db, chain, basis, "moved", first, window.until)
    rates = histogram_between(db, chain, basis, "fee_rate", first, window.until)
    return Side(
        sums.transactions, sums.moved, sums.fees, rounded_quantile(moved), rounded_quantile(rates)
    )


def rounded_quantile(counts: dict[int, int], share: float = 0.5) -> int | None:
    """A quantile of a histogram as a whole number."""
    value = quantile(counts, share)
    return None if value is None else round(value)


def known_since(db: Database, chain: str) -> int | None:
    """The first moment the roll-ups speak of: to the minute while minutes are kept."""
    quarter = _first_start(db, chain, QUARTER)
    minute = _first_start(db, chain, MINUTE)
    if quarter is None or minute is None:
        return quarter
    return minute if minute < quarter + QUARTER else quarter


def _first_start(db: Database, chain: str, span: int) -> int | None:
    row = db.conn.execute(
        "SELECT start FROM rollups WHERE chain = ? AND basis = 'seen' AND span_seconds = ?"
        " AND transactions > 0 ORDER BY start LIMIT 1",
        (chain, span),
    ).fetchone()
    return int(row[0]) if row else None


def raw_since(db: Database, chain: str) -> int | None:
    """When the oldest transaction that is still stored whole was first met."""
    row = db.conn.execute(
        "SELECT min(seen_at) FROM transactions WHERE chain = ?", (chain,)
    ).fetchone()
    return None if row[0] is None else int(row[0])


def recent_rate(db: Database, chain: str, now: int) -> float:
    """Transactions seen a minute, over the last full minutes."""
    until = now - now % MINUTE
    window = Window(until - RECENT_MINUTES * MINUTE, until, MINUTE)
    return totals(db, chain, "seen", window).transactions / RECENT_MINUTES


def _peak(db: Database, chain: str, window: Window) -> Rollup | None:
    """The quarter of an hour with the most transactions, of those that begin in the window."""
    quarters = rollups_between(db, chain, "seen", QUARTER, window.since, window.until)
    return max(quarters, key=lambda row: row.transactions, default=None)


def blocks_between(db: Database, chain: str, since: int, until: int) -> Blocks:
    """How many blocks came, and how long each let wait for it.

    A wait is counted where the block before is known, too: it may lie before the window.
    """
    rows = db.conn.execute(
        "SELECT b.height, b.time, p.time FROM blocks b LEFT JOIN blocks p"
        " ON p.chain = b.chain AND p.hash = b.parent"
        " WHERE b.chain = ? AND b.canonical = 1 AND b.time >= ? AND b.time < ?",
        (chain, since, until),
    ).fetchall()
    waits = [(time - before, time) for _, time, before in rows if before is not None]
    longest, end = max(waits, default=(None, None))
    mean = round(sum(wait for wait, _ in waits) / len(waits)) if waits else None
    return Blocks(len(rows), mean, longest, end, _difficulty(db, chain))


def _difficulty(db: Database, chain: str) -> float | None:
    row = db.conn.execute(
        "SELECT difficulty FROM blocks WHERE chain = ? AND canonical = 1"
        " ORDER BY height DESC LIMIT 1",
        (chain,),
    ).fetchone()
    return row[0] if row else None


def largest_between(
    db: Database, chain: str, window: Window, transactions: int, most: int, now: int
) -> tuple[Large, ...]:
    """The transactions that moved most, without those that another one has replaced.

    Where only few of all `transactions` fall into the window they are looked through;
    else all amounts are walked from the top until enough of them do.
    """
    few = transactions <= _SCANNED_AT_MOST
    index = "transactions_by_time" if few else "transactions_by_amount"
    rows = db.conn.execute(
        f"SELECT hash, moved, seen_at FROM transactions INDEXED BY {index}"
        " WHERE chain = ? AND seen_at >= ? AND seen_at < ? AND category != ?"
        " ORDER BY moved_real DESC LIMIT ?",
        (chain, window.since, window.until, COINBASE, _CANDIDATES),
    )
    found: list[Large] = []
    for hash_, moved, seen_at in rows:
        if not state_of(db, chain, hash_, now).replaced_by:
            found.append(Large(hash_, int(moved), seen_at))
        if len(found) == most:
            break
    return tuple(found)


def blind_seconds(gaps: Iterable[Gap], since: int, until: int) -> int:
    """How much of [since, until) the gaps cover, each moment counted once."""
    covered, heard_from = 0, since
    for start, end in sorted((gap.start, gap.end) for gap in gaps):
        covered += max(0, min(end, until) - max(start, heard_from))
        heard_from = max(heard_from, end)
    return covered


def block_times(db: Database, chain: str, since: int, until: int) -> Sequence[int]:
    """When the main chain's blocks of [since, until) were mined."""
    rows = db.conn.execute(
        "SELECT time FROM blocks WHERE chain = ? AND canonical = 1 AND time >= ? AND time < ?"
        " ORDER BY time",
        (chain, since, until),
    )
    return [time for (time,) in rows]
