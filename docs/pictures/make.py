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

from prompt_toolkit.completion import Completer
from rich.console import Console
from rich.text import Text

from bot.demo import run_demo
from bot.platforms import terminal
from bot.platforms.terminal_text import Look

HERE = Path(__file__).parent
COLUMNS = 64
SEED = 7
PATIENCE_SECONDS = 90.0
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_GREETING_LINES = 4


class Stage:
    """A `Screen` that types by itself: each line once what it waits for is on screen."""

    finishes = True

    def __init__(self, script: tuple[tuple[str, str], ...]) -> None:
        self.text = ""
        self._script = script
        self._printed = asyncio.Condition()

    def look(self) -> Look:
        """Colours, at the width of the picture."""
        return Look(columns=COLUMNS, styles=True, colours=True)

    async def lines(self) -> AsyncGenerator[str, None]:
        """The script."""
        for awaited, typed in self._script:
            async with asyncio.timeout(PATIENCE_SECONDS), self._printed:
                await self._printed.wait_for(lambda awaited=awaited: awaited in self.text)
            if typed:
                self.text += f"\x1b[2m>\x1b[0m {typed}\n"
                yield typed

    async def show(self, text: str) -> None:
        """Keep it."""
        async with self._printed:
            self.text += text
            self._printed.notify_all()


async def session(folder: Path) -> str:
    """What is on screen after an alert, a question and a chart."""
    stage = Stage(
        (
            ("moved", "/threshold whales 500 BTC"),
            ("Would have sent", "/stats 6h"),
            ("Difficulty", "/chart volume 6h"),
            (".png", ""),
        )
    )

    def open_screen(completer: Completer) -> Stage:
        del completer
        return stage

    terminal.open_screen = open_screen
    os.chdir(folder)
    await run_demo(speed=60, seed=SEED)
    return stage.text


def svg(screen: str) -> str:
    """The screen as a picture, without fonts from elsewhere."""
    console = Console(record=True, width=COLUMNS, file=StringIO())
    console.print(Text.from_ansi(screen.split("\n", _GREETING_LINES)[-1]))
    return _FONT.sub("", console.export_svg(title="spyhop demo"))


def main() -> None:
    """Write the pictures beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        screen = asyncio.run(session(Path(folder)))
        newest = max(Path(folder).glob("spyhop-charts/*.png"), key=os.path.getmtime)
        shutil.copy(newest, HERE / "chart.png")
    (HERE / "alert.svg").write_text(svg(screen))


if __name__ == "__main__":
    main()
