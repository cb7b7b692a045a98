"""Small pieces of text that every reply is made of."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from unicodedata import category
from zoneinfo import ZoneInfo

from storage.model import Button, Chat, Line, Message, Text

_JOINERS = "\u200c\u200d"
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def say(*parts: str | Text) -> Line:
    """A line of plain and styled runs."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts if part != "")


def bold(text: str) -> Text:
    """What the eye should meet first."""
    return Text(text, "bold")


def code(text: str) -> Text:
    """What is copied, or typed."""
    return Text(text, "code")


def quiet(text: str) -> Text:
    """What may be skipped."""
    return Text(text, "italic")


def place(chat: Chat) -> str:
    """`chat`, `group`, `channel` or `thread`: what a reader calls the place where they are."""
    return "chat" if chat.kind == "private" else chat.kind


def platform_name(platform: str) -> str:
    """`Telegram`, `the terminal`: what a reader calls a platform."""
    return "the terminal" if platform == "terminal" else platform.capitalize()


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
    moment = datetime.fromtimestamp(time, UTC).astimezone(ZoneInfo(zone))
    return f"{moment:%H:%M} on {moment.day} {moment:%b}"


def clock(time: float, zone: str) -> str:
    """`18:40`, in a zone."""
    return f"{datetime.fromtimestamp(time, UTC).astimezone(ZoneInfo(zone)):%H:%M}"


def exact_clock(time: float, zone: str) -> str:
    """`18:40:03`, in a zone."""
    return f"{datetime.fromtimestamp(time, UTC).astimezone(ZoneInfo(zone)):%H:%M:%S}"


def span(seconds: float) -> str:
    """`45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`: a duration as one says it."""
    seconds = int(seconds)
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if hours < 1:
        return f"{minutes} min"
    if days < 2:
        return f"{hours} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    return f"{days} d" + (f" {hours % 24} h" if hours % 24 else "")


def many(count: int, noun: str, plural: str = "") -> str:
    """`1 alert`, `1,234 alerts`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def pace(rate: float) -> str:
    """`312`, `5.5`, `0.03`, `0`: how often something happens in a time."""
    places = 0 if rate >= 10 or not rate else 1 if rate >= 0.1 else 2
    return f"{rate:,.{places}f}"


def octets(size: int) -> str:
    """`1.5 MB`: a size in bytes."""
    for power, unit in ((9, "GB"), (6, "MB"), (3, "kB")):
        if size >= 10**power:
            return f"{size / 10**power:,.1f} {unit}"
    return many(size, "byte")


def clean(text: str, most: int) -> str:
    """What a stranger wrote, fit to stand in a line: one line of at most `most` characters.

    Control characters, lone surrogates and the marks that reorder or hide what stands
    beside them are taken out; those that join letters or emoji stay.
    """
    kept = "".join(c for c in text if c in _JOINERS or c.isspace() or category(c) not in _UNSAFE)
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
