"""The feature store's bounds: a sample of what is old, drawn by hashes, without a bias."""

from statistics import mean

import pytest

from detectors.model import Scored
from storage import thinning
from storage.features import features_of_hash, save_features
from storage.retention import delete_old
from storage.thinning import SLICE, WHOLE_SECONDS, Sample, draw, sample_of, thin_features
from tests.make import NOW, hash_of

NAMES = ("moved",)
SECONDS = 10
ALL = (0, 2**40)


def fill(db, count, *, since=NOW, rate=1.0):
    """So many transactions, one every ten seconds, each with its number as its feature."""
    with db.atomic():
        rows = [
            Scored(hash_of("thin", since, n), since + n * SECONDS, (float(n),), 1, 0.5, rate)
            for n in range(count)
        ]
        save_features(db, "bitcoin", NAMES, rows)
    return rows


def thin(db, now):
    slices = 0
    with db.atomic():
        while thin_features(db, "bitcoin", now):
            slices += 1
    return slices


def count(db):
    return db.table("features").count


@pytest.fixture
def bound(monkeypatch):
    monkeypatch.setattr(thinning, "MOST_ROWS", 5_000)


OLD = NOW + 12_000 * SECONDS + WHOLE_SECONDS
"""When all of 12,000 are older than what is kept whole."""


@pytest.mark.usefixtures("bound")
def test_what_is_old_is_thinned_until_it_is_not_too_much(db):
    fill(db, 12_000)
    assert thin(db, OLD) > 12_000 // SLICE
    assert sample_of(db, "bitcoin").one_in == 4
    assert 2_500 < count(db) < 5_000
    assert thin(db, OLD + 60) == 0


@pytest.mark.usefixtures("bound")
def test_what_stays_is_as_what_was(db):
    fill(db, 12_000)
    thin(db, OLD)
    kept = draw(db, "bitcoin", NAMES, ALL, 10**6).rows
    assert mean(values[0] for _, _, values in kept) == pytest.approx(6_000, rel=0.05)
    quarters = [sum(n // 3_000 == quarter for _, _, (n,) in kept) for quarter in range(4)]
    assert min(quarters) > 0.85 * max(quarters)


@pytest.mark.usefixtures("bound")
def test_the_newest_day_stays_whole_and_counts_no_more_than_what_is_old(db):
    fill(db, 12_000)
    day = WHOLE_SECONDS // SECONDS
    young = fill(db, 2_000, since=OLD - 2_000 * SECONDS)
    thin(db, OLD)
    assert all(features_of_hash(db, "bitcoin", row.hash, NAMES) for row in young)
    drawn = draw(db, "bitcoin", NAMES, ALL, 10**6).rows
    one_in = sample_of(db, "bitcoin").one_in
    of_young = sum(time >= OLD - 2_000 * SECONDS for time, _, _ in drawn)
    assert of_young == pytest.approx(2_000 / one_in, rel=0.2)
    assert day > 2_000


@pytest.mark.usefixtures("bound")
def test_where_a_day_alone_is_too_much_the_newest_half_stays(db):
    rows = fill(db, 8_000)
    now = NOW + 8_000 * SECONDS
    thin(db, now)
    assert now - NOW < WHOLE_SECONDS
    assert count(db) < 5_000
    assert all(features_of_hash(db, "bitcoin", row.hash, NAMES) for row in rows[-2_500:])


@pytest.mark.usefixtures("bound")
def test_what_was_told_stays_and_makes_no_sample_odder(db):
    told = fill(db, 40, rate=100.0)
    fill(db, 12_000, since=NOW + 400)
    thin(db, OLD + 400)
    assert all(features_of_hash(db, "bitcoin", row.hash, NAMES) for row in told)
    drawn = draw(db, "bitcoin", NAMES, (NOW, NOW + 400), 10**6).rows
    assert len(drawn) < 25


def test_what_is_little_stays_whole(db):
    fill(db, 6_000)
    thin(db, OLD)
    assert sample_of(db, "bitcoin").one_in == 1
    assert count(db) == 6_000


@pytest.mark.usefixtures("bound")
def test_housekeeping_thins_with_the_rest(db):
    fill(db, 12_000)
    with db.atomic():
        while delete_old(db, OLD, 86400):
            pass
    assert count(db) < 5_000


def test_a_smaller_draw_is_a_part_of_a_larger_and_begins_where_one_ended(db):
    fill(db, 1_000)
    few, many = (draw(db, "bitcoin", NAMES, ALL, most) for most in (100, 300))
    assert {*few.rows} < {*many.rows}
    others = draw(db, "bitcoin", NAMES, ALL, 200, after=few.last)
    assert {*few.rows} | {*others.rows} == {*many.rows}
    assert [row.time for row in many.rows] == sorted(row.time for row in many.rows)


def test_each_halving_ends_at_half_the_keys():
    assert [Sample(one_in).end for one_in in (1, 2, 32)] == ["g", "80000000", "08000000"]


def test_edges_are_found_by_an_index(db, plan):
    fill(db, SLICE)
    steps = plan(db, lambda: thin_features(db, "bitcoin", OLD), ("features",))
    assert any("features_by_time" in step for step in steps)
    assert not [step for step in steps if step.startswith("SCAN")]
