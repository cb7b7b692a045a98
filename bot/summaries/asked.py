"""What people type about when they want a summary: `mon 08:00 Lagos`: pure."""

import re

from msgspec import Struct

from bot.commands.times import minute_of, weekday_of

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TIME = re.compile(
    r"(?:(?:at|um|a las)\s+)?(?P<hour>[0-9]{1,2})(?:[:.h](?P<minute>[0-9]{2}))?"
    r"\s*(?:(?P<half>[ap]\.?m\.?)|uhr|hs?)?(?!\S)",
    re.IGNORECASE,
)

_AT_END = re.compile(rf"(?P<place>\D.*?)\s+(?P<time>{_TIME.pattern})", re.IGNORECASE)
"""A zone, or a day with it, before the time of day."""


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
    if (found := _AT_END.fullmatch(rest)) and not any(sign.isdigit() for sign in found["place"]):
        rest = f"{found['time']} {found['place']}"
    for _ in range(2):
        word, _, after = rest.partition(" ")
        if weekday is None and (day := weekday_of(word)) is not None:
            rest, weekday = after.strip(), day
        elif minute is None and (found := _TIME.match(rest)):
            rest, minute = rest[found.end() :].strip(), _minute(found)
    return Asked(weekday, minute, rest)


def _minute(found: re.Match[str]) -> int:
    minute = minute_of(int(found["hour"]), int(found["minute"] or 0), (found["half"] or "")[:1])
    if minute is None:
        raise ValueError
    return minute


def typed_time(minute: int) -> str:
    """`08:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def typed_day(weekday: int) -> str:
    """`mon`."""
    return DAYS[weekday][:3].lower()
