"""What people type about when they want a summary: `mon 08:00 Lagos`: pure."""

import re

from msgspec import Struct

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap]m)?(?!\S)", re.IGNORECASE
)
_NOON = 12


class Asked(Struct, frozen=True):
    """A weekday (0 is Monday), a minute of the day and a zone, as far as they were named."""

    weekday: int | None = None
    minute: int | None = None
    zone: str = ""


def parse_when(text: str) -> Asked:
    """What is named in a text; what is neither a day nor a time of day is the zone.

    Raises `ValueError` for a time of day that there is not.
    """
    rest, weekday, minute = text.strip(), None, None
    for _ in range(2):
        word, _, after = rest.partition(" ")
        if weekday is None and (day := _weekday(word)) is not None:
            rest, weekday = after.strip(), day
        elif minute is None and (found := _TIME.match(rest)):
            rest, minute = rest[found.end() :].strip(), _minute(found)
    return Asked(weekday, minute, rest)


def _weekday(word: str) -> int | None:
    begun = word.casefold().rstrip(",.")
    days = [n for n, day in enumerate(DAYS) if day.casefold().startswith(begun)]
    return days[0] if len(begun) >= 2 and len(days) == 1 else None


def _minute(found: re.Match[str]) -> int:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").lower()
    if half and not 1 <= hour <= _NOON:
        raise ValueError
    if half:
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise ValueError
    return hour * 60 + minute


def typed_time(minute: int) -> str:
    """`08:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def typed_day(weekday: int) -> str:
    """`mon`."""
    return DAYS[weekday][:3].lower()
