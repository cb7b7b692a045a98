"""The program as a user starts it."""

import asyncio
import json
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from storage.database import open_database, reading

ROOT = Path(__file__).resolve().parents[2]
ENDS_WITHIN_SECONDS = 30


def _clear_after(pid):
    """Remove what libfaketime leaves: a later process of this number could not start."""
    for leftover in ("faketime_shm", "sem.faketime_sem"):
        Path(f"/dev/shm/{leftover}_{pid}").unlink(missing_ok=True)


class Program:
    """`python -m bot` with settings in its environment; its database can be read meanwhile.

    `hurry` changes constants of the program, see `hurried.py`.
    """

    def __init__(self, folder, hurry=None, **settings):
        self.database = folder / "spyhop.db"
        self.log = folder / "log.txt"
        self.was_stopped = False
        self._hurry = hurry
        self._settings = {"DATABASE": str(self.database), "CONSOLE": "off", **settings}
        self._process: Any = None

    async def start(self, **streams):
        """Start it; what no stream is named for is logged."""
        with self.log.open("ab") as log:
            streams = {"stdin": DEVNULL, "stdout": log, "stderr": log, **streams}
            self._process = await asyncio.create_subprocess_exec(
                *self.command, cwd=ROOT, env=self.environment, **streams
            )
        return self._process

    @property
    def command(self):
        if self._hurry is None:
            return [sys.executable, "-m", "bot"]
        return [sys.executable, "-m", "tests.end_to_end.hurried", json.dumps(self._hurry)]

    @property
    def environment(self):
        kept = {"PATH", "HOME", "LANG"}
        inherited = {name: value for name, value in os.environ.items() if name in kept}
        return {**inherited, **self._settings}

    async def fails(self):
        """Start it and wait for its end; the exit code."""
        await self.start()
        async with asyncio.timeout(ENDS_WITHIN_SECONDS):
            return await self._process.wait()

    async def stop(self, number=signal.SIGTERM):
        """Ask it to end; its exit code."""
        self.was_stopped = True
        self._process.send_signal(number)
        async with asyncio.timeout(ENDS_WITHIN_SECONDS):
            return await self._process.wait()

    async def kill(self):
        self.was_stopped = True
        self._process.kill()
        await self._process.wait()
        _clear_after(self.pid)

    @property
    def pid(self):
        return self._process.pid

    @property
    def runs(self):
        return self._process is not None and self._process.returncode is None

    def rows(self, query, *values):
        """What a query finds in the database just now; nothing while there is none."""
        if not self.database.exists():
            return []
        with reading(self.database) as db:
            return db.conn.execute(query, values).fetchall()

    def write(self, change):
        """Change the database while the program is away."""
        assert not self.runs
        db = open_database(self.database)
        with db.atomic():
            db.conn.execute(change)
        db.close()

    async def until(self, holds, what, seconds=60):
        """Wait for an effect that can be seen from outside; what was found."""
        try:
            async with asyncio.timeout(seconds):
                while not (found := holds()):
                    assert self.runs, f"the program ended while waiting for {what}:\n{self.said()}"
                    await asyncio.sleep(0.05)
                return found
        except TimeoutError:
            raise AssertionError(f"no {what} within {seconds} s; the log:\n{self.said()}") from None

    async def until_stored(self, count, seconds=60):
        await self.until(
            lambda: self.rows("SELECT count(*) FROM transactions")[0][0] >= count,
            f"{count} stored transactions", seconds,
        )  # fmt: skip

    async def until_knows(self, hashes, seconds=60):
        """Wait until these transactions are stored."""
        wanted = json.dumps(list(hashes))
        await self.until(
            lambda: self.rows(
                "SELECT count(*) FROM transactions"
                " WHERE hash IN (SELECT value FROM json_each(?))", wanted
            ) == [(len(hashes),)],
            f"{len(hashes)} stored transactions", seconds,
        )  # fmt: skip

    async def until_all_is_said(self, seconds=60):
        await self.until(
            lambda: not self.rows(
                "SELECT 1 FROM deliveries WHERE state IN ('due', 'sending') LIMIT 1"
            ),
            "empty outbox", seconds,
        )  # fmt: skip

    async def until_logged(self, pattern, seconds=60):
        """Wait for a line of the log; what the pattern found in it."""
        return await self.until(
            lambda: re.search(pattern, self.log.read_text(errors="replace")),
            f"line with {pattern!r}", seconds,
        )  # fmt: skip

    def said(self):
        return self.log.read_text(errors="replace")[-4000:]


@asynccontextmanager
async def running(folder, hurry=None, **settings):
    """The program, ended in good order at the end, unless it has been."""
    program = Program(folder, hurry, **settings)
    await program.start()
    try:
        yield program
        if not program.was_stopped:
            code = await program.stop()
            assert code == 0, program.said()
    finally:
        if program.runs:
            await program.kill()
