"""Times of day, weekdays and spans of time as people type them, in each language: pure.

Nothing here raises anything but `UsageError`.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from bot.commands.command import UsageError
from bot.commands.values import SHOWN
from bot.language import _
from bot.wording.words import clean

FOREVER = "forever"
FOREVER_SECONDS = 10**10
"""A duration that outlives everybody; what ends later than half of it ends never."""
_MINUTE, _HOUR, _DAY, _WEEK, _MONTH, _YEAR = 60, 3600, 86400, 7 * 86400, 30 * 86400, 365 * 86400
_UNITS = {
    _MINUTE: "m min mins minute minutes minuten minuto minutos",
    _HOUR: "h hr hrs hour hours std stunde stunden hora horas",
    _DAY: "d day days tag tage tagen día días dia dias",
    _WEEK: "w wk week weeks woche wochen semana semanas",
    _MONTH: "mo month months monat monate monaten mes meses",
    _YEAR: "y yr year years jahr jahre jahren año años",
}
_SECONDS = {name: seconds for seconds, names in _UNITS.items() for name in names.split()}
_PART = r"(?:[0-9]{1,6}(?:[.,][0-9]{1,3})?)?[^\W\d_]+"
_SPAN = re.compile(rf"{_PART}(?:[0-9]{{1,6}}[^\W\d_]+){{0,2}}")
_COUNTED = re.compile(r"([0-9.,]*)([^\W\d_]+)")
_BEFORE_A_SPAN = re.compile(r"(?:for|für|por|durante|last|the last)\s+(?=[0-9])")
_CLOCK = re.compile(
    r"(?<![\w:.,])(?P<hour>[0-9]{1,2})(?:[:.h]?(?P<minute>[0-9]{2}))?"
    r"(?:\s?(?P<half>[ap])\.?m\.?|\s?(?:uhr|hs?))?(?![\w:])",
    re.IGNORECASE,
)
_BETWEEN_TIMES = re.compile(
    r"(?<=[0-9]{2}:[0-9]{2})\s*(?:[-–—]|to|till?|until|and|bis|und|(?:a|hasta)(?:\s+las)?|y)\s*(?=[0-9]{2}:)",
    re.IGNORECASE,
)
_BEFORE_A_TIME = re.compile(
    r"\b(?:from|between|at|von|ab|um|(?:desde|de|a)(?:\s+las)?)\s+(?=[0-9]{2}:)", re.IGNORECASE
)
_NOON = 12
_DAYS = (
    ("monday", "montag", "lunes"),
    ("tuesday", "dienstag", "martes"),
    ("wednesday", "mittwoch", "miércoles", "miercoles"),
    ("thursday", "donnerstag", "jueves"),
    ("friday", "freitag", "viernes"),
    ("saturday", "samstag", "sonnabend", "sábado", "sabado"),
    ("sunday", "sonntag", "domingo"),
)
_SETS = {
    0b11111: {"weekdays", "workdays", "werktags", "werktage", "laborables"},
    0b1100000: {"weekend", "weekends", "wochenende", "wochenenden"},
    0b1111111: {"daily", "everyday", "all", "täglich", "alle", "diario", "todos"},
}
_TO = re.compile(r"\s*[-–—]\s*|\s+(?:to|bis|a)\s+")
_AND = re.compile(r"[\s,;/&+]+(?:(?:and|und|y)\s+)?")


def minute_of(hour: int, minute: int, half: str = "") -> int | None:
    """The minute of the day, `half` "a" or "p" where it has two of each; None for none."""
    if half and not 1 <= hour <= _NOON:
        return None
    if half:
        hour = hour % _NOON + (_NOON if half.lower() == "p" else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def plain_times(text: str) -> str:
    """The times of day in a text as `22:00`, without the words between them.

    `10pm to 7am`, `22h-7h`, `von 22 bis 7 Uhr` and `22.30 – 7` are read so, too.
    """
    plain = _CLOCK.sub(_plain, text)
    return _BEFORE_A_TIME.sub("", _BETWEEN_TIMES.sub(" ", plain))


def _plain(found: re.Match[str]) -> str:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    hour = 0 if (hour, minute) == (24, 0) else hour
    of_day = minute_of(hour, minute, found["half"] or "")
    return found[0] if of_day is None else f"{of_day // 60:02}:{of_day % 60:02}"


def parse_time(text: str) -> int:
    """Minutes of the day: `22:00`, `7`, `10:30 pm`, `22h`; raises `UsageError`."""
    match = re.fullmatch(r"([0-9]{2}):([0-9]{2})", plain_times(text))
    minute = minute_of(int(match[1]), int(match[2])) if match else None
    if minute is None:
        unlike = _("“{word}” is no time of day: write 22:00 or 7:30.")
        raise UsageError(unlike.format(word=clean(text, SHOWN)))
    return minute


def parse_weekdays(text: str) -> int:
    """Days of the week as bits, Monday in the lowest: `mon-fri`, `sat,sun`, `weekends`.

    Raises `UsageError`.
    """
    whole = text.casefold().strip()
    days = next((bits for bits, names in _SETS.items() if whole in names), 0)
    for part in _AND.split(_TO.sub("-", whole)) if not days else ():
        first, _dash, last = part.partition("-")
        begins, ends = _weekday(first, text), _weekday(last or first, text)
        for day in range(begins, ends + (1 if begins <= ends else 8)):
            days |= 1 << day % 7
    return days


def _weekday(word: str, text: str) -> int:
    day = weekday_of(word)
    if day is None:
        unlike = _("“{word}” are no weekdays: write mon-fri or sat,sun.")
        raise UsageError(unlike.format(word=clean(text, SHOWN)))
    return day


def weekday_of(word: str) -> int | None:
    """The one weekday (0 is Monday) whose name begins so, in any language; None for none.

    Two letters are enough for an English or German name, three for a Spanish one.
    """
    begun = word.casefold().rstrip(".,")
    found = {
        number
        for number, names in enumerate(_DAYS)
        for place, name in enumerate(names)
        if name.startswith(begun) and len(begun) >= (2 if place < 2 else 3)
    }
    return found.pop() if len(found) == 1 else None


def parse_duration(text: str) -> int:
    """Seconds of `30m`, `8h`, `1h 30m`, `1.5h`, `2d`, or `FOREVER_SECONDS`.

    Raises `UsageError`.
    """
    if "".join(text.lower().split()) in {FOREVER, "ever", "always", "∞"}:
        return FOREVER_SECONDS
    seconds = _seconds(text)
    if seconds is None:
        unlike = _("“{word}” is no duration: write 30m, 8h, 2d, 1w or forever.")
        raise UsageError(unlike.format(word=clean(text, SHOWN)))
    if not _MINUTE <= seconds <= _YEAR:
        raise UsageError(_("A duration is between a minute and a year, or forever."))
    return seconds


def parse_period(text: str) -> int:
    """Seconds of `1h`, `24h`, `7d`, `30d`, `day` or `week`; raises `UsageError`."""
    seconds = _seconds(text)
    if seconds is None:
        unlike = _("“{word}” is no period: write 1h, 24h, 7d or 30d.")
        raise UsageError(unlike.format(word=clean(text, SHOWN)))
    if not _HOUR <= seconds <= _YEAR:
        raise UsageError(_("A period is between 1h and 365d."))
    return seconds


def _seconds(text: str) -> int | None:
    """The seconds of `1h30m`, `1.5 h` or `week`; None for what is no span of time."""
    joined = "".join(_BEFORE_A_SPAN.sub("", text.lower(), count=1).split())
    if _SPAN.fullmatch(joined) is None:
        return None
    return _sum(_COUNTED.findall(joined))


def _sum(parts: Iterable[tuple[str, str]]) -> int | None:
    """The sum of parts, the larger unit first: `1h30m`."""
    total, above = Decimal(0), FOREVER_SECONDS
    for count, unit in parts:
        seconds = _SECONDS.get(unit, above)
        if seconds >= above:
            return None
        total, above = total + Decimal(count.replace(",", ".") or 1) * seconds, seconds
    return int(total)
