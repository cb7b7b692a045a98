"""Where an axis is labelled and how: few ticks, round values, short words."""

import math
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from charts.model import ENGLISH, Words

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MONTH, _YEAR = 30 * _DAY, 365 * _DAY
_TIMES_OF_DAY = tuple(
    [minutes * _MINUTE for minutes in (1, 5, 15, 30)] + [hours * _HOUR for hours in (1, 3, 6, 12)]
)
_FIRST_DAYS: tuple[tuple[int, str, Callable[[date], bool]], ...] = (
    (_DAY, "day", lambda _: True),
    (2 * _DAY, "day", lambda day: day.toordinal() % 2 == 0),
    (7 * _DAY, "day", lambda day: day.weekday() == 0),
    (14 * _DAY, "day", lambda day: day.toordinal() % 14 == 1),
    (_MONTH, "month", lambda day: day.day == 1),
    (3 * _MONTH, "month", lambda day: day.day == 1 and day.month % 3 == 1),
    (_YEAR, "year", lambda day: day.day == 1 == day.month),
)


def compact(value: float, words: Words = ENGLISH) -> str:
    """A number in at most three digits and a letter: 1.25k, 0.0001, 3M."""
    units = (
        (1e12, words.trillions), (1e9, words.billions), (1e6, words.millions),
        (1e3, words.thousands),
    )  # fmt: skip
    for unit, template in units:
        if abs(value) >= unit * 0.9995:
            return template.format(n=_three_digits(value / unit, words))
    return _three_digits(value, words)


def value_ticks(top: float, most: int = 5, *, whole: bool = False) -> list[float]:
    """Round values from 0 to `top`, `most` above 0 at the most; `whole`: no fractions."""
    rough = top / most
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(s * magnitude for s in (1, 2, 5, 10) if s * magnitude >= rough * 0.999)
    if whole:
        step = max(1.0, step)
    return [index * step for index in range(math.floor(top / step * 1.001) + 1)]


def time_ticks(
    start: int, end: int, zone: ZoneInfo, most: int = 5, words: Words = ENGLISH
) -> list[tuple[int, str]]:
    """Moments (Unix seconds) from `start` to `end` that are round in `zone`, with their words."""
    span = end - start
    for step in _TIMES_OF_DAY:
        if span <= step * most:
            return _within(start, end, _times_of_day(start, end, zone, step, words))
    for step, name, is_first in _FIRST_DAYS:
        if span <= step * most:
            return _within(start, end, _first_days(start, end, zone, name, is_first, words))
    years = math.ceil(span / _YEAR / most)
    days = _first_days(start, end, zone, "year", lambda day: _begins_years(day, years), words)
    return _within(start, end, days)


def _begins_years(day: date, years: int) -> bool:
    return day.day == 1 == day.month and day.year % years == 0


def _within(start: int, end: int, ticks: Iterator[tuple[int, str]]) -> list[tuple[int, str]]:
    return [tick for tick in ticks if start <= tick[0] <= end]


def _times_of_day(
    start: int, end: int, zone: ZoneInfo, step: int, words: Words
) -> Iterator[tuple[int, str]]:
    for day in _days(start, end, zone):
        for seconds in range(0, _DAY, step):
            clock = time(seconds // _HOUR, seconds % _HOUR // _MINUTE)
            at = int(datetime.combine(day, clock, zone).timestamp())
            yield at, f"{clock:%H:%M}" if seconds else _day_label(day, words)


def _first_days(
    start: int,
    end: int,
    zone: ZoneInfo,
    name: str,
    is_first: Callable[[date], bool],
    words: Words,
) -> Iterator[tuple[int, str]]:
    for day in filter(is_first, _days(start, end, zone)):
        yield int(datetime.combine(day, time(), zone).timestamp()), _label(day, name, words)


def _label(day: date, name: str, words: Words) -> str:
    if name == "year" or (name == "month" and day.month == 1):
        return str(day.year)
    return words.months[day.month - 1] if name == "month" else _day_label(day, words)


def _day_label(day: date, words: Words) -> str:
    return words.day.format(day=day.day, month=words.months[day.month - 1])


def _days(start: int, end: int, zone: ZoneInfo) -> Iterator[date]:
    day = datetime.fromtimestamp(start, zone).date()
    last = datetime.fromtimestamp(end, zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _three_digits(value: float, words: Words) -> str:
    return format(Decimal(f"{value:.3g}"), "f").replace(".", words.decimal)
