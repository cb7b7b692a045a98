"""Quiet hours by the wall clock of a zone: pure.

What the wall clock shows twice or never when clocks are changed makes quiet hours longer,
never shorter.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

EVERY_DAY = 0b1111111
"""All days of the week, Monday in the lowest bit."""


class QuietHours(Struct, frozen=True):
    """From when until when, in minutes of the day, on nights that begin on these weekdays."""

    begins: int
    ends: int
    weekdays: int = EVERY_DAY


def quiet_until(hours: QuietHours, zone: str, now: float) -> int | None:
    """When the quiet hours that run now end, None where none do."""
    today = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(zone)).date()
    for day in (today, today - timedelta(days=1)):
        begins, ends = _night(hours, ZoneInfo(zone), day)
        if hours.weekdays >> day.weekday() & 1 and begins <= now < ends:
            return ends
    return None


def _night(hours: QuietHours, zone: ZoneInfo, day: date) -> tuple[int, int]:
    """The quiet hours that begin on a day, as times."""
    following = day if hours.begins < hours.ends else day + timedelta(days=1)
    return min(_times(day, hours.begins, zone)), max(_times(following, hours.ends, zone))


def _times(day: date, minute: int, zone: ZoneInfo) -> tuple[int, int]:
    """The times that a wall clock may mean: two where it shows a time twice, or never."""
    wall = datetime.combine(day, time(*divmod(minute, 60)), zone)
    return int(wall.timestamp()), int(wall.replace(fold=1).timestamp())
