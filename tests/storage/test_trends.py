"""What charts are drawn from, held against sums over all entries."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.database import open_database
from storage.rollups import Entry, add_entries
from storage.statistics import window_of
from storage.trends import earlier_totals, quantiles_by_bucket, sums_by_bucket
from tests.make import NOW

START = NOW - NOW % 86400
entries = st.lists(
    st.builds(
        Entry,
        time=st.integers(START, START + 3 * 86400 - 1),
        moved=st.integers(0, 10**15),
        fee=st.integers(0, 10**7),
        virtual_size=st.integers(60, 10_000),
    ),
    max_size=30,
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    database = open_database(tmp_path_factory.mktemp("trends") / "test.db")
    yield database
    database.close()


@given(entries, st.sampled_from((60, 300, 900, 3600, 21600, 86400)), st.integers(0, 100))
def test_a_bucket_is_the_sum_of_what_happened_in_it(empty, made, step, skipped):
    first = START + skipped * 900
    edges = [first - first % step + n * step for n in range(25)]
    empty.execute("BEGIN")
    add_entries(empty, "bitcoin", "seen", made)
    found = sums_by_bucket(empty, "bitcoin", "seen", edges)
    empty.execute("ROLLBACK")
    assert [bucket.start for bucket in found] == edges[:-1]
    for bucket, (start, end) in zip(found, pairwise(edges), strict=True):
        inside = [entry for entry in made if start <= entry.time < end]
        assert bucket.transactions == len(inside)
        assert bucket.moved == sum(entry.moved for entry in inside)
        assert bucket.fees == sum(entry.fee for entry in inside)


def test_quantiles_are_those_of_each_bucket(db):
    rates = {0: range(1, 102), 2: range(1000, 1101)}
    with db.atomic():
        for hour, offered in rates.items():
            made = [Entry(START + hour * 3600, 5, rate, 1) for rate in offered]
            add_entries(db, "bitcoin", "seen", made)
    edges = [START + hour * 3600 for hour in range(4)]
    found = quantiles_by_bucket(db, "bitcoin", "seen", "fee_rate", edges, (0.1, 0.5, 0.9))
    assert found[0] == pytest.approx((11_000, 51_000, 91_000), rel=0.04)
    assert found[1] == (None, None, None)
    assert found[2] == pytest.approx((1_010_000, 1_050_000, 1_090_000), rel=0.04)


def test_earlier_periods_are_told_as_far_back_as_all_is_known(db):
    with db.atomic():
        for day in range(5):
            made = [Entry(NOW - 3600 - day * 86400, day, 0, 1)] * (day + 1)
            add_entries(db, "bitcoin", "seen", made)
    window = window_of(NOW, 86400)
    known = NOW - 3600 - 4 * 86400
    found = earlier_totals(db, "bitcoin", "seen", window, known)
    assert [row.transactions for row in found] == [2, 3, 4]
    assert earlier_totals(db, "bitcoin", "seen", window, NOW - 86400) == ()
