"""Messages as Discord's embeds: pure, and in parts that Discord accepts.

Limits (docs.discord.com, "Embed Limits"): a title of 256 characters, a description of
4,096, 6,000 in all. They are of the markup as it is sent, escapes included.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from bot.platforms.discord_markdown import render_block, render_line
from bot.platforms.foreign_text import clean_text, count_units
from detectors.model import Severity
from storage.model import Line, Message, Text

TITLE_UNITS = 256
TEXT_UNITS = 4000
"""What one description holds; Discord takes 4,096, the rest is kept for the part's number."""
COPY = 256
"""The longest text that a button offers to copy, as on other platforms."""
_NOTHING = "…"
_COLORS = {
    Severity.INFO: 0x95A5A6,
    Severity.NOTABLE: 0x3498DB,
    Severity.CRITICAL: 0xE74C3C,
}
"""Grey, blue and red; what is critical says so in words, too."""


class Embed(Struct, frozen=True, omit_defaults=True):
    """An embed as Discord's API takes it."""

    title: str = ""
    description: str = ""
    color: int = 0


def render_embeds(message: Message) -> list[Embed]:
    """The parts to send, in order, each in a message of its own, in the colour of its severity."""
    color = 0 if message.severity is None else _COLORS[message.severity]
    return [replace(embed, color=color) for embed in _embeds(message)]


def _embeds(message: Message) -> list[Embed]:
    title = _render_title(message.title)
    rows = [row for line in message.lines for row in _rows(line)]
    rows += _copy_rows(message)
    if not title:
        rows = [*map(_emboldened, _rows(message.title)), *rows]
    texts = [text for part in _packed(rows) if (text := _render_rows(part))]
    if not (title or texts):
        return [Embed(description=_NOTHING)]
    embeds = [Embed(title, texts[0] if texts else "")]
    later = enumerate(texts[1:], 2)
    return embeds + [Embed(description=f"({n}/{len(texts)})\n{text}") for n, text in later]


def _render_title(line: Line) -> str:
    """The title where an embed's own can hold it: it is short, bold by itself, without links."""
    if any(run.url or run.style == "pre" for run in line):
        return ""
    plain = (replace(run, style="plain") if run.style == "bold" else run for run in line)
    title = render_line(tuple(plain)).strip()
    return title if count_units(title) <= TITLE_UNITS else ""


def _rows(line: Line) -> list[Line]:
    """The line; a block of `pre` is a row a line."""
    if [run.style for run in line] == ["pre"]:
        return [(replace(line[0], text=clean_text(text)),) for text in line[0].text.split("\n")]
    return [line]


def _emboldened(line: Line) -> Line:
    return tuple(replace(run, style="bold") if run.style == "plain" else run for run in line)


def _copy_rows(message: Message) -> list[Line]:
    """What buttons would copy: Discord has no such buttons, but a span of code is copied so."""
    offered = (button for row in message.buttons for button in row if button.copy)
    return [
        (Text(f"{button.label}: "), Text(button.copy, "code"))
        for button in offered
        if len(button.copy) <= COPY
    ]


def _packed(rows: Iterable[Line]) -> Iterator[list[Line]]:
    """Whole rows, as many as fit into each part; only a row too long for any is cut."""
    part: list[Line] = []
    for row in rows:
        rest = row
        while not _fits([*part, rest]):
            if not part:
                head, rest = _cut(rest)
                part = [head]
            yield part
            part = []
        part.append(rest)
    if part:
        yield part


def _fits(rows: Sequence[Line]) -> bool:
    return count_units(_render_rows(rows)) <= TEXT_UNITS


def _cut(row: Line) -> tuple[Line, Line]:
    """The longest beginning of `row` that fits, and what is left of it."""
    least, most = 1, sum(len(run.text) for run in row)
    while least < most:
        middle = (least + most + 1) // 2
        if _fits([_split(row, middle)[0]]):
            least = middle
        else:
            most = middle - 1
    return _split(row, _end_of_word(row, least))


def _end_of_word(row: Line, length: int) -> int:
    """The length, or less where a word ends in the last half of it."""
    space = "".join(run.text for run in row).rfind(" ", length // 2, length)
    return space if space > 0 else length


def _split(row: Line, length: int) -> tuple[Line, Line]:
    """The first `length` characters of `row`, and the others."""
    head: list[Text] = []
    for index, run in enumerate(row):
        if len(run.text) > length:
            rest = replace(run, text=run.text[length:])
            return (*head, replace(run, text=run.text[:length])), (rest, *row[index + 1 :])
        head.append(run)
        length -= len(run.text)
    return row, ()


def _render_rows(rows: Sequence[Line]) -> str:
    """The rows as markup, neighbouring rows of `pre` as one block."""
    rendered: list[str] = []
    for is_block, group in groupby(rows, _is_pre):
        if is_block:
            rendered.append(render_block("".join(run.text for run in row) for row in group))
        else:
            rendered += map(render_line, group)
    return "\n".join(rendered).strip()


def _is_pre(row: Line) -> bool:
    return bool(row) and all(run.style == "pre" and run.text.strip() for run in row)
