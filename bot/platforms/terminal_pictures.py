"""Pictures in a terminal: saved as files, and shown inline where the terminal can.

iTerm2's protocol: https://iterm2.com/documentation-images.html (also WezTerm, mintty).
Kitty's: https://sw.kovidgoyal.net/kitty/graphics-protocol/ (also Ghostty). Sixel is left
out: it would need the picture decoded and its colours reduced.
"""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Literal, TypeAlias

from storage.model import Document, Picture

InlineProtocol: TypeAlias = Literal["iterm2", "kitty"]

BY_PROGRAM: Mapping[str, InlineProtocol] = {
    "iTerm.app": "iterm2",
    "iTerm2": "iterm2",
    "WezTerm": "iterm2",
    "mintty": "iterm2",
    "ghostty": "kitty",
}
BY_TERM: Mapping[str, InlineProtocol] = {"xterm-kitty": "kitty", "xterm-ghostty": "kitty"}
CHUNK = 4096  # the most base64 that kitty takes at a time
WIDEST = 80  # columns; wider pictures would only be taller


def inline_protocol(environ: Mapping[str, str]) -> InlineProtocol | None:
    """How the terminal shows pictures, None where it cannot, or where tmux stands between.

    `TERM_PROGRAM` is set by the innermost terminal; kitty's and WezTerm's own variables
    may be inherited from one further out, so they count only without it.
    """
    if environ.get("TMUX") or environ.get("STY") or environ.get("TERM", "").startswith("screen"):
        return None
    program = environ.get("TERM_PROGRAM") or environ.get("LC_TERMINAL")
    if program:
        return BY_PROGRAM.get(program)
    if environ.get("WEZTERM_PANE"):
        return "iterm2"
    if environ.get("KITTY_WINDOW_ID"):
        return "kitty"
    return BY_TERM.get(environ.get("TERM", ""))


def render_inline(png: bytes, protocol: InlineProtocol, columns: int) -> str:
    """The escape sequences that draw the picture below the last line, and a line feed."""
    width = min(columns, WIDEST)
    if protocol == "kitty":
        return _kitty(png, width)
    data = b64encode(png).decode()
    options = f"inline=1;size={len(png)};width={width};preserveAspectRatio=1"
    return f"\x1b]1337;File={options}:{data}\a\n"


def _kitty(png: bytes, width: int) -> str:
    data = b64encode(png).decode()
    chunks = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
    # q=2: the terminal's reply would arrive as if it were typed.
    heads = [f"a=T,f=100,q=2,c={width},", *([""] * (len(chunks) - 1))]
    more = [1] * (len(chunks) - 1) + [0]
    parts = zip(heads, more, chunks, strict=True)
    return "".join(f"\x1b_G{head}m={m};{chunk}\x1b\\" for head, m, chunk in parts) + "\n"


def save_picture(picture: Picture, folder: Path, now: float) -> Path:
    """Write the PNG into the folder, named by what it shows and when; raises `OSError`."""
    letters = unicodedata.normalize("NFKD", picture.description.casefold())
    plain = letters.encode("ascii", "ignore").decode()
    what = re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-") or "chart"
    stem = f"{what}-{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}"
    return _save(picture.png, folder, stem, ".png")


def save_document(document: Document, folder: Path) -> Path:
    """Write it into the folder under its name; raises `OSError`."""
    name = Path(document.name)
    return _save(document.content, folder, name.stem, name.suffix)


def _save(data: bytes, folder: Path, stem: str, suffix: str) -> Path:
    """Write a file of its own: nothing that lies there is overwritten."""
    folder.mkdir(parents=True, exist_ok=True)
    for attempt in count(1):
        path = folder / (f"{stem}{suffix}" if attempt == 1 else f"{stem}-{attempt}{suffix}")
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            continue
        return path
    raise AssertionError
