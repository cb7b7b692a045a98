"""What a platform learns about chats reaches the database and the index of interests."""

import asyncio

import bot.persistence
from bot.keeper import ChatKeeper
from bot.store import Store
from detectors.interests import Interests
from detectors.model import Kind, Subscription
from storage._sqlite import sqlite
from storage.chats import Defaults, chat_by_id, save_chat
from storage.subscriptions import save_subscription
from tests.make import NOW
from watchers.model import Incident


def known(db, address):
    return save_chat(db, "telegram", address, "", "group", "", Defaults("en", "UTC", "USD"), NOW)


def nobody(incident):
    raise AssertionError(f"nobody waits for {incident}")


async def test_after_a_move_the_index_asks_for_the_chat_at_the_new_address(tmp_path):
    async with Store(tmp_path / "test.db") as store:
        old, new = [await store.write(known, address) for address in ("-1", "-1001")]
        watch = Subscription(0, old.id, Kind.WATCH, "bitcoin", address="a")
        _, saved = await store.write(save_subscription, watch, NOW)
        interests = Interests([saved])
        keeper = ChatKeeper("telegram", store, nobody, lambda: NOW, interests, print)
        await keeper.on_moved("-1", "-1001")
        assert [s.chat for s in interests.watching("bitcoin", "a")] == [new.id]


async def test_trouble_goes_the_way_of_every_incident(tmp_path):
    handed: list[Incident] = []
    async with Store(tmp_path / "test.db") as store:
        keeper = ChatKeeper("telegram", store, handed.append, lambda: NOW, Interests(), print)
        await keeper.on_trouble("Fire", "it burns")
    (incident,) = handed
    assert (incident.source, incident.kind, incident.detail) == ("Telegram", "Fire", "it burns")
    assert incident.urgent


async def test_a_chat_that_goes_or_comes_back_wakes_the_outbox_and_no_other_does(
    tmp_path,
):
    woken = []
    async with Store(tmp_path / "test.db") as store:
        chat = await store.write(known, "-1")
        keeper = ChatKeeper(
            "telegram", store, nobody, lambda: NOW, Interests(), lambda: woken.append(True)
        )
        await keeper.on_returned(["-1"])
        assert not woken
        assert await keeper.on_parked("-1", "kicked")
        assert not await keeper.on_parked("-2", "nobody knows it")
        assert woken == [True]
        await keeper.on_returned(["-2", "-1"])
        assert woken == [True, True]
        assert (await store.read(chat_by_id, chat.id)).parked == ""


async def test_what_a_platform_learns_waits_for_a_database_that_is_locked(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(bot.persistence, "RETRY_SECONDS", 0.01)
    async with Store(tmp_path / "test.db") as store:
        for address in ("-1", "-2"):
            await store.write(known, address)
        await store.write(lambda db: db.conn.execute("PRAGMA busy_timeout=10") and None)
        keeper = ChatKeeper("telegram", store, nobody, lambda: NOW, Interests(), print)
        other = sqlite.connect(str(tmp_path / "test.db"))
        other.execute("BEGIN IMMEDIATE")
        learned = asyncio.gather(keeper.on_parked("-1", "kicked"), keeper.on_moved("-2", "-1002"))
        while caplog.text.count("cannot be written") < 4:
            await asyncio.sleep(0.01)
        other.rollback()
        other.close()
        await learned
        chats = await store.read(
            lambda db: db.conn.execute("SELECT address, parked FROM chats ORDER BY id").fetchall()
        )
    assert chats == [("-1", "kicked"), ("-1002", "")]
