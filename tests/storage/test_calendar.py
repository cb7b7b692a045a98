"""When summaries come due, on days on which clocks do what they like."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from storage.calendar import (
    LATE_SECONDS,
    due_summaries,
    first_moment,
    latest_day,
    moment_of,
    next_moment,
)
from storage.summaries import Cadence, Schedule

ZONES = (
    "UTC", "Africa/Lagos", "Europe/Berlin", "America/New_York", "America/St_Johns",
    "America/Havana", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca",
)  # fmt: skip
MINUTE, DAY = 60, 86400


def daily(told, at="08:00", zone="Africa/Lagos", weekday=None):
    hour, minute = at.split(":")
    cadence: Cadence = "daily" if weekday is None else "weekly"
    return Schedule(1, cadence, weekday, 60 * int(hour) + int(minute), zone, told)


def moment(text, zone="UTC", fold=0):
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


@pytest.mark.parametrize(
    ("zone", "day", "at", "comes"),
    [
        ("Africa/Lagos", "2026-03-01", "08:00", "2026-03-01T07:00:00"),
        ("Asia/Kathmandu", "2026-03-01", "08:00", "2026-03-01T02:15:00"),
        ("Europe/Berlin", "2026-03-28", "02:30", "2026-03-28T01:30:00"),
        # the clock goes from 02:00 to 03:00
        ("Europe/Berlin", "2026-03-29", "02:00", "2026-03-29T01:00:00"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00:00"),
        ("Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-03T15:30:00"),
        # the clock shows it twice: the first time counts
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30:00"),
        ("America/St_Johns", "2010-11-07", "00:00", "2010-11-07T02:30:00"),
        # a day that never was
        ("Pacific/Apia", "2011-12-30", "08:00", "2011-12-30T10:00:00"),
        # a leap day
        ("America/New_York", "2028-02-29", "08:00", "2028-02-29T13:00:00"),
    ],
)
def test_a_time_of_day_comes_at_one_moment(zone, day, at, comes):
    schedule = daily(date.min, at, zone)
    assert moment_of(schedule, date.fromisoformat(day)) == moment(comes)


def test_it_is_due_from_its_minute_on_and_until_it_was_told():
    schedule = daily(date(2026, 3, 1))
    eight = moment("2026-03-02T07:00:00")
    assert due_summaries([schedule], eight - 1) == []
    (due,) = due_summaries([schedule], eight)
    assert (due.day, due.until, due.late) == (date(2026, 3, 2), eight, False)
    assert due.until - due.since == DAY
    assert due_summaries([replace(schedule, told=due.day)], eight + 60) == []


def test_of_those_that_were_missed_the_newest_is_told_and_marked_late():
    schedule = daily(date(2026, 3, 1))
    now = moment("2026-03-05T06:59:59")
    (due,) = due_summaries([schedule], now)
    assert (due.day, due.late) == (date(2026, 3, 4), True)
    assert due_summaries([replace(schedule, told=due.day)], now) == []


def test_ten_minutes_are_late():
    schedule, eight = daily(date(2026, 3, 1)), moment("2026-03-02T07:00:00")
    for seconds, late in ((LATE_SECONDS - 1, False), (LATE_SECONDS, True)):
        (due,) = due_summaries([schedule], eight + seconds)
        assert due.late is late


def test_a_weekly_one_comes_on_its_day_and_tells_of_seven():
    schedule = daily(date(2026, 3, 2), weekday=0)
    assert due_summaries([schedule], moment("2026-03-09T06:59:00")) == []
    (due,) = due_summaries([schedule], moment("2026-03-09T07:00:00"))
    assert due.day == date(2026, 3, 9)
    assert due.until - due.since == 7 * DAY


def test_a_day_on_which_the_clock_is_changed_is_told_whole():
    for day, hours in (("2026-03-29", 23), ("2026-10-25", 25)):
        told = date.fromisoformat(day) - timedelta(days=1)
        now = moment(f"{day}T08:00:00", "Europe/Berlin")
        (due,) = due_summaries([daily(told, zone="Europe/Berlin")], now)
        assert due.until - due.since == hours * 3600


@pytest.mark.parametrize("back", [MINUTE, 3600, 86400, 40 * 86400])
def test_a_clock_that_is_set_back_repeats_nothing_that_may_still_be_true(back):
    told = daily(date(2026, 3, 2))
    now = moment("2026-03-02T07:30:00") - back
    assert len(due_summaries([told], now)) == (back > 2 * DAY)


def test_a_clock_that_ran_years_ahead_does_not_silence_it_for_years():
    ahead = daily(date(2030, 1, 1))
    (due,) = due_summaries([ahead], moment("2026-03-02T07:00:00"))
    assert due.day == date(2026, 3, 2)


def test_the_next_one_is_told_of_before_it_comes():
    schedule = daily(date(2026, 3, 28), "02:30", "Europe/Berlin")
    now = moment("2026-03-28T12:00:00")
    assert next_moment(schedule, now) == moment("2026-03-29T01:00:00")


schedules = st.builds(
    Schedule, st.just(1), st.just("daily"), st.sampled_from([None, *range(7)]),
    st.integers(0, 1439), st.sampled_from(ZONES), st.just(date.min),
)  # fmt: skip
everywhere = st.builds(
    Schedule, st.just(1), st.just("daily"), st.sampled_from([None, *range(7)]),
    st.integers(0, 1439), st.sampled_from(sorted(available_timezones())), st.just(date.min),
)  # fmt: skip
moments = st.integers(moment("2009-01-01T00:00:00"), moment("2030-01-01T00:00:00"))


@given(st.integers(0, 1439), st.sampled_from(ZONES), moments)
def test_before_its_moment_no_clock_of_that_day_has_shown_a_time_and_then_one_shows_it(
    minute, zone, now
):
    where = ZoneInfo(zone)
    day = datetime.fromtimestamp(now, UTC).astimezone(where).date()
    found = first_moment(day, minute, where)

    def shown(at):
        return datetime.fromtimestamp(at, UTC).astimezone(where).replace(tzinfo=None)

    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    assert shown(found) >= wanted
    assert shown(found - 1) < wanted
    assert all(shown(found - back) < wanted for back in range(MINUTE, 3 * DAY, 15 * MINUTE))


@given(schedules, moments, st.lists(st.integers(1, 40 * DAY), min_size=1, max_size=20))
def test_each_day_is_told_once_at_most_and_never_before_its_time(schedule, begin, pauses):
    """The program is away for any while: at each look the newest is told, none twice."""
    now = begin
    schedule = replace(schedule, told=latest_day(schedule, now))
    told = []
    for pause in pauses:
        now += pause
        for due in due_summaries([schedule], now):
            assert due.since < due.until <= now
            assert due.day == latest_day(schedule, now)
            told.append(due.day)
            schedule = replace(schedule, told=due.day)
        assert due_summaries([schedule], now) == []
    assert told == sorted(set(told))


@given(schedules, moments)
def test_who_looks_every_minute_misses_no_day(schedule, begin):
    """Ticks a minute apart around each moment of three weeks: each day is told, none late."""
    schedule = replace(schedule, told=latest_day(schedule, begin))
    end, told, now = begin + 21 * DAY, [], begin
    while (now := max(now + 1, next_moment(schedule, now))) <= end:
        for tick in range(now, now + 59, 30):
            for due in due_summaries([schedule], tick):
                assert not due.late
                told.append(due.day)
                schedule = replace(schedule, told=due.day)
    step = 1 if schedule.weekday is None else 7
    assert len(told) >= 21 // step - 1
    assert all(b - a == timedelta(days=step) for a, b in pairwise(told))


@given(everywhere, moments, st.integers(0, 30 * DAY))
def test_between_any_two_instants_each_wanted_date_is_told_once_in_every_zone(
    schedule, begin, seconds
):
    """Whoever looks at each moment that one is promised for tells each date whose time came."""
    step = timedelta(days=1 if schedule.weekday is None else 7)
    first, last = latest_day(schedule, begin), latest_day(schedule, begin + seconds)
    wanted = [first + step * n for n in range(1, (last - first) // step + 1)]
    assert all(begin < moment_of(schedule, day) <= begin + seconds for day in wanted)
    schedule, told, now = replace(schedule, told=first), [], begin
    while (now := next_moment(schedule, now)) <= begin + seconds:
        for _ in range(2):
            for due in due_summaries([schedule], now):
                told.append(due.day)
                schedule = replace(schedule, told=due.day)
    assert told == wanted
