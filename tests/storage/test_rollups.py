"""The roll-ups of days beside those of quarters of an hour, held against naive counts."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.blocks import begin_chain
from storage.database import open_database
from storage.histogram import bucket_of
from storage.retention import delete_old
from storage.rollups import (
    DAY,
    QUARTER,
    Entry,
    add_entries,
    histogram_between,
    parts_of,
    quarters_since,
    widened,
)
from storage.statistics import Window, statistics_of, totals
from storage.trends import quantiles_by_bucket, sums_by_bucket
from tests.make import NOW

START = NOW - NOW % DAY
DAYS = 5
moments = st.integers(START, START + DAYS * DAY - 1)
entries = st.lists(
    st.builds(
        Entry,
        time=moments,
        moved=st.integers(0, 10**9),
        fee=st.none() | st.integers(0, 10**5),
        virtual_size=st.integers(60, 1000),
    ),
    max_size=20,
)
edges = st.integers(-1, DAYS * DAY // QUARTER + 1).map(lambda n: START + n * QUARTER)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    database = open_database(tmp_path_factory.mktemp("rollups") / "test.db")
    with database.atomic():
        begin_chain(database, "bitcoin", START)
    yield database
    database.close()


def naive(made, since, until):
    inside = [entry for entry in made if since <= entry.time < until]
    rates = [entry.fee_rate for entry in inside if entry.fee_rate is not None]
    return (
        Counter(bucket_of(entry.moved) for entry in inside),
        Counter(bucket_of(rate) for rate in rates),
    )


def told(db, since, until):
    return tuple(
        histogram_between(db, "bitcoin", "chain", measure, since, until)
        for measure in ("moved", "fee_rate")
    )


@given(moments, st.integers(0, 4 * DAY), st.sampled_from((60, QUARTER)))
def test_the_parts_of_a_period_are_all_of_it_once(since, length, span):
    until = since + length
    parts = parts_of(since, until, span)
    assert (parts[0].since, parts[-1].until) == (since, until)
    assert all(a.until == b.since for a, b in pairwise(parts))
    for part in parts:
        if part.span_seconds == DAY:
            assert part.since % DAY == part.until % DAY == 0
        else:
            assert part.until - part.since < 2 * DAY


@given(entries, entries, edges, edges)
def test_days_and_quarters_together_tell_what_a_reorg_left(empty, kept, orphaned, since, until):
    since, until = sorted((since, until))
    empty.execute("BEGIN")
    add_entries(empty, "bitcoin", "chain", [*kept, *orphaned])
    add_entries(empty, "bitcoin", "chain", orphaned, sign=-1)
    found = told(empty, since, until)
    sums = totals(empty, "bitcoin", "chain", Window(since, until, QUARTER))
    empty.execute("ROLLBACK")
    assert found == naive(kept, since, until)
    inside = [entry for entry in kept if since <= entry.time < until]
    assert sums.transactions == len(inside)
    assert sums.moved == sum(entry.moved for entry in inside)


@given(entries, entries, edges, edges, st.integers(0, DAYS), st.integers(0, 30))
def test_where_quarters_are_gone_the_period_is_told_in_whole_days(
    empty, before, late, since, until, gone, slices
):
    """Also while they are being deleted, and where something old comes late."""
    since, until = sorted((since, until))
    empty.execute("BEGIN")
    add_entries(empty, "bitcoin", "chain", before)
    for _ in range(slices + 1):
        delete_old(empty, START + gone * DAY + 7 * QUARTER, 0)
    add_entries(empty, "bitcoin", "chain", late)
    found = told(empty, since, until)
    wide = widened(empty, "bitcoin", since, until)
    empty.execute("ROLLBACK")
    limit = START + gone * DAY
    assert wide[0] == (since if since >= limit else since - since % DAY)
    assert wide[1] == (until if until >= limit else until + -until % DAY)
    assert found == naive([*before, *late], *wide)


def test_nothing_is_left_of_what_a_reorg_takes_out(db):
    made = [Entry(NOW + n * 700, 10**n, 100 + n, 100) for n in range(12)]
    with db.atomic():
        add_entries(db, "bitcoin", "chain", made)
        add_entries(db, "bitcoin", "chain", made, sign=-1)
    assert db.table("rollups").count == db.table("histograms").count == 0


def test_periods_are_read_without_a_scan_whatever_is_kept(db, plan):
    with db.atomic():
        made = [Entry(NOW - n * 7 * QUARTER, n, n, 100) for n in range(600)]
        add_entries(db, "bitcoin", "seen", made)
    db.conn.execute("ANALYZE")
    days = range(START - 20 * DAY, START + DAY, DAY)

    def read():
        delete_old(db, NOW, 3 * DAY)
        assert quarters_since(db, "bitcoin") == START - 3 * DAY
        statistics_of(db, "bitcoin", Window(START - 20 * DAY, NOW, QUARTER), NOW)
        sums_by_bucket(db, "bitcoin", "seen", days)
        quantiles_by_bucket(db, "bitcoin", "seen", "fee_rate", days, (0.5,))

    with db.atomic():
        steps = plan(db, read, ("rollups", "histograms"))
    assert len(steps) > len(days)
    assert not [step for step in steps if not step.startswith(("SEARCH", "USE TEMP", "SCALAR"))]
