"""Make the pictures of the README from a real session: `python -m docs.pictures.make`.

It runs the demo with a screen that keeps what is printed, and types what the README
shows: `alert.svg` is that screen, `chart.png` the last chart that was drawn.
"""

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncGenerator
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from prompt_toolkit.completion import Completer
from rich.console import Console
from rich.text import Text

from bot.demo import run_demo
from bot.platforms.terminal_text import Look

HERE = Path(__file__).parent
COLUMNS = 64
SEED = 1
PATIENCE_SECONDS = 90.0
HISTORY_SECONDS = 3.0
_UNKNOWN = "I know nothing"
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


class Stage:
    """A `Screen` that types by itself, and keeps what is printed."""

    finishes = True

    def __init__(self) -> None:
        self.text = ""
        self.picture = ""
        self._printed = asyncio.Condition()

    def look(self) -> Look:
        """Colours, at the width of the picture."""
        return Look(columns=COLUMNS, styles=True, colours=True)

    async def lines(self) -> AsyncGenerator[str, None]:
        """An alert, a threshold, and a chart once the history is there."""
        await self._until("Explorer")
        yield self._type("/threshold whales 500 BTC")
        await self._until("Others…")
        self.picture = self.text
        self.text = _UNKNOWN
        while _UNKNOWN in self.text:
            await asyncio.sleep(HISTORY_SECONDS)
            self.text = ""
            yield self._type("/chart volume 12h")
            await self._until(".png")

    def _type(self, line: str) -> str:
        self.text += f"\x1b[2m> \x1b[0m{line}\n"
        return line

    async def _until(self, awaited: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), self._printed:
            await self._printed.wait_for(lambda: awaited in self.text)

    async def show(self, text: str) -> None:
        """Keep it."""
        async with self._printed:
            self.text += text
            self._printed.notify_all()


async def session(folder: Path) -> str:
    """What is on screen after an alert and an answer; the chart is in the folder."""
    stage = Stage()

    def open_screen(completer: Completer) -> Stage:
        del completer
        return stage

    os.chdir(folder)
    with patch("bot.platforms.terminal.open_screen", open_screen):
        await run_demo(speed=60, seed=SEED)
    return stage.picture


def svg(screen: str) -> str:
    """The screen as a picture, without fonts from elsewhere."""
    console = Console(record=True, width=COLUMNS, file=StringIO())
    console.print(Text.from_ansi(_from_first_alert(screen)))
    return _FONT.sub("", console.export_svg(title="spyhop demo"))


def _from_first_alert(screen: str) -> str:
    lines = screen.splitlines()
    first = next(number for number, line in enumerate(lines) if "🐋" in line and "moved" in line)
    return "\n".join(lines[first:])


def main() -> None:
    """Write the pictures beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        screen = asyncio.run(session(Path(folder)))
        newest = max(Path(folder).glob("spyhop-charts/*.png"), key=os.path.getmtime)
        shutil.copy(newest, HERE / "chart.png")
    (HERE / "alert.svg").write_text(svg(screen))


if __name__ == "__main__":
    main()
