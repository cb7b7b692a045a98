"""A program in a terminal of its own, and which processes it has beside it."""

import asyncio
import fcntl
import os
import pty
import re
import struct
import sys
import termios
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from pathlib import Path

from tests.end_to_end.program import ROOT

ROWS, COLUMNS = 50, 100
CONTROL = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>]")
WHERE_IS_THE_CURSOR = b"\x1b[6n"
CTRL_D = "\x04"


class Window:
    """A pseudo-terminal with a program in it; `text` is what was printed, without controls."""

    def __init__(self, process, master):
        self.process = process
        self._master = master
        self._printed = b""
        self._changed = asyncio.Event()
        asyncio.get_running_loop().add_reader(master, self._read)

    @property
    def text(self):
        return CONTROL.sub(b"", self._printed).decode(errors="replace").replace("\r", "")

    def types(self, text):
        os.write(self._master, text.encode())

    async def until(self, pattern, seconds=60):
        """Wait until something is on the screen; what was found."""
        try:
            async with asyncio.timeout(seconds):
                while not (found := re.search(pattern, self.text)):
                    self._changed.clear()
                    await self._changed.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"no {pattern!r} on the screen:\n{self.text[-4000:]}") from None

    def close(self):
        asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._master)

    def _read(self):
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the program has left
            asyncio.get_running_loop().remove_reader(self._master)
            return
        if WHERE_IS_THE_CURSOR in data:
            os.write(self._master, b"\x1b[1;1R")
        self._printed += data
        self._changed.set()


@asynccontextmanager
async def window(*arguments, folder):
    """`python -m bot ARGUMENTS` in a new terminal, in an empty folder."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=folder, stdin=slave, stdout=slave,
        stderr=slave, start_new_session=True,
        env={**kept, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    os.close(slave)
    shown = Window(process, master)
    try:
        yield shown
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        shown.close()


class Pipe:
    """A program whose input and output are pipes."""

    def __init__(self, process):
        self.text = ""
        self._process = process

    @classmethod
    async def to(cls, program):
        return cls(await program.start(stdin=PIPE, stdout=PIPE))

    def types(self, line):
        self._process.stdin.write(f"{line}\n".encode())

    async def until(self, pattern, seconds=60):
        """Read until something has been said."""
        async with asyncio.timeout(seconds):
            while not re.search(pattern, self.text):
                line = await self._process.stdout.readline()
                assert line, f"it ended without {pattern!r}: {self.text}"
                self.text += line.decode()

    async def ends(self, seconds=60):
        """Close the input, read the rest; the exit code."""
        self._process.stdin.close()
        async with asyncio.timeout(seconds):
            self.text += (await self._process.stdout.read()).decode()
            return await self._process.wait()


def descendants(pid):
    """The processes that a process has started, theirs included."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, waiting = [], [pid]
    while waiting:
        born = children.get(waiting.pop(), [])
        found += born
        waiting += born
    return found


async def until_gone(pids, seconds=20):
    """Wait until none of these processes lives."""
    async with asyncio.timeout(seconds):
        while any(map(lives, pids)):
            await asyncio.sleep(0.05)


def lives(pid):
    return Path(f"/proc/{pid}").exists()
