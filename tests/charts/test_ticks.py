"""Few labels, round ones, and each where it belongs."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.ticks import compact, time_ticks, value_ticks

UTC = ZoneInfo("UTC")
HOUR, DAY = 3600, 86400


def at(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"), (1, "1"), (12.5, "12.5"), (999, "999"), (999.9, "1k"), (1234, "1.23k"),
        (50_000, "50k"), (2_500_000, "2.5M"), (3e9, "3B"), (7e12, "7T"), (0.25, "0.25"),
        (0.0001, "0.0001"), (0.00000001, "0.00000001"),
    ],
)  # fmt: skip
def test_numbers_are_short(number, words):
    assert compact(number) == words


@given(st.floats(1e-9, 1e15))
def test_values_have_few_and_even_ticks_up_to_the_top(top):
    ticks = value_ticks(top)
    assert 3 <= len(ticks) <= 6
    assert ticks[0] == 0
    assert ticks[-1] <= top * 1.001
    assert len({compact(tick) for tick in ticks}) == len(ticks)


def test_things_are_counted_in_whole_numbers():
    assert value_ticks(2, whole=True) == [0, 1, 2]
    assert value_ticks(0.5, whole=True) == [0]


@given(
    st.integers(0, 2**32),
    st.integers(60, 20 * 365 * DAY),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia"]),
)
def test_times_have_few_ticks_inside_the_chart(start, span, zone):
    ticks = time_ticks(start, start + span, ZoneInfo(zone))
    assert len(ticks) <= 7
    assert all(start <= moment <= start + span for moment, _ in ticks)
    assert all(a[1] != b[1] for a, b in pairwise(ticks))


@pytest.mark.parametrize(
    ("start", "end", "labels"),
    [
        ("2025-11-21T09:50", "2025-11-21T10:50", ["10:00", "10:15", "10:30", "10:45"]),
        ("2025-11-21T09:30", "2025-11-22T09:30", ["12:00", "18:00", "22 Nov", "06:00"]),
        ("2025-11-15T01:00", "2025-11-22T01:00", ["17 Nov", "19 Nov", "21 Nov"]),
        ("2025-10-25T00:00", "2025-11-24T00:00", ["27 Oct", "3 Nov", "10 Nov", "17 Nov", "24 Nov"]),
        ("2024-11-21T00:00", "2025-11-21T00:00", ["2025", "Apr", "Jul", "Oct"]),
        ("2009-01-03T00:00", "2025-11-21T00:00", ["2012", "2016", "2020", "2024"]),
    ],
)
def test_times_are_labelled_as_people_say_them(start, end, labels):
    assert [label for _, label in time_ticks(at(start), at(end), UTC)] == labels


def test_days_begin_where_the_chat_is():
    start = at("2025-11-15T00:00", "Asia/Tokyo")
    ticks = time_ticks(start, start + 4 * DAY, ZoneInfo("Asia/Tokyo"))
    assert ticks[0] == (start, "15 Nov")


def test_a_day_with_a_changed_clock_keeps_its_hours():
    berlin = ZoneInfo("Europe/Berlin")
    start = at("2025-10-26T00:00", "Europe/Berlin")
    (noon,) = (
        moment for moment, label in time_ticks(start, start + DAY, berlin) if label == "12:00"
    )
    assert noon - start == 13 * HOUR
