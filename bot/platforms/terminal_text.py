"""What a message looks like in a terminal: pure, and safe against what strangers wrote.

Links are OSC 8 hyperlinks
(https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda) where the terminal
is known to show them; elsewhere only their text is printed, which keeps lines short.
"""

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from urllib.parse import quote

from msgspec import Struct
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text as Styled

from bot.commands.command import Command
from bot.language import _
from bot.platforms.terminal_pictures import InlineProtocol, inline_protocol
from bot.wording.words import filled
from storage.model import Button, Line, Message, Text

STYLES = {"plain": "", "bold": "bold", "italic": "italic", "code": "cyan", "pre": ""}
TO_TRY = ("stats", "chart", "threshold")
LINKING_PROGRAMS = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "mintty", "Tabby", "rio"}
LINKING_TERMS = {"xterm-kitty", "alacritty", "foot", "xterm-ghostty", "contour"}
LINKING_SIGNS = ("KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "WEZTERM_PANE")
VTE_WITH_LINKS = 5000

_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
# Besides control characters: surrogates, which no terminal can be sent, and the invisible
# marks that reorder or hide what stands beside them.
_UNSAFE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff"
    r"\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)


class Look(Struct, frozen=True):
    """What a terminal can show. `columns` 0: lines are not wrapped, as in a pipe."""

    columns: int = 0
    styles: bool = False
    colours: bool = False
    links: bool = False
    pictures: InlineProtocol | None = None


def look_of(environ: Mapping[str, str], columns: int) -> Look:
    """What an interactive terminal can show, as its environment tells."""
    return Look(
        columns=columns,
        styles=True,
        colours=not environ.get("NO_COLOR"),
        links=shows_links(environ),
        pictures=inline_protocol(environ),
    )


def shows_links(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is known to show OSC 8 hyperlinks; inside tmux or screen none is."""
    if environ.get("TMUX") or environ.get("STY"):
        return False
    vte = environ.get("VTE_VERSION", "")
    return (
        environ.get("TERM_PROGRAM") in LINKING_PROGRAMS
        or environ.get("TERM") in LINKING_TERMS
        or any(environ.get(sign) for sign in LINKING_SIGNS)
        or (vte.isdecimal() and int(vte) >= VTE_WITH_LINKS)
    )


def clean(text: str) -> str:
    """One line that cannot steer the terminal: breaks become spaces, controls vanish."""
    return clean_block(_BREAKS.sub(" ", text))


def clean_block(text: str) -> str:
    """Several lines that cannot steer the terminal: only line feeds stay."""
    return _UNSAFE.sub("", text.expandtabs())


def render_message(
    message: Message, numbered: Sequence[tuple[int, Button]], look: Look, at: str = ""
) -> str:
    """The message as it is printed, with its buttons' numbers; `at` goes before the title."""
    title = Styled(f"{at} " if at else "", style="dim")
    title = Styled.assemble(title, _styled(message.title, look, emphasis=_emphasis(message)))
    lines = [title, *(_styled(line, look) for line in message.lines)]
    unwrapped = [_is_block(message.title), *map(_is_block, message.lines)]
    buttons = _button_lines(numbered, look)
    return _print([*zip(lines, unwrapped, strict=True), *((line, False) for line in buttons)], look)


def render_change(message: Message, look: Look, at: str) -> str:
    """A line that says what became of an earlier message: a terminal cannot edit."""
    news = (Text(" · "), *message.news) if message.news else ()
    mark = Styled.assemble((f"{at} ↻ ", "dim"), _styled((*message.title, *news), look))
    return _print([(mark, False)], look)


def render_note(text: str, look: Look, url: str = "") -> str:
    """A dim line of the terminal's own."""
    return _print([(_styled((Text(text, url=url),), look, emphasis="dim"), False)], look)


def format_greeting(commands: Sequence[Command]) -> Message:
    """The first screen: what this is, three things to try, how to leave."""
    known = {command.name: command for command in commands}
    tries = (known[name] for name in TO_TRY if name in known)
    ways = _(
        "{help} lists everything, Tab completes, #1 presses a button; {quit} or Ctrl-D leaves."
    )
    return Message(
        title=(Text(_("Spyhop watches blockchains and tells you here.")),),
        lines=(
            *(
                (Text(command.examples[0], "code"), Text(f"  {_(command.summary)}"))
                for command in tries
            ),
            filled(ways, help=Text("/help", "code"), quit=Text("/quit", "code")),
        ),
    )


def _emphasis(message: Message) -> str:
    return "yellow" if message.refusal else "bold"


def _is_block(line: Line) -> bool:
    return any(run.style == "pre" for run in line)


def _styled(line: Line, look: Look, emphasis: str = "") -> Styled:
    styled = Styled(style=emphasis)
    for run in line:
        text = clean_block(run.text) if run.style == "pre" else clean(run.text)
        style = Style.parse(STYLES[run.style])
        if run.url and look.links:
            style += Style(link=_link(run.url), underline=True)
        styled.append(text, style)
    return styled


def _link(url: str) -> str:
    # OSC 8 takes only bytes 32 to 126; all others are percent-encoded.
    return quote(clean(url), safe="!#$%&'()*+,/:;=?@[]~")


def _button_lines(numbered: Sequence[tuple[int, Button]], look: Look) -> list[Styled]:
    """The buttons in as few lines as they need, no button broken in two."""
    rows: list[str] = []
    for number, button in numbered:
        piece = f"#{number} {clean(button.label)}"
        if rows and (not look.columns or cell_len(f"{rows[-1]}  {piece}") <= look.columns):
            rows[-1] += f"  {piece}"
        else:
            rows.append(piece)
    return [Styled(row, style="dim") for row in rows]


def _print(lines: Sequence[tuple[Styled, bool]], look: Look) -> str:
    console = Console(
        file=StringIO(),
        force_terminal=look.styles,
        color_system="standard" if look.styles else None,
        no_color=not look.colours,
        width=look.columns or None,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as printed:
        for line, unwrapped in lines:
            line.overflow = "fold"
            console.print(line, soft_wrap=unwrapped or not look.columns)
    return printed.get()
