"""Roll-ups and histograms put into the buckets of a chart, and what was usual before."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from sqlite_utils import Database

from storage.histogram import quantile
from storage.rollups import (
    DAY,
    MINUTE,
    QUARTER,
    Basis,
    Measure,
    Rollup,
    histogram_between,
    rollups_between,
)
from storage.statistics import Window, totals

MOST_EARLIER = 7


def sums_by_bucket(
    db: Database, chain: str, basis: Basis, edges: Sequence[int]
) -> tuple[Rollup, ...]:
    """The exact sums of each bucket; edges that are not on a quarter need minutes."""
    spans = (DAY, QUARTER)
    span = next((s for s in spans if not any(edge % s for edge in edges)), MINUTE)
    sums = [[edge, 0, 0, 0] for edge in edges[:-1]]
    for row in rollups_between(db, chain, basis, span, edges[0], edges[-1]):
        into = sums[bisect_right(edges, row.start) - 1]
        into[1] += row.transactions
        into[2] += row.moved
        into[3] += row.fees
    return tuple(Rollup(*bucket) for bucket in sums)


def quantiles_by_bucket(
    db: Database,
    chain: str,
    basis: Basis,
    measure: Measure,
    edges: Sequence[int],
    shares: Sequence[float],
) -> tuple[tuple[int | None, ...], ...]:
    """About these quantiles for each bucket, None where it is empty.

    The edges are on quarters of an hour; those before `quarters_since` on UTC days.
    """
    found = []
    for start, end in pairwise(edges):
        counts = histogram_between(db, chain, basis, measure, start, end)
        values = [quantile(counts, share) for share in shares]
        found.append(tuple(None if value is None else round(value) for value in values))
    return tuple(found)


def earlier_totals(
    db: Database, chain: str, basis: Basis, window: Window, known_since: int
) -> tuple[Rollup, ...]:
    """The sums over the periods as long as the window before it, as far as all is known.

    The newest first; they begin on quarters of an hour.
    """
    length = window.until - window.since
    first = window.since - window.since % QUARTER
    found = []
    for number in range(1, MOST_EARLIER + 1):
        since = first - number * length
        if since < known_since:
            break
        found.append(totals(db, chain, basis, Window(since, since + length, QUARTER)))
    return tuple(found)
