"""What is done by the clock."""

import asyncio
import logging
import threading

import pytest
import time_machine

from bot.housekeeping import Housekeeping
from bot.store import Store
from storage._sqlite import OperationalError
from storage.blocks import begin_chain
from storage.chats import Defaults, save_chat
from storage.model import Priority
from storage.outbox import enqueue_alert
from storage.states import EXPIRES_AFTER_SECONDS
from storage.transactions import save_transactions
from tests.make import NOW, asked, transaction
from watchers.model import unsealed

DAY = 86400


def tell(db, told):
    begin_chain(db, "bitcoin", NOW)
    save_transactions(db, "bitcoin", [told], unconfirmed=True)
    chat = save_chat(db, "telegram", "1", "", "private", "", Defaults("en", "UTC", "USD"), NOW)
    db.conn.execute(
        "INSERT INTO alerts VALUES (1, 'bitcoin', ?, 'whales', 'BTC', ?, '5', NULL, 1, 0, 0, 0)",
        (told.hash, NOW),
    )
    enqueue_alert(db, asked(chat.id), "key", 1, Priority.BROADCAST, NOW)
    db.conn.execute("UPDATE messages SET reference = '1', shown = ?", (f"{told.hash}:pending",))
    db.conn.execute("UPDATE deliveries SET state = 'sent'")


class Kept:
    """A store in which one transaction was told as unconfirmed, and its housekeeping."""

    def __init__(self, store, raw_days=14, chores=()):
        self.store = store
        self.now = NOW
        self.woken = 0
        self.housekeeping = Housekeeping(store, raw_days, lambda: self.now, self.wake, chores)

    def wake(self):
        self.woken += 1

    async def rows(self, query):
        return await self.store.read(lambda db: db.conn.execute(query).fetchall())


@pytest.fixture
async def kept(tmp_path):
    async with Store(tmp_path / "test.db") as store:
        await store.write(tell, transaction())
        yield Kept(store)


async def test_a_transaction_nobody_heard_of_for_14_days_is_told_of_once(kept):
    kept.now = NOW + EXPIRES_AFTER_SECONDS
    await kept.housekeeping.tick()
    edits = "SELECT 1 FROM deliveries WHERE action = 'edit'"
    assert await kept.rows(edits) == []
    kept.now += 1
    for _ in range(2):
        await kept.housekeeping.tick()
    assert await kept.rows(edits) == [(1,)]
    assert kept.woken == 3


async def test_what_waits_for_that_news_is_not_deleted_before_it(kept):
    kept.now = NOW + 20 * DAY
    await kept.housekeeping.tick()
    assert await kept.rows("SELECT count(*) FROM transactions") == [(1,)]


async def test_old_rows_go_with_one_tick_however_many_slices_they_are(kept):
    many = [transaction() for _ in range(1201)]
    await kept.store.write(
        lambda db: save_transactions(db, "bitcoin", many, unconfirmed=True) and None
    )
    kept.now = NOW + 15 * DAY
    await kept.housekeeping.tick()
    assert await kept.rows("SELECT count(*) FROM transactions") == [(1,)]


async def test_a_database_that_cannot_be_written_is_tried_again_next_time(kept, monkeypatch):
    async def failing(*_):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(kept.store, "write", failing)
        await kept.housekeeping.tick()
    kept.now = NOW + 15 * DAY
    await kept.housekeeping.tick()
    assert kept.woken == 1


async def test_a_chore_that_fails_keeps_nothing_else_from_being_done_and_is_told(kept):
    done = []

    async def failing(now):
        raise ValueError("of all things")

    async def other(now):
        done.append(now)

    kept = Kept(kept.store, chores=(failing, other))
    await kept.store.write(
        lambda db: save_transactions(db, "bitcoin", [transaction()], unconfirmed=True) and None
    )
    kept.now = NOW + 15 * DAY
    await kept.housekeeping.tick()
    assert (done, kept.woken) == ([kept.now], 1)
    assert await kept.rows("SELECT count(*) FROM transactions") == [(1,)]
    ((detail,),) = await kept.rows("SELECT detail FROM incidents")
    assert "ValueError: of all things" in unsealed(detail)


async def test_a_clock_that_jumps_ahead_for_decades_makes_no_round_for_each_minute(
    kept, caplog, monkeypatch
):
    monkeypatch.setattr("bot.housekeeping.TICK_SECONDS", 0.05)
    caplog.set_level(logging.INFO, "apscheduler")
    with time_machine.travel(86400) as clock:
        kept.housekeeping.start()
        clock.move_to(NOW)
        async with asyncio.timeout(10):
            while caplog.text.count("executed successfully") < 2:
                await asyncio.sleep(0.01)
        kept.housekeeping.stop()


async def test_a_round_that_the_end_cuts_short_is_no_fault(kept, caplog, monkeypatch):
    monkeypatch.setattr("bot.housekeeping.TICK_SECONDS", 0.05)
    caplog.set_level(logging.INFO, "apscheduler")
    held = threading.Event()
    busy = asyncio.create_task(kept.store.write(lambda db: held.wait(30)))
    kept.housekeeping.start()
    async with asyncio.timeout(10):
        while "Running job" not in caplog.text:
            await asyncio.sleep(0.01)
        kept.housekeeping.stop()
        while "executed successfully" not in caplog.text and "exception" not in caplog.text:
            await asyncio.sleep(0.01)
    held.set()
    await busy
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
