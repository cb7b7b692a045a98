"""What happened on a chain in a period: sums from the roll-ups, never from all raw rows.

Its cost grows with the period that is asked for, not with the history that is stored.
"""

from collections.abc import Iterable

from msgspec import Struct
from sqlite_utils import Database

from storage.histogram import quantile
from storage.ledger import gaps_between
from storage.rollups import (
    MINUTE,
    QUARTER,
    Basis,
    Rollup,
    histogram_between,
    parts_of,
    rollups_between,
    widened,
)
from storage.states import state_of
from storage.transactions import COINBASE
from storage.waits import Blocks, blocks_between
from watchers.model import Gap

BY_MINUTE_UP_TO_SECONDS = 48 * 3600
"""Longer periods are summed up by quarters of an hour: minutes are kept for three days."""
RECENT_MINUTES = 5
"""So many full minutes are what *now* means for a rate."""
FEWEST_FEES = 10
"""Fewer transactions than this say nothing of what is usually paid."""
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


class Large(Struct, frozen=True):
    """One of the largest transactions."""

    hash: str
    moved: int
    seen_at: int


class Statistics(Struct, frozen=True):
    """What `/stats` tells. `recent`: seen in each of the last full minutes, on average.

    `known_since`: the first moment that the roll-ups speak of, `raw_since` that of the
    rows which the largest are taken from; None where there is none. `medians_since`: where
    the medians begin, before the window if only whole UTC days are known of its first one.
    """

    window: Window
    known_since: int | None
    raw_since: int | None
    medians_since: int
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
        medians_since=widened(db, chain, *_quarters(window))[0],
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
    parts = parts_of(window.since, window.until, window.span_seconds)
    rows = [row for part in parts for row in rollups_between(db, chain, basis, *part)]
    return Rollup(
        window.since,
        sum(row.transactions for row in rows),
        sum(row.moved for row in rows),
        sum(row.fees for row in rows),
    )


def _side(db: Database, chain: str, basis: Basis, window: Window) -> Side:
    sums = totals(db, chain, basis, window)
    moved = histogram_between(db, chain, basis, "moved", *_quarters(window))
    rates = histogram_between(db, chain, basis, "fee_rate", *_quarters(window))
    return Side(
        sums.transactions, sums.moved, sums.fees, rounded_quantile(moved), rounded_quantile(rates)
    )


def _quarters(window: Window) -> tuple[int, int]:
    """A window from the beginning of its first quarter of an hour on."""
    return window.since - window.since % QUARTER, window.until


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
        " ORDER BY start LIMIT 1",
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


def recent_fee_rate(db: Database, chain: str, now: int) -> int | None:
    """The median of what was paid in the running quarter of an hour and the one before it.

    Thousandths of a base unit per virtual byte, of the transactions seen; None where fewer
    than `FEWEST_FEES` tell.
    """
    since = now - now % QUARTER - QUARTER
    rates = histogram_between(db, chain, "seen", "fee_rate", since, since + 2 * QUARTER)
    return rounded_quantile(rates) if sum(rates.values()) >= FEWEST_FEES else None


def _peak(db: Database, chain: str, window: Window) -> Rollup | None:
    """The quarter of an hour with the most transactions, of those that begin in the window."""
    row = db.conn.execute(
        "SELECT start, transactions, moved, fees FROM rollups"
        " WHERE chain = ? AND basis = 'seen' AND span_seconds = ? AND start >= ? AND start < ?"
        " ORDER BY transactions DESC, start LIMIT 1",
        (chain, QUARTER, window.since, window.until),
    ).fetchone()
    return Rollup(row[0], row[1], int(row[2]), int(row[3])) if row else None


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
