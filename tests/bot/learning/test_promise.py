"""The promise in life: who asked for one in so many is told about that of what really comes."""

from functools import partial

import msgspec
import pytest

from bot.intake.ingest import Ingest
from bot.intake.steps import Pending
from bot.learning.lesson import teach
from bot.store import Store
from detectors.interests import Interests
from detectors.model import Kind, Subscription
from detectors.registry import DETECTORS
from storage.blocks import begin_chain
from storage.chats import Defaults, save_chat
from storage.models import save_model
from storage.subscriptions import save_subscription
from tests.make import NOW
from tests.real_mempool import mempool
from watchers.registry import CHAINS

BATCH = 250
LEVELS = (100, 1_000)


def came(found, first):
    """Real transactions, five a second."""
    return [msgspec.structs.replace(t, time=NOW + n // 5) for n, t in enumerate(found, first)]


async def take(store, ingest, transactions):
    for at in range(0, len(transactions), BATCH):
        batch = transactions[at : at + BATCH]
        await store.write(ingest, Pending("bitcoin", tuple(batch)), batch[-1].time)


def chats(db, interests):
    """A chat for each level."""
    for level in LEVELS:
        place = Defaults("en", "UTC", "USD")
        chat = save_chat(db, "telegram", str(level), "", "private", "", place, NOW).id
        rule = Subscription(0, chat, Kind.ANOMALIES, "bitcoin", unit="", amount=level)
        interests.add(save_subscription(db, rule, NOW)[1])


def told(db):
    """How much each chat is told, by its level."""
    rows = db.conn.execute(
        "SELECT c.address, count(DISTINCT x.alert_id) FROM chats c LEFT JOIN messages m"
        " ON m.chat_id = c.id LEFT JOIN message_alerts x ON x.message_id = m.id GROUP BY c.id"
    )
    return {int(level): count for level, count in rows}


async def lived(path, learnt, others):
    """How much chats are told of some transactions, by a model of others."""
    interests = Interests()
    ingest = Ingest({"bitcoin": CHAINS["bitcoin"]}, DETECTORS, interests)
    async with Store(path) as store:
        await store.write(begin_chain, "bitcoin", NOW)
        await store.write(chats, interests)
        await take(store, ingest, came(learnt, 0))
        assert not any((await store.read(told)).values()), "without a model nothing is odd"
        lesson = teach(store.path, "bitcoin", NOW + len(learnt))
        assert lesson.learnt is not None
        await store.write(partial(save_model, runs=True), lesson.learnt, lesson.why)
        await take(store, ingest, came(others, len(learnt)))
        return await store.read(told)


@pytest.mark.timeout(300)
async def test_chats_are_told_about_as_much_of_what_comes_as_they_chose(tmp_path):
    every = mempool()
    halves = every[::2], every[1::2]
    found = [
        await lived(tmp_path / f"{name}.db", learnt, others)
        for name, learnt, others in (("even", *halves), ("odd", *halves[::-1]))
    ]
    often, seldom = (sum(each[level] for each in found) for level in LEVELS)
    assert len(every) / 100 / 2 < often < len(every) / 100 * 2
    assert len(every) / 1_000 / 10 < seldom < len(every) / 1_000 * 10, "so few are chance, too"
