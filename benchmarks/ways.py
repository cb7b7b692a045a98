"""Three ways from frames to rows: the program's, the floor under it, and the naive one."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from msgspec import Struct
from msgspec.json import Decoder
from sqlite_utils import Database

from benchmarks.recording import Rows, begin_recording, taken
from benchmarks.stage import CHAIN, START
from bot.intake.ingest import Ingest
from bot.intake.pipeline import Pipeline
from bot.intake.steps import Step, steps
from bot.store import Store
from detectors.interests import Interests
from detectors.registry import DETECTORS
from storage._sqlite import sqlite
from storage.database import open_database
from storage.subscriptions import all_subscriptions
from watchers.blockchain_com.feed import BlockchainCom
from watchers.blockchain_com.wire import Tx
from watchers.feed import Frame
from watchers.model import Checkpoint
from watchers.registry import CHAINS

FRAMES_A_SECOND = 10
"""How fast time goes by; the roll-ups and the signs of life depend on it."""

Batch = Sequence[bytes]
Judge = Callable[[int], Any]


class Spent(Struct, frozen=True):
    """Seconds by the clock on the wall, and of CPU over all threads."""

    wall: float
    cpu: float


class Stopwatch:
    """Measures what happens inside a `with`."""

    def __enter__(self) -> Self:
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.spent = Spent(time.perf_counter() - self._wall, time.process_time() - self._cpu)


class Utx(Struct):
    """A whole frame, typed."""

    op: str
    x: Tx


def batches(frames: Sequence[bytes], size: int) -> list[Batch]:
    """What arrives together."""
    return [frames[start : start + size] for start in range(0, len(frames), size)]


def pipeline(path: Path, arriving: Sequence[Batch]) -> Spent:
    """Feed, steps, ingest with all detectors, on the database thread of the program."""
    return asyncio.run(_pipeline(path, arriving))


async def _pipeline(path: Path, arriving: Sequence[Batch]) -> Spent:
    async with Store(path) as store:
        ingest = Ingest(CHAINS, DETECTORS, Interests(await store.read(all_subscriptions)))
        feed, came = _feed(), 0
        with Stopwatch() as watch:
            for batch in arriving:
                now = START + came // FRAMES_A_SECOND
                came += len(batch)
                for step in _steps(feed, batch, now):
                    await store.write(ingest, step, now)
    return watch.spent


def streamed(path: Path, frames: Sequence[bytes]) -> Spent:
    """As `pipeline`, but the frames come one by one, as fast as the queue takes them."""
    return asyncio.run(_streamed(path, frames))


async def _streamed(path: Path, frames: Sequence[bytes]) -> Spent:
    async with Store(path) as store:
        ingest = Ingest(CHAINS, DETECTORS, Interests(await store.read(all_subscriptions)))
        now, feed = START, _feed()
        queue = Pipeline(store, ingest, lambda: now, lambda _: None)
        with Stopwatch() as watch:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(queue.run())
                for came, frame in enumerate(frames):
                    now = START + came // FRAMES_A_SECOND
                    await queue.hand_on(feed.received(Frame(frame), now))
                queue.finish()
    return watch.spent


def recorded(path: Path, arriving: Sequence[Batch]) -> list[list[Rows]]:
    """What the pipeline writes for each batch, a database transaction at a time."""
    db = open_database(path)
    ingest = Ingest(CHAINS, DETECTORS, Interests(all_subscriptions(db)))
    begin_recording(db)
    feed, came, rows = _feed(), 0, []
    for batch in arriving:
        now = START + came // FRAMES_A_SECOND
        came += len(batch)
        rows.append([_recorded(db, ingest, step, now) for step in _steps(feed, batch, now)])
    db.close()
    return rows


def _recorded(db: Database, ingest: Ingest, step: Step, now: int) -> Rows:
    with db.atomic():
        ingest(db, step, now)
    return taken(db)


def floor(path: Path, arriving: Sequence[Batch], rows: Sequence[Sequence[Rows]]) -> Spent:
    """Decode into typed structs and write rows that are there already; nothing else."""
    db = open_database(path)
    decoder = Decoder(Utx)
    with Stopwatch() as watch:
        for batch, written in zip(arriving, rows, strict=True):
            for frame in batch:
                decoder.decode(frame)
            for step in written:
                with db.atomic():
                    for insert, values in step:
                        db.conn.executemany(insert, values)
    db.close()
    return watch.spent


def naive(path: Path, frames: Sequence[bytes], judge: Judge) -> Spent:
    """The loop everyone writes first: a row and a commit a transaction, in one table.

    `judge` is given each transaction's value.
    """
    connection = sqlite.connect(str(path))
    connection.execute("CREATE TABLE seen (hash TEXT PRIMARY KEY, time INTEGER, value INTEGER)")
    with Stopwatch() as watch:
        for frame in frames:
            transaction = json.loads(frame)["x"]
            value = sum(out["value"] for out in transaction["out"])
            row = (transaction["hash"], transaction["time"], value)
            connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", row)
            connection.commit()
            judge(value)
    connection.close()
    return watch.spent


def nothing(_: int) -> None:
    """No opinion."""


def model() -> Judge:
    """An isolation forest that looks at one transaction at a time."""
    from sklearn.ensemble import IsolationForest  # noqa: PLC0415 - heavy, for one row only

    rng = random.Random(1)
    values = [[rng.paretovariate(1.0)] for _ in range(1_000)]
    forest = IsolationForest(random_state=1).fit(values)
    return lambda value: forest.score_samples([[value / 10**8]])


def _feed() -> BlockchainCom:
    feed = BlockchainCom(history_seconds=0)
    feed.connected(Checkpoint(CHAIN), START)
    return feed


def _steps(feed: BlockchainCom, batch: Batch, now: int) -> list[Step]:
    events = [event for frame in batch for event in feed.received(Frame(frame), now)]
    return list(steps(events))
