"""Where the terminal chat reads and prints: a prompt for a person, plain lines for a pipe."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import Protocol, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.completion import Completer
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output, create_output
from prompt_toolkit.patch_stdout import patch_stdout

from bot.platforms.terminal_text import Look, look_of


class Screen(Protocol):
    """Lines in, text out. `finishes`: what was typed is still answered after the last line."""

    finishes: bool

    def look(self) -> Look:
        """What can be shown just now."""

    def lines(self) -> AsyncGenerator[str, None]:
        """What is typed, line by line, until the person leaves or the input ends."""

    async def show(self, text: str) -> None:
        """Print; raises `OSError` where nobody is there any more."""


class Prompt:
    """A person at a terminal: what is printed appears above the line being typed.

    The history is kept in memory only: nothing that was typed, such as one's addresses,
    is left on disk outside the database.
    """

    finishes = False

    def __init__(
        self, completer: Completer, reader: Input | None = None, writer: Output | None = None
    ) -> None:
        self._output = writer or create_output(sys.stdout)
        self._session: PromptSession[str] = PromptSession(
            "> ",
            completer=completer,
            # Room for the menu is kept free below the prompt only while it can open.
            complete_while_typing=Condition(self._types_a_command),
            reserve_space_for_menu=6,
            history=InMemoryHistory(),
            input=reader,
            output=self._output,
        )

    def look(self) -> Look:
        """What the environment promises, as wide as the window is now."""
        return look_of(os.environ, self._output.get_size().columns)

    async def lines(self) -> AsyncGenerator[str, None]:
        """Ends at Ctrl-D, and at Ctrl-C on an empty line; a line begun is only dropped."""
        with patch_stdout(raw=True):
            while True:
                try:
                    # Signals and the loop's errors stay the program's own affair.
                    line = await self._session.prompt_async(
                        handle_sigint=False, set_exception_handler=False
                    )
                except KeyboardInterrupt:
                    if self._session.default_buffer.text:
                        continue
                    return
                except EOFError:
                    return
                yield line

    async def show(self, text: str) -> None:
        """Print above the prompt. Shielded: a print cut short would block all later ones."""
        await asyncio.shield(run_in_terminal(partial(self._write, text)))

    def _types_a_command(self) -> bool:
        return self._session.default_buffer.text.startswith("/")

    def _write(self, text: str) -> None:
        self._output.enable_autowrap()
        self._output.write_raw(text)
        self._output.flush()


class Pipe:
    """A pipe or a file: no prompt, no colours, over when the input ends."""

    finishes = True

    def __init__(self, source: TextIO, sink: TextIO) -> None:
        self._source = source
        self._sink = sink

    def look(self) -> Look:
        """Plain text, unwrapped."""
        return Look()

    async def lines(self) -> AsyncGenerator[str, None]:
        """Each line as soon as it is there."""
        arrived: asyncio.Queue[str | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def offer(line: str | None) -> None:
            loop.call_soon_threadsafe(arrived.put_nowait, line)

        # A daemon: a read that waits for ever must not keep the program from ending.
        threading.Thread(target=_read, args=(self._source.fileno(), offer), daemon=True).start()
        while (line := await arrived.get()) is not None:
            yield line

    async def show(self, text: str) -> None:
        """Print; characters that the encoding lacks become question marks."""
        encoding = self._sink.encoding or "utf-8"
        self._sink.write(text.encode(encoding, "replace").decode(encoding))
        self._sink.flush()


def _read(descriptor: int, offer: Callable[[str | None], None]) -> None:
    try:
        with open(descriptor, encoding="utf-8", errors="replace", closefd=False) as lines:
            for line in lines:
                offer(line.rstrip("\n"))
        offer(None)
    except RuntimeError:
        return  # the loop is closed: nobody listens


def open_screen(completer: Completer) -> Screen:
    """A prompt where a person sits at both ends, else plain lines."""
    if sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        return Prompt(completer)
    return Pipe(sys.stdin, sys.stdout)
