"""What is held back came last, however it was stored, and is never learnt."""

import random

from msgspec.structs import replace

from bot.intake.ingest import Ingest
from bot.intake.steps import Pending
from bot.learning.labelled import to_learn
from bot.learning.lesson import split, teach
from bot.store import Store
from detectors.interests import Interests
from detectors.registry import DETECTORS
from storage.blocks import begin_chain
from storage.labels import Labelled
from storage.transactions import newest_transactions
from tests.detectors.learnt.make import payments
from tests.make import NOW
from watchers.registry import CHAINS

COUNT = 2_400


async def stored_out_of_order(store):
    await stored(store, random.Random(3).sample(payments(COUNT), COUNT))


async def stored(store, came):
    ingest = Ingest({"bitcoin": CHAINS["bitcoin"]}, DETECTORS, Interests())
    await store.write(begin_chain, "bitcoin", NOW)
    for at in range(0, COUNT, 400):
        await store.write(ingest, Pending("bitcoin", tuple(came[at : at + 400])), NOW + COUNT)


async def test_what_is_held_back_was_met_last_whenever_it_was_stored(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        await stored_out_of_order(store)
        newest = await store.read(newest_transactions, "bitcoin", 100)
        assert [t.time for t in newest] == list(range(NOW + COUNT - 100, NOW + COUNT))
        assert [t.time for t in split(newest)[1]] == list(range(NOW + COUNT - 25, NOW + COUNT))


async def test_nothing_of_the_held_back_window_is_learnt(tmp_path):
    async with Store(tmp_path / "spyhop.db") as store:
        await stored_out_of_order(store)
        learnt = teach(store.path, "bitcoin", NOW + COUNT).learnt
        assert learnt is not None
        assert (learnt.since, learnt.until) == (NOW, NOW + COUNT * 3 // 4 - 1)
        assert learnt.rows == COUNT * 3 // 4


async def test_what_came_within_one_second_is_held_back_by_its_order(tmp_path):
    """As after a stall, when all that waited is met at once."""
    async with Store(tmp_path / "spyhop.db") as store:
        at_once = [replace(payment, time=NOW) for payment in payments(COUNT)]
        await stored(store, at_once)
        learnt = teach(store.path, "bitcoin", NOW + COUNT).learnt
        assert learnt is not None
        assert (learnt.since, learnt.until) == (NOW, NOW)
        assert learnt.rows == COUNT * 3 // 4


def test_what_was_called_usual_long_ago_is_learnt_as_the_oldest():
    rows = [(float(n),) for n in range(3)]
    labels = [labelled((9.0,), good=False), labelled((1.0,), good=True)]
    assert to_learn(rows, labels) == [(9.0,), (0.0,), (2.0,)]


def labelled(values, *, good):
    return Labelled(good, values)
