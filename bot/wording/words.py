"""Small pieces of text that every reply is made of."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from string import Formatter
from unicodedata import category
from zoneinfo import ZoneInfo

from bot.language import _, ngettext, pgettext, signs
from storage.model import Button, Chat, Line, Message, Text

_JOINERS = "\u200c\u200d"
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def say(*parts: str | Text) -> Line:
    """A line of plain and styled runs."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts if part != "")


def filled(message: str, **parts: str | Text) -> Line:
    """A message as a line, its placeholders filled with plain or styled runs."""
    runs: list[str | Text] = []
    for text, name, *_rest in Formatter().parse(message):
        runs += [text, parts[name]] if name else [text]
    return say(*runs)


def bold(text: str) -> Text:
    """What the eye should meet first."""
    return Text(text, "bold")


def code(text: str) -> Text:
    """What is copied, or typed."""
    return Text(text, "code")


def in_rows(buttons: Sequence[Button], most: int) -> tuple[tuple[Button, ...], ...]:
    """A keyboard with at most so many buttons side by side."""
    return tuple(tuple(buttons[at : at + most]) for at in range(0, len(buttons), most))


def quiet(text: str) -> Text:
    """What may be skipped."""
    return Text(text, "italic")


def place(chat: Chat) -> str:
    """`chat`, `group`, `channel` or `thread`: what a reader calls the place where they are."""
    match chat.kind:
        case "private":
            return pgettext("place", "chat")
        case "group":
            return pgettext("place", "group")
        case "channel":
            return pgettext("place", "channel")
        case "thread":
            return pgettext("place", "thread")


def platform_name(platform: str) -> str:
    """`Telegram`, `the terminal`: what a reader calls a platform."""
    return _("the terminal") if platform == "terminal" else platform.capitalize()


def link(text: str, url: str) -> Text:
    """A way to more."""
    return Text(text, url=url)


def table(rows: Iterable[str]) -> tuple[Line, ...]:
    """Lines in columns; at most 34 characters each fit a phone."""
    return tuple((Text(row, "pre"),) for row in rows)


def columns(rows: Sequence[Sequence[str]]) -> tuple[Line, ...]:
    """A table: the first column to the left, the others to the right, as narrow as it goes."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return table(
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in rows
    )


def refuse(reason: str, *hints: Line, buttons: tuple[tuple[Button, ...], ...] = ()) -> Message:
    """Nothing was done: why, and what to do instead."""
    return Message(say(reason), hints, buttons, refusal=True)


def short(identifier: str) -> str:
    """`bc1q…x7k2`: enough of an address or hash to know it again."""
    return identifier if len(identifier) <= 12 else f"{identifier[:5]}…{identifier[-4:]}"


def at(time: float, zone: str) -> str:
    """`18:40 on 3 May`, in a zone."""
    return _("{time} on {day}").format(time=clock(time, zone), day=day_of(time, zone))


def clock(time: float, zone: str) -> str:
    """`18:40`, in a zone."""
    return f"{datetime.fromtimestamp(time, UTC).astimezone(ZoneInfo(zone)):%H:%M}"


def exact_clock(time: float, zone: str) -> str:
    """`18:40:03`, in a zone."""
    return f"{datetime.fromtimestamp(time, UTC).astimezone(ZoneInfo(zone)):%H:%M:%S}"


def day_of(time: float, zone: str) -> str:
    """`3 May`, in a zone."""
    moment, written = datetime.fromtimestamp(time, UTC).astimezone(ZoneInfo(zone)), signs()
    return written.day.format(day=moment.day, month=written.months[moment.month - 1])


def date_of(time: float, zone: str) -> str:
    """`3 May 2024`, in a zone."""
    moment = datetime.fromtimestamp(time, UTC).astimezone(ZoneInfo(zone))
    return f"{day_of(time, zone)} {moment.year}"


def span(seconds: float) -> str:
    """`45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`: a duration as one says it."""
    seconds = int(seconds)
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 1:
        return _("{n} s").format(n=seconds)
    if hours < 1:
        return _("{n} min").format(n=minutes)
    rest, unit = (minutes % 60, _("{n} min")) if days < 2 else (hours % 24, _("{n} h"))
    whole = _("{n} h").format(n=hours) if days < 2 else _("{n} d").format(n=days)
    return f"{whole} {unit.format(n=rest)}" if rest else whole


def number(value: Decimal | float, places: int = 0) -> str:
    """`1,234.5`, with so many decimal places and the separators of the language."""
    written = signs()
    separators = {ord(","): written.group, ord("."): written.decimal}
    return f"{value:,.{places}f}".translate(separators)


def three_digits(count: int) -> str:
    """`312`, `312k`, `1.25M`: a count as charts show it, in three digits."""
    for power in (12, 9, 6, 3):
        if count >= 10**power * 0.9995:
            return suffixed(power).format(n=_three(count / 10**power))
    return _three(count)


def _three(value: float) -> str:
    shown = Decimal(f"{value:.3g}")
    exponent = shown.as_tuple().exponent
    return number(shown, max(0, -exponent) if isinstance(exponent, int) else 0)


def suffixed(power: int) -> str:
    """How thousands, millions, billions and trillions are written after `{n}`."""
    suffixes = {3: _("{n}k"), 6: _("{n}M"), 9: _("{n}B"), 12: _("{n}T")}
    return suffixes[power]


def many(count: int, singular: str, plural: str, **values: object) -> str:
    """`1 alert`, `1,234 alerts`: messages in which `{n}` is the count.

    `values` are what else stands in them.
    """
    return ngettext(singular, plural, count).format(n=number(count), **values)


def pace(rate: float) -> str:
    """`312`, `5.5`, `0.03`, `0`: how often something happens in a time."""
    return number(rate, 0 if rate >= 10 or not rate else 1 if rate >= 0.1 else 2)


def octets(size: int) -> str:
    """`1.5 MB`: a size in bytes."""
    for power, unit in ((9, "GB"), (6, "MB"), (3, "kB")):
        if size >= 10**power:
            return f"{number(size / 10**power, 1)} {unit}"
    return many(size, "{n} byte", "{n} bytes")


def listed_and(names: Sequence[str]) -> str:
    """`Ada and Bob`, `Ada, Bob and Cy`."""
    *firsts, last = names or [""]
    return _("{names} and {last}").format(names=", ".join(firsts), last=last) if firsts else last


def clean(text: str, most: int) -> str:
    """What a stranger wrote, fit to stand in a line: one line of at most `most` characters.

    Control characters, lone surrogates and the marks that reorder or hide what stands
    beside them are taken out; those that join letters or emoji stay.
    """
    kept = "".join(c for c in text if c in _JOINERS or c.isspace() or category(c) not in _UNSAFE)
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
