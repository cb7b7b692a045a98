"""Words on a picture: only what the font can draw, and no more than there is room for."""

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

FONT: Final = "DejaVu Sans"  # comes with matplotlib, so that it is the same everywhere

_LONGEST: Final = 200  # characters: more than any line of a picture holds
_SPELT: Final = str.maketrans({"₿": "BTC"})


def drawable(text: str) -> str:
    """`text` in one line without what would show as an empty box or turn its direction.

    Emoji and other signs that the font lacks are left out, letters it lacks become `?`.
    """
    plain = "".join(map(_drawn, unicodedata.normalize("NFC", text.translate(_SPELT))))
    return " ".join(plain.split())[:_LONGEST]


def _drawn(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    if category[0] == "C":  # invisible: marks of direction, joiners, unassigned
        return ""
    if _font().get_char_index(ord(character)):
        return character
    return "?" if category[0] in "LN" else ""


@cache
def _font() -> "FT2Font":
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415 - takes a second

    return get_font(findfont(FONT))


def wrapped(text: str, room: float, lines: int, width: Callable[[str], float]) -> list[str]:
    """`text` cut between words into at most `lines` lines no wider than `room`.

    What is left over is replaced by an ellipsis; `width` measures a text.
    """
    wrapped_lines: list[str] = []
    words = text.split()
    while words and len(wrapped_lines) < lines:
        fitting = _fitting(words, room, width)
        line, words = " ".join(words[:fitting]), words[fitting:]
        if words and len(wrapped_lines) == lines - 1:
            line += " …"
        wrapped_lines.append(shortened(line, room, width))
    return wrapped_lines


def _fitting(words: list[str], room: float, width: Callable[[str], float]) -> int:
    """How many words go into a line: rather up to a comma or the like than a word more."""
    count = 1
    while count < len(words) and width(" ".join(words[: count + 1])) <= room:
        count += 1
    if count == len(words):
        return count
    for earlier in range(count, count // 2, -1):
        if words[earlier - 1][-1] in ",:;." and width(" ".join(words[earlier:])) <= room:
            return earlier
    return count


def shortened(text: str, room: float, width: Callable[[str], float]) -> str:
    """`text`, cut at its end until it is no wider than `room`."""
    while len(text) > 1 and width(text) > room:
        text = text.removesuffix("…")[:-1].rstrip() + "…"
    return text
