"""Quiet hours: on ordinary nights, and on those on which clocks are changed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.quiet import QuietHours, quiet_until

NIGHT = QuietHours(22 * 60, 7 * 60)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")


def when(text, zone="Europe/Berlin", fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


def ends(hours, text, zone="Europe/Berlin", fold=0):
    """When the quiet hours of a moment end, as the wall clock shows it."""
    until = quiet_until(hours, zone, when(text, zone, fold))
    return until and f"{datetime.fromtimestamp(until, ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-01-15 21:59:59", None),
        ("2026-01-15 22:00", "2026-01-16 07:00"),
        ("2026-01-16 06:59:59", "2026-01-16 07:00"),
        ("2026-01-16 07:00", None),
        ("2028-02-28 23:00", "2028-02-29 07:00"),
        ("2028-02-29 23:00", "2028-03-01 07:00"),
        ("2027-02-28 23:00", "2027-03-01 07:00"),
        ("2026-12-31 23:00", "2027-01-01 07:00"),
    ],
)
def test_a_night_is_quiet_from_its_evening_to_its_morning(now, until):
    assert ends(NIGHT, now) == until


def test_hours_within_a_day_are_quiet_on_that_day():
    noon = QuietHours(12 * 60, 13 * 60)
    assert ends(noon, "2026-01-15 12:30") == "2026-01-15 13:00"
    assert ends(noon, "2026-01-15 13:00") is None


def test_weekdays_are_those_on_which_a_night_begins():
    workdays = QuietHours(22 * 60, 7 * 60, 0b0011111)
    assert ends(workdays, "2026-01-17 03:00") == "2026-01-17 07:00"  # Friday's night
    assert ends(workdays, "2026-01-17 23:00") is None
    assert ends(workdays, "2026-01-19 03:00") is None  # Sunday's night
    assert ends(workdays, "2026-01-19 22:00") == "2026-01-20 07:00"


@pytest.mark.parametrize(
    ("zone", "evening", "hours"),
    [
        ("Europe/Berlin", "2026-03-28 22:00", 8),
        ("Europe/Berlin", "2026-10-24 22:00", 10),
        ("America/New_York", "2026-03-07 22:00", 8),
        ("America/New_York", "2026-10-31 22:00", 10),
        ("Australia/Lord_Howe", "2026-04-04 22:00", 9.5),
        ("Australia/Lord_Howe", "2026-10-03 22:00", 8.5),
    ],
)
def test_a_night_ends_at_its_wall_time_when_clocks_are_changed(zone, evening, hours):
    began = when(evening, zone)
    assert quiet_until(NIGHT, zone, began - 1) is None
    assert quiet_until(NIGHT, zone, began) == began + hours * 3600
    assert quiet_until(NIGHT, zone, began + hours * 3600) is None


def test_an_end_that_the_clock_shows_twice_is_the_second():
    early = QuietHours(22 * 60, 2 * 60 + 30)
    assert quiet_until(early, "Europe/Berlin", when("2026-10-25 02:10")) == when(
        "2026-10-25 02:30", fold=1
    )


def test_a_beginning_that_the_clock_shows_twice_is_the_first():
    late = QuietHours(2 * 60 + 30, 7 * 60)
    assert ends(late, "2026-10-25 02:30") == "2026-10-25 07:00"
    assert ends(late, "2026-10-25 02:10", fold=1) == "2026-10-25 07:00"
    assert ends(late, "2026-10-25 02:29") is None


def test_times_that_the_clock_never_shows_do_not_shorten_the_night():
    assert ends(QuietHours(22 * 60, 2 * 60 + 30), "2026-03-29 03:10") == "2026-03-29 03:30"
    assert ends(QuietHours(2 * 60 + 30, 7 * 60), "2026-03-29 03:00") == "2026-03-29 07:00"


@given(
    st.sampled_from(ZONES),
    st.integers(int(when("2026-01-01")), int(when("2028-12-31"))),
    st.integers(0, 1439),
    st.integers(1, 1439),
    st.integers(1, 127),
)
def test_what_is_quiet_ends_within_a_day_at_the_chosen_minute(zone, now, begins, long, days):
    hours = QuietHours(begins, (begins + long) % 1440, days)
    until = quiet_until(hours, zone, now)
    shown = datetime.fromtimestamp(now, ZoneInfo(zone))
    minute = shown.hour * 60 + shown.minute
    changes = shown.utcoffset() != (shown + timedelta(days=1)).utcoffset() or (
        shown.utcoffset() != (shown - timedelta(days=1)).utcoffset()
    )
    if until is None:
        began_today = minute >= begins and (minute < hours.ends or hours.ends < begins)
        assert not (began_today and days >> shown.weekday() & 1)
    else:
        assert now < until <= now + 25 * 3600
        end = datetime.fromtimestamp(until, ZoneInfo(zone))
        assert changes or end.hour * 60 + end.minute == hours.ends
