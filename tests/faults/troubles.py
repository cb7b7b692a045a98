"""The faults, each an asynchronous context manager: inside it is there, afterwards it is gone."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple

from storage._sqlite import sqlite
from tests.end_to_end.system_time import set_clock
from tests.faults.inside import NAMELESS, READ_ONLY, STALLED

LOCKED_SECONDS = 15
STALLED_SECONDS = 10
HOUR = 3600


class Trouble(NamedTuple):
    """A fault and what must be heard of it.

    `status` is what `/status` says meanwhile and `noted` what it says later, `told` what Ada is
    told unasked and `over` what she is told when it is gone. `refuses`: a change is refused in a
    sentence meanwhile.
    `mute`: nothing can be said while it lasts.
    """

    name: str
    begin: Callable[[Any], AbstractAsyncContextManager[None]]
    seconds: float
    status: str = ""
    told: str = ""
    over: str = ""
    noted: str = ""
    refuses: bool = False
    mute: bool = False


UNWRITABLE: dict[str, Any] = {
    "status": "The database cannot be written",
    "told": "My database cannot be written",
    "over": "Back after",
}


@asynccontextmanager
async def full_disk(trial):
    trial.disk.fill()
    try:
        yield
    finally:
        trial.disk.free()


@asynccontextmanager
async def _marked(trial, name):
    mark = trial.folder / name
    mark.touch()
    try:
        yield
    finally:
        mark.unlink()


def read_only(trial):
    return _marked(trial, READ_ONLY)


def stalled(trial):
    return _marked(trial, STALLED)


@asynccontextmanager
async def locked(trial):
    begun, over = threading.Event(), threading.Event()

    def hold():
        other = sqlite.connect(str(trial.program.database), timeout=30, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        begun.set()
        over.wait()
        other.rollback()
        other.close()

    holding = asyncio.create_task(asyncio.to_thread(hold))
    await asyncio.to_thread(begun.wait)
    try:
        yield
    finally:
        over.set()
        await holding


@asynccontextmanager
async def telegram_fails(trial, status, **more):
    trial.server.fail_next("send.*|edit.*|getUpdates", status, times=6, **more)
    yield
    trial.server.recover()


def telegram_502(trial):
    return telegram_fails(trial, 502)


def telegram_429(trial):
    return telegram_fails(trial, 429, retry_after=2)


@asynccontextmanager
async def source_502(trial):
    trial.chain.refuse(502, calls=6)
    trial.source.reset()
    yield


@asynccontextmanager
async def source_429(trial):
    trial.chain.refuse(429, retry_after=2, calls=2)
    trial.source.reset()
    yield


@asynccontextmanager
async def source_torn(trial):
    trial.source.tear(3)
    yield


@asynccontextmanager
async def telegram_torn(trial):
    trial.telegram.tear(5)
    yield


@asynccontextmanager
async def source_swallowed(trial):
    trial.source.swallow()
    try:
        yield
    finally:
        trial.source.heal()


@asynccontextmanager
async def telegram_swallowed(trial):
    trial.telegram.swallow()
    try:
        yield
    finally:
        trial.telegram.heal()


@asynccontextmanager
async def source_corrupt(trial):
    trial.source.corrupt(8)
    yield
    trial.source.heal()


@asynccontextmanager
async def telegram_corrupt(trial):
    trial.telegram.corrupt(8)
    yield
    trial.telegram.heal()


@asynccontextmanager
async def nameless(trial):
    async with _marked(trial, NAMELESS):
        trial.source.reset()
        trial.telegram.reset()
        yield


@asynccontextmanager
async def set_back(trial):
    set_clock(trial.folder / "clock", -HOUR)
    yield


@asynccontextmanager
async def uneditable(trial):
    trial.server.fail_next("editMessageText", 400, times=2)
    yield


GROUPS = {
    "the database": (
        Trouble("disk full", full_disk, 8, **UNWRITABLE, refuses=True),
        Trouble("database read-only", read_only, 8, **UNWRITABLE, refuses=True),
        Trouble("database locked by another process", locked, LOCKED_SECONDS, **UNWRITABLE),
        Trouble("database thread stands still", stalled, STALLED_SECONDS, **UNWRITABLE),
    ),
    "Telegram": (
        Trouble("Telegram: 502", telegram_502, 1, mute=True),
        Trouble("Telegram: 429", telegram_429, 1, mute=True),
        Trouble("Telegram: reset in the middle of an answer", telegram_torn, 2, mute=True),
        Trouble("Telegram: corrupt bytes", telegram_corrupt, 2, mute=True),
        Trouble("Telegram: a message can no longer be edited", uneditable, 1),
        Trouble(
            "Telegram: open, and nothing passes", telegram_swallowed, 15,
            noted="Telegram does not answer", mute=True,
        ),
    ),
    "the source": (
        Trouble("source: 502", source_502, 2),
        Trouble("source: 429", source_429, 2),
        Trouble("source: reset in the middle of a frame", source_torn, 2),
        Trouble("source: corrupt bytes", source_corrupt, 2),
        Trouble("source: open, and nothing passes", source_swallowed, 8, "is cut off"),
    ),
    "the system": (
        Trouble("names do not resolve", nameless, 5, mute=True),
        Trouble("clock set back by an hour", set_back, 3, told="clock went back"),
    ),
}  # fmt: skip
TROUBLES = tuple(trouble for group in GROUPS.values() for trouble in group)
