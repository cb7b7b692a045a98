"""What a period is compared with."""

import pytest
from msgspec.structs import replace

from bot.summaries.usual import (
    busiest_hour,
    moved_off,
    percent_off,
    transactions_off,
    usual_of,
)
from storage.rollups import Rollup
from storage.summary_facts import COMPARED_SECONDS, HOUR, ChainFacts
from tests.make import NOW

DAY, WEEK = 86400, 7 * 86400
UNTIL = NOW - NOW % HOUR


def facts(count, known_seconds, length=DAY):
    """Hours whose transactions `count` says by how many hours before the end they began."""
    since = UNTIL - length
    starts = range(since - COMPARED_SECONDS, UNTIL, HOUR)
    hours = tuple(Rollup(start, n := count((UNTIL - start) // HOUR), 10 * n, n) for start in starts)
    return ChainFacts(since, UNTIL, UNTIL - known_seconds, hours, None, None, since, (), ())


@pytest.mark.parametrize(
    ("known_days", "words"),
    [
        (1, None),
        (2, "the day before"),
        (3, "the day before"),
        (4, "median of the 3 days before"),
        (8, "median of the 7 days before"),
        (21, "median of the 7 days before"),
        (22, "median of the same weekday in the 3 weeks before"),
        (29, "median of the same weekday in the 4 weeks before"),
        (400, "median of the same weekday in the 4 weeks before"),
    ],
)
def test_a_day_is_compared_with_its_weekday_else_with_days_else_with_the_day_before(
    known_days, words
):
    usual = usual_of(facts(lambda _: 1, known_days * DAY))
    assert (usual and usual.words) == words
    if usual:
        assert usual.single is (usual.words == "the day before")


@pytest.mark.parametrize(
    ("known_days", "words"),
    [(13, None), (14, "the week before"), (28, "median of the 3 weeks before"),
     (35, "median of the 4 weeks before")],
)  # fmt: skip
def test_a_week_is_compared_with_weeks(known_days, words):
    usual = usual_of(facts(lambda _: 1, known_days * DAY, WEEK))
    assert (usual and usual.words) == words


def test_the_same_weekday_counts_and_no_other():
    def of_age(hours):
        """100 an hour on days whole weeks before; a wild number on all others."""
        return 100 if ((hours - 1) // 24) % 7 == 0 else 5000

    usual = usual_of(facts(of_age, 40 * DAY))
    assert usual is not None
    assert usual.transactions == 2400
    assert usual.moved == 24_000
    assert {(band.low, band.middle, band.high) for band in usual.band} == {(1000, 1000, 1000)}


def test_the_band_of_an_hour_is_that_of_the_same_hour():
    def of_age(hours):
        return (hours - 1) // 168 + (1000 if hours % 24 == 5 else 0)

    usual = usual_of(facts(of_age, 40 * DAY))
    assert usual is not None
    fifth = usual.band[24 - 5]
    assert (fifth.low, fifth.middle, fifth.high) == (10_010, 10_020, 10_040)
    assert (usual.band[0].low, usual.band[0].high) == (10, 40)


def test_a_week_is_drawn_in_buckets_of_six_hours():
    usual = usual_of(facts(lambda _: 1, 60 * DAY, WEEK))
    assert usual is not None
    assert len(usual.band) == 28
    assert {band.middle for band in usual.band} == {60}


def test_the_busiest_hour_is_one_of_the_period():
    quiet = facts(lambda hours: 3 if hours == 7 else 1 if hours <= 24 else 900, 60 * DAY)
    busiest = busiest_hour(quiet)
    assert busiest is not None
    assert busiest.start == UNTIL - 7 * HOUR
    assert busiest_hour(facts(lambda _: 0, DAY)) is None


def test_an_hour_that_still_runs_is_neither_the_busiest_nor_compared():
    """The last hour has begun with many; all before it were as usual."""
    running = replace(
        facts(lambda hours: 900 if hours == 1 else 2, 60 * DAY, DAY + HOUR), running=True
    )
    busiest = busiest_hour(running)
    assert busiest is not None
    assert busiest.start < UNTIL - HOUR
    assert transactions_off(running, usual_of(running)) == 0
    assert moved_off(running, usual_of(running)) == 0


def test_nothing_is_so_much_per_cent_of_nothing():
    assert percent_off(5, 0) is None
    assert percent_off(82, 100) == -18
    assert percent_off(118, 100) == 18
