"""Files that whoever sits at the terminal names: `/import PATH`."""

import asyncio
import re
from pathlib import Path

from bot.language import _
from bot.platforms.platform import Attached, AttachedError

_IMPORT = re.compile(r"/?import\s+(?P<path>\S.*)", re.DOTALL)


def attached_by(line: str) -> Attached | None:
    """The file that a line names; None where it names none."""
    match = _IMPORT.fullmatch(line.strip())
    if match is None or match["path"].isdigit():
        return None
    path = Path(match["path"].strip("\"' ")).expanduser()
    try:
        size = path.stat().st_size
    except OSError:
        size = 0  # reading it says what is wrong

    async def read() -> bytes:
        try:
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            unread = _("I cannot read {path}: {reason}.")
            raise AttachedError(unread.format(path=path, reason=error.strerror)) from None

    return Attached(path.name, size, read)
