"""The program as a user starts it: how long until it listens, and how much memory it takes."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[1]
TELEGRAM = ROOT.parent / "shared/specs/telegram-bot-api.json"
DISCORD = ROOT.parent / "shared/specs/discord-openapi.json"
"""What the stand-ins for Telegram and Discord are held to."""
SETTLED_SECONDS = 3.0
PATIENCE_SECONDS = 60.0


class Started(Struct, frozen=True):
    """Seconds from process start to subscribed, then resident bytes once nothing grows.

    `worker` is the largest process below the bot; `others` is what the rest take.
    """

    subscribed: float
    bot: int
    worker: int
    others: int


def started() -> Started:
    """A first start on an empty database, with 24 hours of history to load."""
    with _process("-m", "benchmarks.world", stdout=subprocess.PIPE) as world:
        settings = _line(world)
        with tempfile.TemporaryDirectory(prefix="spyhop-benchmark-") as folder:
            settings |= {"DATABASE": str(Path(folder) / "spyhop.db"), "CONSOLE": "off"}
            begin = time.monotonic()
            mute = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            with _process("-m", "bot", env=settings, **mute) as bot:
                subscribed = _line(world)["subscribed"] - begin
                until_settled(bot.pid)
                below = sorted(_resident(pid) for pid in _descendants(bot.pid))
                return Started(subscribed, _resident(bot.pid), below[-1], sum(below[:-1]))


@contextmanager
def _process(
    *arguments: str, env: dict[str, str] | None = None, **more: Any
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=os.environ | (env or {}), **more
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _line(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    assert process.stdout is not None
    said: dict[str, Any] = json.loads(process.stdout.readline())
    return said


def until_settled(pid: int) -> None:
    """Wait until neither the bot nor its worker has grown by a MiB for a while."""
    last, since, begin = 0, time.monotonic(), time.monotonic()
    while time.monotonic() - since < SETTLED_SECONDS:
        assert time.monotonic() - begin < PATIENCE_SECONDS, "the bot does not stop growing"
        time.sleep(0.2)
        now = _resident(pid) + sum(_resident(below) for below in _descendants(pid))
        if now > last + 2**20:
            last, since = now, time.monotonic()


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _descendants(pid: int) -> list[int]:
    """A thread's children are its own: look at all threads."""
    files = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(word) for file in files for word in file.read_text().split()]
    return children + [below for child in children for below in _descendants(child)]
