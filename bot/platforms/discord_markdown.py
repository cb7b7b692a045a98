"""Lines as Discord's markdown: pure, and foreign text arrives as it was written.

Discord's markup (support.discord.com, "Markdown Text 101"): a backslash before any
punctuation takes its meaning away. Inside code nothing has a meaning but the backtick.
"""

import re
from collections.abc import Iterable
from itertools import groupby, pairwise

from msgspec.structs import replace

from bot.platforms.foreign_text import clean_text
from storage.model import Line, Text

_SPECIAL = re.compile(r"[\\*_~`|\[\]<>@#]|:(?=\S)")
"""Emphasis, code, spoilers, links, quotes, mentions, headings; emoji and bare addresses."""
_LIST = re.compile(r"^(\s*\d*)([-+.)])(?=\s)")
_MARKS = {"bold": "**", "italic": "*"}
_URL = 512  # of a button's link; what is longer is no link that anybody follows
_BACKTICK, _LIKE_A_BACKTICK = "`", "\u02cb"
_APART = "\u200b"
"""Between two marked runs that touch, whose marks would otherwise be read as one."""
_IN_AN_ADDRESS = {ord(character): f"%{ord(character):02X}" for character in "()<>\\\"'`*_~|"}


def render_line(line: Line) -> str:
    """One line of markdown; foreign text in it is cleaned and escaped."""
    pieces = [_render_run(run) for run in _united(line)]
    return _escape_list("".join(_joined(pieces)))


def render_block(rows: Iterable[str]) -> str:
    """Rows in a fixed width, as a block of code."""
    return "```\n" + "\n".join(map(_without_backticks, rows)) + "\n```"


def escape(text: str) -> str:
    """Text that markdown shows as it is, wherever but at the beginning of a line."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def is_link(url: str) -> bool:
    """Whether Discord takes `url` as the address of a link or a button."""
    return len(url) <= _URL and re.fullmatch(r"https?://[^\s/]\S*", url) is not None


def _united(line: Line) -> list[Text]:
    """The line cleaned, its neighbours of one kind as one run: their marks would clash."""
    cleaned = [replace(run, text=clean_text(run.text)) for run in line]
    kinds = groupby((run for run in cleaned if run.text), lambda run: (run.style, run.url))
    united = []
    for (style, url), runs in kinds:
        united.append(Text("".join(run.text for run in runs), style, url))
    return united


def _render_run(run: Text) -> tuple[str, bool]:
    """The run as markdown, and whether marks surround it; blanks stay outside of them."""
    text = run.text.strip()
    if not text:
        return run.text, False
    before, _, after = run.text.partition(text)
    shown = _render_link(text, run.url, run.style) if is_link(run.url) else _style(text, run.style)
    return f"{before}{shown}{after}", shown != escape(text)


def _style(text: str, style: str) -> str:
    if style in {"code", "pre"}:
        return f"`{_without_backticks(text)}`"
    mark = _MARKS.get(style, "")
    return f"{mark}{escape(text)}{mark}"


def _render_link(text: str, url: str, style: str) -> str:
    """A link under a text; Discord makes none of a text that looks like an address itself."""
    target = url.translate(_IN_AN_ADDRESS)
    if text == url:
        return f"<{target}>"
    if "://" in text:
        return _style(text, style)
    shown = text.replace("[", "(").replace("]", ")")  # brackets end it, escaped or not
    return f"[{_style(shown, style)}]({target})"


def _joined(pieces: list[tuple[str, bool]]) -> Iterable[str]:
    for (piece, marked), (following, also) in pairwise([*pieces, ("", False)]):
        if marked and also and not (piece[-1].isspace() or following[0].isspace()):
            yield piece + _APART
        elif piece.endswith(":") and following[:1].strip():  # an emoji would begin
            yield f"{piece[:-1]}\\:"
        else:
            yield piece


def _escape_list(row: str) -> str:
    return _LIST.sub(r"\1\\\2", row)


def _without_backticks(text: str) -> str:
    return text.replace(_BACKTICK, _LIKE_A_BACKTICK)
