from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.charting.buckets import (
    BAR_STEPS,
    BARS_AT_MOST,
    DAY,
    HOUR,
    LINE_STEPS,
    MINUTE,
    POINTS_AT_MOST,
    QUARTER,
    WEEK,
    edges_of,
    step_for,
)

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu")


@pytest.mark.parametrize(
    ("period", "step"),
    [
        (HOUR, MINUTE), (3 * HOUR, MINUTE), (4 * HOUR, QUARTER), (2 * DAY, QUARTER),
        (7 * DAY, HOUR), (14 * DAY, DAY), (30 * DAY, DAY), (365 * DAY, WEEK),
    ],
)  # fmt: skip
def test_bars_are_spans_that_people_count_by(period, step):
    assert step_for(period, BAR_STEPS, BARS_AT_MOST) == step


@given(
    now=st.integers(1_600_000_000, 1_900_000_000),
    period=st.integers(60, 365 * 24 * 60).map(lambda minutes: minutes * 60),
    zone=st.sampled_from(ZONES),
    bars=st.booleans(),
)
def test_buckets_cover_the_whole_period_up_to_now_in_round_steps(now, period, zone, bars):
    steps, most = (BAR_STEPS, BARS_AT_MOST) if bars else (LINE_STEPS, POINTS_AT_MOST)
    step = step_for(period, steps, most)
    edges = edges_of(now, period, step, zone)
    assert 2 <= len(edges) <= most + 2
    assert edges[-2] <= now < edges[-1]
    assert edges[0] <= now - period < edges[1]
    assert all(abs(after - before - step) <= HOUR for before, after in pairwise(edges))
    assert all(edge % (MINUTE if step < QUARTER else QUARTER) == 0 for edge in edges)


def test_days_begin_at_midnight_of_the_zone_though_the_clock_is_changed():
    zone = ZoneInfo("Europe/Berlin")
    now = int(datetime(2026, 10, 27, 12, tzinfo=UTC).timestamp())
    edges = edges_of(now, 5 * DAY, DAY, "Europe/Berlin")
    begun = [datetime.fromtimestamp(edge, zone) for edge in edges]
    assert [(day.day, day.hour) for day in begun] == [(d, 0) for d in (22, 23, 24, 25, 26, 27, 28)]
    assert edges[4] - edges[3] == 25 * HOUR


def test_weeks_begin_on_monday():
    now = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp())
    edges = edges_of(now, 20 * DAY, WEEK, "UTC")
    begun = [datetime.fromtimestamp(edge, UTC) for edge in edges]
    assert {day.weekday() for day in begun} == {0}
    assert [(day.month, day.day) for day in begun] == [
        (10, 26),
        (11, 2),
        (11, 9),
        (11, 16),
        (11, 23),
    ]


def test_hours_are_round_in_a_zone_that_is_half_an_hour_off():
    edges = edges_of(1_700_000_000, 3 * HOUR, HOUR, "Asia/Kolkata")
    assert {edge % HOUR for edge in edges} == {HOUR // 2}
