"""Which summaries are due: local times of day as moments, whatever the clocks do: pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from storage.summaries import Schedule

LATE_SECONDS = 600
"""What leaves so long after its time is marked late."""
_AHEAD = timedelta(days=2)
"""Further ahead is no zone: whoever told of such a day had a wrong clock."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


class Due(Struct, frozen=True):
    """A summary of [since, until), which was to be told at `until` on the local date `day`."""

    schedule: Schedule
    day: date
    since: int
    until: int
    late: bool = False


def due_summaries(schedules: Iterable[Schedule], now: int) -> list[Due]:
    """What is to be told now: of each schedule the newest that has come and was not told.

    What was missed before that one is not told any more.
    """
    return [due for schedule in schedules if (due := _due(schedule, now))]


def latest_day(schedule: Schedule, now: int) -> date:
    """The newest local date whose summary has come due."""
    return next(day for day in _days(schedule, now) if moment_of(schedule, day) <= now)


def next_moment(schedule: Schedule, now: int) -> int:
    """When the next summary comes due."""
    return moment_of(schedule, latest_day(schedule, now) + _step(schedule))


def moment_of(schedule: Schedule, day: date) -> int:
    """When a schedule's time comes on a local date, in Unix seconds."""
    return first_moment(day, schedule.minute, ZoneInfo(schedule.timezone))


def first_moment(day: date, minute: int, zone: ZoneInfo) -> int:
    """When the clocks of a zone first show a time of day, or, where they skip it, a later one."""
    wanted = datetime.combine(day, time(minute // 60, minute % 60))
    either = (wanted.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    early, late = sorted(int(moment.timestamp()) for moment in either)

    def shown(moment: int) -> datetime:
        return datetime.fromtimestamp(moment, UTC).astimezone(zone).replace(tzinfo=None)

    if shown(early) == wanted:  # it comes once, or this is the first time of two
        return early
    return early + bisect_left(range(early, late), wanted, key=shown)


def _due(schedule: Schedule, now: int) -> Due | None:
    day = latest_day(schedule, now)
    if schedule.told - _AHEAD <= day <= schedule.told:
        return None
    since, until = (moment_of(schedule, d) for d in (day - _step(schedule), day))
    return Due(schedule, day, since, until, late=now - until >= LATE_SECONDS)


def _days(schedule: Schedule, now: int) -> Iterator[date]:
    """The local dates of a schedule, the newest first; one that begins twice may lie ahead."""
    today = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(schedule.timezone)).date()
    day = today + _DAY
    while True:
        if schedule.weekday in {None, day.weekday()}:
            yield day
        day -= _DAY


def _step(schedule: Schedule) -> timedelta:
    return _DAY if schedule.weekday is None else _WEEK
