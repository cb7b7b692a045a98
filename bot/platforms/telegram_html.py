"""Messages as Telegram's HTML: pure, escaped, and in parts that Telegram accepts.

Limits (Bot API, sendMessage and sendPhoto): 4,096 characters a text and 1,024 a caption,
counted in UTF-16 code units after the markup is parsed; 100 entities a message.
"""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from bot.platforms.foreign_text import clean_text, count_units
from storage.model import Line, Message, Style, Text

TEXT_UNITS = 3900
"""What one message holds; Telegram takes 4,096, the rest is kept in reserve."""
CAPTION_UNITS = 1024
ENTITIES = 100
_COMMAND = re.compile(r"/[a-z0-9_]{1,32}")
_MARK_UNITS = 12
"""Room for the "(2/3)" above a part that continues another."""
_NOTHING = "…"
_TAGS = {"bold": "b", "italic": "i", "code": "code", "pre": "code"}


class _Part(Struct):
    """Rows that go out together, with what they weigh."""

    rows: list[Line] = []
    units: int = 0
    entities: int = 0

    def add(self, row: Line, room: int) -> bool:
        """Take the row if it fits; a blank one at the top is not worth its place."""
        if not (self.rows or _shows(row)):
            return True
        units = self.units + _row_units(row)
        entities = self.entities + _row_entities(row)
        if units > room or entities > ENTITIES:
            return False
        self.rows.append(row)
        self.units, self.entities = units, entities
        return True

    def is_visible(self) -> bool:
        """Whether Telegram would take it: it refuses what holds nothing but spaces."""
        return any(map(_shows, self.rows))


def render_html(message: Message, limit: int = TEXT_UNITS, first: int = 0) -> list[str]:
    """The parts to send, in order; no part is longer than `limit` UTF-16 units.

    `first`: another limit for the first part, where it is a caption.
    """
    rows = [_emboldened(row) for row in _rows(message.title)]
    rows += [row for line in message.lines for row in _rows(line)]
    parts = [_render_part(part) for part in _packed(rows, first or limit, limit)]
    if len(parts) == 1:
        return parts
    return [parts[0], *(f"({n}/{len(parts)})\n{part}" for n, part in enumerate(parts[1:], 2))]


def plain_text(markup: str) -> str:
    """What a rendered part says, without its markup."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def is_link(url: str) -> bool:
    """Whether Telegram takes `url` as the address of a link or a button."""
    return re.fullmatch(r"(?:https?|tg)://[^\s/]\S*", url) is not None


def _rows(line: Line) -> list[Line]:
    """The line with what is foreign in it cleaned; a block of `pre` is a row a line."""
    if [run.style for run in line] == ["pre"]:
        return [_cleaned((replace(line[0], text=text),)) for text in line[0].text.split("\n")]
    return [_cleaned(line)]


def _cleaned(line: Line) -> Line:
    cleaned = (replace(run, text=clean_text(run.text), style=_style(run)) for run in line)
    return tuple(run for run in cleaned if run.text)


def _style(run: Text) -> Style:
    """A bare command stays plain: Telegram makes a link of it that sends it."""
    return "plain" if run.style == "code" and _COMMAND.fullmatch(run.text) else run.style


def _emboldened(line: Line) -> Line:
    return tuple(replace(run, style="bold") if run.style == "plain" else run for run in line)


def _packed(rows: Iterable[Line], first: int, limit: int) -> list[_Part]:
    """Whole rows, as many as fit into each part; only a row too long for any is cut."""
    parts = [_Part()]
    room = first
    for row in rows:
        rest = row
        while not parts[-1].add(rest, room):
            if not parts[-1].rows:
                head, rest = _cut(rest, room)
                parts[-1].add(head, room)
            if parts[-1].rows:
                parts.append(_Part())
                room = limit - _MARK_UNITS
    return [part for part in parts if part.is_visible()] or parts[:1]


def _shows(row: Line) -> bool:
    return any(run.text.strip() for run in row)


def _row_units(row: Line) -> int:
    return sum(count_units(run.text) for run in row) + 1


def _row_entities(row: Line) -> int:
    return sum((run.style != "plain") + bool(run.url) for run in row)


def _cut(row: Line, room: int) -> tuple[Line, Line]:
    """The longest beginning of `row` that fits into `room`, and what is left of it."""
    head: list[Text] = []
    left = room - 1
    for index, run in enumerate(row):
        if _row_entities((*head, run)) > ENTITIES:
            return tuple(head), row[index:]
        if count_units(run.text) > left:
            kept = _cut_text(run.text, left)
            rest = replace(run, text=run.text[len(kept) :].lstrip())
            return (*head, replace(run, text=kept)), (rest, *row[index + 1 :])
        head.append(run)
        left -= count_units(run.text)
    return row, ()


def _cut_text(text: str, room: int) -> str:
    """As much of `text` as fits, ending after a word where one ends in the last half."""
    kept = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore")
    space = kept.rfind(" ", len(kept) // 2)
    return kept[:space] if space > 0 else kept


def _render_part(part: _Part) -> str:
    return "\n".join(_render_rows(part.rows)) if part.is_visible() else _NOTHING


def _render_rows(rows: list[Line]) -> Iterator[str]:
    """The rows as markup, neighbouring rows of `pre` as one block."""
    for is_block, group in groupby(rows, _is_pre):
        if is_block:
            block = "\n".join("".join(run.text for run in row) for row in group)
            yield f"<pre>{html.escape(block)}</pre>"
        else:
            yield from ("".join(map(_render_run, row)) for row in group)


def _is_pre(row: Line) -> bool:
    return bool(row) and all(run.style == "pre" and run.text.strip() for run in row)


def _render_run(run: Text) -> str:
    text = html.escape(run.text, quote=False)
    if not run.text.strip():
        return text
    tag = _TAGS.get(run.style, "")
    if is_link(run.url):
        text = f'<a href="{html.escape(run.url)}">{text}</a>'
        tag = "" if tag == "code" else tag  # code may hold no link
    return f"<{tag}>{text}</{tag}>" if tag else text
