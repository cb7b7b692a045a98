"""Counts per minute and per quarter of an hour, kept in step with the rows they sum up."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct
from sqlite_utils import Database

from storage.histogram import bucket_of

MINUTE = 60
QUARTER = 900
SPANS = (MINUTE, QUARTER)

Basis: TypeAlias = Literal["seen", "chain"]
Measure: TypeAlias = Literal["moved", "fee_rate"]


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


def add_entries(
    db: Database, chain: str, basis: Basis, entries: Iterable[Entry], sign: Literal[1, -1] = 1
) -> None:
    """Add transactions to the roll-ups, or take them out again."""
    entries = tuple(entries)
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    histograms: Counter[tuple[Measure, int, int]] = Counter()
    for entry in entries:
        for span in SPANS:
            row = sums[span, entry.time - entry.time % span]
            row[0] += 1
            row[1] += entry.moved
            row[2] += entry.fee or 0
        start = entry.time - entry.time % QUARTER
        histograms["moved", start, bucket_of(entry.moved)] += 1
        if (fee_rate := entry.fee_rate) is not None:
            histograms["fee_rate", start, bucket_of(fee_rate)] += 1
    _add_sums(db, chain, basis, sums, sign)
    _add_histograms(db, chain, basis, histograms, sign)


def _add_sums(
    db: Database,
    chain: str,
    basis: Basis,
    sums: Mapping[tuple[int, int], list[int]],
    sign: int,
) -> None:
    """The sums are exact integers of any size, so they are added here and not in SQL."""
    rows = []
    for (span, start), (count, moved, fees) in sums.items():
        old = db.conn.execute(
            "SELECT transactions, moved, fees FROM rollups"
            " WHERE chain = ? AND basis = ? AND span_seconds = ? AND start = ?",
            (chain, basis, span, start),
        ).fetchone() or (0, "0", "0")
        rows.append((
            chain, basis, span, start,
            old[0] + sign * count, str(int(old[1]) + sign * moved), str(int(old[2]) + sign * fees),
        ))  # fmt: skip
    db.conn.executemany("INSERT OR REPLACE INTO rollups VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _add_histograms(
    db: Database,
    chain: str,
    basis: Basis,
    histograms: Mapping[tuple[Measure, int, int], int],
    sign: int,
) -> None:
    db.conn.executemany(
        "INSERT INTO histograms VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET transactions = transactions + excluded.transactions",
        [
            (chain, basis, measure, start, bucket, sign * count)
            for (measure, start, bucket), count in histograms.items()
        ],
    )


def rollups_between(
    db: Database, chain: str, basis: Basis, span_seconds: int, since: int, until: int
) -> list[Rollup]:
    """The roll-ups that start in [since, until), oldest first; empty spans are left out."""
    rows = db.conn.execute(
        "SELECT start, transactions, moved, fees FROM rollups"
        " WHERE chain = ? AND basis = ? AND span_seconds = ? AND start >= ? AND start < ?"
        " AND transactions > 0 ORDER BY start",
        (chain, basis, span_seconds, since, until),
    )
    return [Rollup(start, count, int(moved), int(fees)) for start, count, moved, fees in rows]


def histogram_between(
    db: Database, chain: str, basis: Basis, measure: Measure, since: int, until: int
) -> dict[int, int]:
    """Transactions by bucket over the quarters of an hour that start in [since, until)."""
    rows = db.conn.execute(
        "SELECT bucket, sum(transactions) FROM histograms"
        " WHERE chain = ? AND basis = ? AND measure = ? AND start >= ? AND start < ?"
        " GROUP BY bucket HAVING sum(transactions) > 0",
        (chain, basis, measure, since, until),
    )
    return dict(rows.fetchall())


def histograms_by_quarter(
    db: Database, chain: str, basis: Basis, measure: Measure, since: int, until: int
) -> dict[int, dict[int, int]]:
    """As `histogram_between`, but a histogram for each quarter of an hour by its start."""
    rows = db.conn.execute(
        "SELECT start, bucket, transactions FROM histograms"
        " WHERE chain = ? AND basis = ? AND measure = ? AND start >= ? AND start < ?"
        " AND transactions > 0",
        (chain, basis, measure, since, until),
    )
    quarters: dict[int, dict[int, int]] = defaultdict(dict)
    for start, bucket, count in rows:
        quarters[start][bucket] = count
    return quarters
