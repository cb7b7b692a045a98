"""A real run: real transactions through the pipeline, a real training beside the bot."""

import asyncio
import time

import msgspec
import pytest

from bot.intake.ingest import Ingest
from bot.intake.steps import Pending
from bot.learning.due import NEEDED
from bot.learning.lesson import teach
from bot.learning.running import running_of
from bot.learning.training import Trainer
from bot.outlet.view import reasons_of
from bot.store import Store
from detectors.interests import Interests
from detectors.learnt.arrays import pack
from detectors.learnt.model import SCHEMA, Manifest
from detectors.registry import DETECTORS
from storage.blocks import begin_chain
from storage.chats import Defaults, save_chat
from storage.features import amount_of
from storage.model import Role
from storage.models import Learnt, models_of, running_model, save_model
from storage.persons import save_person, set_role
from storage.trainings import last_training, trainings_since
from tests.bot.desk import Clock
from tests.make import NOW
from tests.real_mempool import mempool
from watchers.registry import CHAINS

BATCH = 250
BITCOIN = {"bitcoin": CHAINS["bitcoin"]}


async def lived(store, *, most=10**9):
    """The database after real transactions came in, two a second."""
    ingest = Ingest(BITCOIN, DETECTORS, Interests())
    came = [msgspec.structs.replace(t, time=NOW + n // 2) for n, t in enumerate(mempool()[:most])]
    await store.write(begin_chain, "bitcoin", NOW)
    for at in range(0, len(came), BATCH):
        step = Pending("bitcoin", tuple(came[at : at + BATCH]))
        await store.write(ingest, step, came[at].time)
    return came[-1].time + 1


async def finished(store, trainer):
    while trainer.busy:
        await asyncio.sleep(0.02)


def trainer_of(store, now, lesson=teach):
    return Trainer(store, BITCOIN, "UTC", Clock(now), lesson)


def owner(db):
    person = save_person(db, "telegram", "1", "Ada", NOW)
    set_role(db, "telegram", "1", Role.OWNER, NOW)
    place = Defaults("en", "UTC", "USD")
    return save_chat(db, "telegram", "1", "", "private", "Ada", place, NOW, person=person.id).id


def bodies(db):
    return [body for (body,) in db.conn.execute("SELECT body FROM messages ORDER BY id")]


@pytest.mark.timeout(600)
async def test_a_bot_learns_by_itself_from_what_really_came(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        now = await lived(store)
        assert (await store.read(amount_of, "bitcoin", 0, 10**6)).rows > 5_000
        async with trainer_of(store, now) as trainer:
            await trainer.look(now)
            await finished(store, trainer)
            model = await store.read(running_model, "bitcoin")
            training = await store.read(last_training, "bitcoin")
            assert training is not None
            assert model is not None, training.outcome
            assert (training.reason, training.model) == ("first", model.version)
            assert model.metrics["average_precision"] > 0.3
            assert model.metrics["found"] > 0.4 * model.metrics["planted"] >= 0.4 * 80
            assert model.why == "It is the first."
            await trainer.look(now + 60)
            assert not trainer.busy


@pytest.mark.timeout(300)
async def test_what_comes_after_a_training_is_judged_by_its_model(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        now = await lived(store, most=3_000)
        async with trainer_of(store, now) as trainer:
            await trainer.look(now)
            await finished(store, trainer)
        await lived(store, most=3_500)
        rows = await store.read(_rated)
        assert len(rows) > 450
        assert all(model == 1 and rate >= 1 for model, rate in rows)
        alerts = await store.read(_alerts)
        assert len(alerts) == sum(rate >= 100 for _, rate in rows)
        said = await store.read(reasons_of, CHAINS["bitcoin"], await store.read(_oddest))
        assert 1 <= len(said) <= 3
        assert all("% of " in line[0].text for line in said)


OF_OTHER_FEATURES = Manifest(SCHEMA, ("a feature of before",), "neighbours", {}, 1, 1, 1)


@pytest.mark.parametrize(
    "file", [b"no model at all", pack({}, msgspec.json.encode(OF_OTHER_FEATURES))]
)
async def test_a_model_that_cannot_be_used_is_refused_and_the_owners_are_told(tmp_path, file):
    model = Learnt("bitcoin", NOW, NOW, NOW, 1, (), {}, {}, file)
    async with Store(tmp_path / "spyhop.db") as store:
        await store.write(owner)
        await store.write(lambda db: save_model(db, model, "", runs=True))
        assert await store.write(running_of, "bitcoin", NOW) is None
        assert await store.write(running_of, "bitcoin", NOW) is None
        (body,) = await store.read(bodies)
        assert "Model 1 cannot be used" in body


def _oddest(db):
    return db.conn.execute("SELECT hash FROM features ORDER BY rate DESC LIMIT 1").fetchone()[0]


async def test_too_little_is_said_with_the_numbers(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        now = await lived(store, most=340)
        async with trainer_of(store, now) as trainer:
            await trainer.look(now)
            assert not trainer.busy
            chat = await store.write(owner)
            assert await trainer.ask("bitcoin", chat)
            await finished(store, trainer)
        (body,) = await store.read(bodies)
        assert f"It needs {NEEDED} transactions, and has 340" in body


@pytest.mark.timeout(120)
async def test_a_training_that_is_killed_loses_nothing(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        now = await lived(store, most=NEEDED + 100)
        async with trainer_of(store, now, fall_asleep) as trainer:
            await trainer.look(now)
            assert trainer.busy
            assert not await trainer.ask("bitcoin", 1)
        assert await store.read(models_of, "bitcoin", 9) == []
        assert await cut_off(store) == ["first"]
        async with trainer_of(store, now) as trainer:
            await trainer.look(now)
            await finished(store, trainer)
        assert [model.state for model in await store.read(models_of, "bitcoin", 9)] == ["running"]


async def test_a_training_that_fails_is_told_and_the_running_model_goes_on(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        chat = await store.write(owner)
        async with trainer_of(store, NOW, die) as trainer:
            await trainer.ask("bitcoin", chat)
            await finished(store, trainer)
        (body,) = await store.read(bodies)
        assert "could be trained" in body
        assert await cut_off(store) == []


async def cut_off(store):
    """Why those began that never ended."""
    begun = await store.read(trainings_since, "bitcoin", 0)
    return [training.reason for training in begun if training.ended_at is None]


def fall_asleep(path, chain, now):
    time.sleep(1000)


def die(path, chain, now):
    raise RuntimeError


def _rated(db):
    rows = db.conn.execute("SELECT model, rate FROM features WHERE model IS NOT NULL")
    return rows.fetchall()


def _alerts(db):
    return db.conn.execute("SELECT rate FROM alerts WHERE detector = 'anomalies'").fetchall()
