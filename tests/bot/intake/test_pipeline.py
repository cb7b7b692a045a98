"""The queue between the watchers and the database: nothing lost, nothing out of order."""

import asyncio
import threading
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.intake import pipeline as pipeline_module
from bot.intake.ingest import Ingest
from bot.intake.pipeline import ROOM, Pipeline
from bot.intake.steps import SLICE
from bot.store import Store
from detectors.interests import Interests
from detectors.registry import DETECTORS
from storage._sqlite import IntegrityError, OperationalError, sqlite
from storage.blocks import begin_chain, checkpoint_of
from tests.make import NOW, block, transaction
from watchers.model import Heard
from watchers.registry import CHAINS

pytestmark = pytest.mark.timeout(120)


@dataclass(frozen=True)
class Ingesting(Ingest):
    """The real thing; `before(step)` may wait or raise, `taken` holds what was stored."""

    before: Any = None
    taken: list = field(default_factory=list)

    def __call__(self, db, step, now):
        self.before(step)
        super().__call__(db, step, now)
        self.taken.append(step)


def ingesting(before=lambda step: None):
    return Ingesting(CHAINS, DETECTORS, Interests(), before)


@asynccontextmanager
async def running(path, ingest):
    """A pipeline at work; it has stored everything at the end."""
    async with Store(path / "test.db") as store:
        await store.write(begin_chain, "bitcoin", NOW)
        pipeline = Pipeline(store, ingest, lambda: NOW, lambda _: None)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(pipeline.run())
            yield store, pipeline
            pipeline.finish()


async def rows(store, query):
    return await store.read(lambda db: db.conn.execute(query).fetchall())


async def test_events_are_stored_in_the_order_in_which_they_came(tmp_path):
    ingest = ingesting()
    async with running(tmp_path, ingest) as (_, pipeline):
        for second in range(200):
            await pipeline.hand_on([Heard("bitcoin", "test", NOW + second)])
    assert [step.time - NOW for step in ingest.taken] == list(range(200))


async def test_a_full_queue_makes_whoever_hands_on_wait(tmp_path):
    gate = threading.Event()
    async with running(tmp_path, ingesting(lambda step: gate.wait(60))) as (_, pipeline):
        for second in range(ROOM + 1):
            await pipeline.hand_on([Heard("bitcoin", "test", NOW + second)])
            while second == 0 and pipeline.queued():
                await asyncio.sleep(0)  # the first one is at the database and takes no room
        assert pipeline.queued() == ROOM
        waiting = asyncio.create_task(pipeline.hand_on([Heard("bitcoin", "test", NOW)]))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not waiting.done()
        gate.set()
        await waiting


async def test_it_can_be_told_to_finish_while_the_queue_is_full(tmp_path):
    gate = threading.Event()
    ingest = ingesting(lambda step: gate.wait(60))
    async with running(tmp_path, ingest) as (_, pipeline):
        for second in range(ROOM + 1):
            await pipeline.hand_on([Heard("bitcoin", "test", NOW + second)])
            while second == 0 and pipeline.queued():
                await asyncio.sleep(0)
        pipeline.finish()
        gate.set()
    assert len(ingest.taken) == ROOM + 1


async def test_nothing_is_queued_for_no_events(tmp_path):
    async with running(tmp_path, ingesting()) as (_, pipeline):
        await pipeline.hand_on([])
        assert pipeline.queued() == 0


async def test_a_database_that_is_locked_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline_module, "RETRY_SECONDS", 0.01)
    failures = [0]

    def locked(step):
        if failures[0] < 3:
            failures[0] += 1
            raise OperationalError("database is locked")

    async with running(tmp_path, ingesting(locked)) as (store, pipeline):
        await pipeline.hand_on([transaction(name="held")])
        await pipeline.hand_on([transaction(name="next")])
        while len(await rows(store, "SELECT 1 FROM transactions")) < 2:
            await asyncio.sleep(0.01)
        assert await rows(store, "SELECT 1 FROM incidents") == []


async def test_another_process_that_holds_the_file_only_delays(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline_module, "RETRY_SECONDS", 0.01)
    async with running(tmp_path, ingesting()) as (store, pipeline):
        await store.write(lambda db: db.conn.execute("PRAGMA busy_timeout=10") and None)
        other = sqlite.connect(str(tmp_path / "test.db"))
        other.execute("BEGIN IMMEDIATE")
        await pipeline.hand_on([transaction()])
        await asyncio.sleep(0.1)
        assert await rows(store, "SELECT 1 FROM transactions") == []
        other.rollback()
        other.close()
    # `running` ends when everything is stored.


def refuses(hash_, error):
    def fail(step):
        if any(t.hash == hash_ for t in getattr(step, "transactions", ())):
            raise error

    return fail


@pytest.mark.parametrize("error", [OverflowError("int too large"), IntegrityError("NOT NULL")])
async def test_an_event_that_can_never_be_stored_is_set_aside_alone(tmp_path, error):
    many = [transaction(name=f"many {n}") for n in range(9)]
    async with running(tmp_path, ingesting(refuses(many[4].hash, error))) as (store, pipeline):
        await pipeline.hand_on(many)
        while not await rows(store, "SELECT 1 FROM incidents"):
            await asyncio.sleep(0.01)
        await pipeline.hand_on([transaction(name="after")])
        while len(await rows(store, "SELECT 1 FROM transactions")) < 9:
            await asyncio.sleep(0.01)
        ((detail, sample),) = await rows(store, "SELECT detail, sample FROM incidents")
        assert str(error) in detail
        assert many[4].hash in sample


@pytest.mark.parametrize("place", [0, SLICE - 1, SLICE, SLICE + 9])
async def test_a_block_is_stored_without_the_one_transaction_that_cannot_be(tmp_path, place):
    many = [transaction(name=f"mined {n}") for n in range(SLICE + 10)]
    made = block(1, many)
    fails = refuses(many[place].hash, OverflowError("int too large"))
    async with running(tmp_path, ingesting(fails)) as (store, pipeline):
        await pipeline.hand_on([made])
        while not (await store.read(checkpoint_of, "bitcoin")).headers:
            await asyncio.sleep(0.01)
        assert await rows(store, "SELECT count(*) FROM block_transactions") == [(SLICE + 9,)]


async def test_what_waits_together_is_stored_together(tmp_path):
    gate = threading.Event()
    ingest = ingesting(lambda step: gate.wait(60))
    async with running(tmp_path, ingest) as (_, pipeline):
        await pipeline.hand_on([Heard("bitcoin", "test", NOW)])
        while pipeline.queued():
            await asyncio.sleep(0)
        for _ in range(3):
            await pipeline.hand_on([transaction()])
        gate.set()
    assert [len(getattr(step, "transactions", ())) for step in ingest.taken] == [0, 3]
