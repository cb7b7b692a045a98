"""Counts per minute, quarter of an hour and UTC day, in step with the rows they sum up.

How much moved and what was paid for a place is kept as histograms. Those of quarters of
an hour are large and let go after a while (`quarters_since`); those of days stay.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct
from sqlite_utils import Database

from storage.histogram import bucket_of

MINUTE, QUARTER, DAY = 60, 900, 86400
SPANS = (MINUTE, QUARTER, DAY)
HISTOGRAM_SPANS = (QUARTER, DAY)

Basis: TypeAlias = Literal["seen", "chain"]
Measure: TypeAlias = Literal["moved", "fee_rate"]
BASES: tuple[Basis, ...] = ("seen", "chain")
MEASURES: tuple[Measure, ...] = ("moved", "fee_rate")


class Entry(Struct, frozen=True, gc=False):
    """What one transaction adds: `moved` and `fee` in base units, `fee_rate` in
    thousandths of a base unit per virtual byte (None where the fee is unknown).
    """

    time: int
    moved: int
    fee: int | None
    virtual_size: int

    @property
    def fee_rate(self) -> int | None:
        """Thousandths of a base unit per virtual byte, rounded down."""
        return None if self.fee is None else self.fee * 1000 // max(self.virtual_size, 1)


class Rollup(Struct, frozen=True):
    """The sums over the transactions of one span; amounts in base units."""

    start: int
    transactions: int
    moved: int
    fees: int


class Part(NamedTuple):
    """The spans of one length that start in [since, until)."""

    span_seconds: int
    since: int
    until: int


def parts_of(since: int, until: int, span_seconds: int) -> tuple[Part, ...]:
    """[since, until) as the whole UTC days in it, and shorter spans before and after them."""
    first, last = since + -since % DAY, until - until % DAY
    if first >= last:
        return (Part(span_seconds, since, until),)
    return (
        Part(span_seconds, since, first),
        Part(DAY, first, last),
        Part(span_seconds, last, until),
    )


def add_entries(
    db: Database, chain: str, basis: Basis, entries: Iterable[Entry], sign: Literal[1, -1] = 1
) -> None:
    """Add transactions to the roll-ups, or take them out again."""
    minutes: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    quarters: Counter[tuple[Measure, int, int]] = Counter()
    for entry in entries:
        row = minutes[entry.time - entry.time % MINUTE]
        row[0] += 1
        row[1] += entry.moved
        row[2] += entry.fee or 0
        start = entry.time - entry.time % QUARTER
        quarters["moved", start, bucket_of(entry.moved)] += 1
        if (fee_rate := entry.fee_rate) is not None:
            quarters["fee_rate", start, bucket_of(fee_rate)] += 1
    _add_sums(db, chain, basis, minutes, sign)
    _add_histograms(db, chain, basis, quarters, sign)


def exact_sum(one: str, other: str) -> str:
    """The sum of two decimal integers of any size, as SQL is given it on the writing connection."""
    return str(int(one) + int(other))


def _add_sums(
    db: Database, chain: str, basis: Basis, minutes: Mapping[int, list[int]], sign: int
) -> None:
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for minute, row in minutes.items():
        for span in SPANS:
            place = span, minute - minute % span
            sums[place] = [into + value for into, value in zip(sums[place], row, strict=True)]
    db.conn.executemany(
        "INSERT INTO rollups VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " transactions = transactions + excluded.transactions,"
        " moved = exact_sum(moved, excluded.moved), fees = exact_sum(fees, excluded.fees)",
        [
            (chain, basis, *place, sign * count, str(sign * moved), str(sign * fees))
            for place, (count, moved, fees) in sums.items()
        ],
    )
    if sign < 0:
        db.conn.executemany(
            "DELETE FROM rollups WHERE chain = ? AND basis = ? AND span_seconds = ?"
            " AND start = ? AND transactions <= 0",
            [(chain, basis, *place) for place in sums],
        )


def _add_histograms(
    db: Database,
    chain: str,
    basis: Basis,
    quarters: Mapping[tuple[Measure, int, int], int],
    sign: int,
) -> None:
    counts: Counter[tuple[Measure, int, int, int]] = Counter()
    for (measure, quarter, bucket), count in quarters.items():
        for span in HISTOGRAM_SPANS:
            counts[measure, span, quarter - quarter % span, bucket] += count
    rows = [(chain, basis, *place) for place in counts]
    db.conn.executemany(
        "INSERT INTO histograms VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET transactions = transactions + excluded.transactions",
        [(*row, sign * count) for row, count in zip(rows, counts.values(), strict=True)],
    )
    if sign < 0:
        db.conn.executemany(
            "DELETE FROM histograms WHERE chain = ? AND basis = ? AND measure = ?"
            " AND span_seconds = ? AND start = ? AND bucket = ? AND transactions <= 0",
            rows,
        )


def rollups_between(
    db: Database, chain: str, basis: Basis, span_seconds: int, since: int, until: int
) -> list[Rollup]:
    """The roll-ups that start in [since, until), oldest first; empty spans are left out."""
    rows = db.conn.execute(
        "SELECT start, transactions, moved, fees FROM rollups"
        " WHERE chain = ? AND basis = ? AND span_seconds = ? AND start >= ? AND start < ?"
        " ORDER BY start",
        (chain, basis, span_seconds, since, until),
    )
    return [Rollup(start, count, int(moved), int(fees)) for start, count, moved, fees in rows]


def histogram_between(
    db: Database, chain: str, basis: Basis, measure: Measure, since: int, until: int
) -> dict[int, int]:
    """Transactions by bucket over the quarters of an hour that start in [since, until).

    Where the quarters are gone the period is widened to whole UTC days: see `widened`.
    """
    counts = Counter[int]()
    for part in parts_of(*widened(db, chain, since, until), QUARTER):
        rows = db.conn.execute(
            "SELECT bucket, sum(transactions) FROM histograms"
            " WHERE chain = ? AND basis = ? AND measure = ? AND span_seconds = ?"
            " AND start >= ? AND start < ? GROUP BY bucket",
            (chain, basis, measure, *part),
        )
        counts.update(dict(rows.fetchall()))
    return dict(counts)


def quarters_since(db: Database, chain: str) -> int:
    """The UTC day from which there are histograms of quarters of an hour, 0 for all days."""
    row = db.conn.execute(
        "SELECT quarters_since FROM checkpoints WHERE chain = ?", (chain,)
    ).fetchone()
    return int(row[0] or 0) if row else 0


def widened(db: Database, chain: str, since: int, until: int) -> tuple[int, int]:
    """[since, until) as histograms tell of it: whole UTC days before `quarters_since`."""
    kept = quarters_since(db, chain)
    return (
        since - since % DAY if since < kept else since,
        until + -until % DAY if until < kept else until,
    )
