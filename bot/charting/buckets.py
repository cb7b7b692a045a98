"""How a period is cut into the buckets of a chart: pure."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.language import marked

MINUTE, HOUR, DAY = 60, 3600, 86400
QUARTER, WEEK = 15 * MINUTE, 7 * DAY

BAR_STEPS = (MINUTE, QUARTER, HOUR, DAY, WEEK)
"""What people count by: a bar is a minute, an hour, a day."""
LINE_STEPS = (MINUTE, 5 * MINUTE, QUARTER, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, WEEK)
BARS_AT_MOST, POINTS_AT_MOST = 200, 64

STEP_NAMES = {
    MINUTE: marked("minute"),
    QUARTER: marked("15 min"),
    HOUR: marked("hour"),
    DAY: marked("day"),
    WEEK: marked("week"),
}


def step_for(period_seconds: int, steps: Sequence[int], most: int) -> int:
    """The shortest step of which a period has at most so many."""
    return next((step for step in steps if period_seconds <= step * most), steps[-1])


def edges_of(now: int, period_seconds: int, step: int, zone: str) -> tuple[int, ...]:
    """The edges of the buckets of the period that ends now, from the one that it begins in.

    They are round in the zone: days begin at its midnight, weeks on Monday. The last
    bucket still runs.
    """
    start = now - period_seconds
    if step < DAY:
        shift = _offset(now, zone)
        first = start - (start + shift) % step
        last = now + step - (now + shift) % step
        return tuple(range(first, last + 1, step))
    return tuple(_midnights(start, now, ZoneInfo(zone), step // DAY))


def _offset(now: int, zone: str) -> int:
    """Seconds that a zone is ahead of UTC."""
    offset = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return int((offset or timedelta()).total_seconds())


def _midnights(start: int, now: int, zone: ZoneInfo, days: int) -> Iterator[int]:
    """The beginnings of days, or of weeks, around [start, now]."""
    day = _date(start, zone)
    if days > 1:
        day -= timedelta(days=day.weekday())
    while True:
        midnight = int(datetime.combine(day, time(), zone).timestamp())
        yield midnight
        if midnight > now:
            return
        day += timedelta(days=days)


def _date(at: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).date()
