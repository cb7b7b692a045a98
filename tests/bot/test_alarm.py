"""The owners hear of a database that cannot be written, and of a clock that was set back."""

import asyncio
from contextlib import asynccontextmanager
from typing import Any

import pytest

import bot.alarm
from bot.alarm import Alarm, format_unwritable_database
from bot.clock import SteadyClock
from bot.store import Store, Trouble
from storage._sqlite import DatabaseError
from storage.chats import Defaults, save_chat
from storage.links import enter_link_code, new_link_code
from storage.model import Rejected, Retry, Role, Sent
from storage.persons import save_person, set_role
from tests.bot.desk import plain
from tests.bot.test_unwritable import unwritable
from tests.make import NOW


class Heard:
    """A platform that keeps what it is to send."""

    name = "telegram"

    def __init__(self):
        self.messages = []
        self.verdict: Any = Sent("1")

    async def turn(self, chat, priority):
        pass

    async def send(self, chat, message):
        self.messages.append(plain(message))
        return self.verdict


class Ground:
    """A store with an owner, a clock that can be set, and an alarm that looks very often."""

    def __init__(self, store):
        self.store = store
        self.heard = Heard()
        self.now = float(NOW)
        self.set_back = 0
        clock = SteadyClock(lambda: self.now)
        self.elsewhere = Heard()
        platforms: Any = {"telegram": self.heard, "discord": self.elsewhere}
        self.alarm = Alarm(store, platforms, clock, print, self.note)

    def note(self):
        self.set_back += 1

    async def noted(self):
        """The titles of what waits in the outbox."""
        rows = await self.store.read(
            lambda db: db.conn.execute("SELECT body FROM messages").fetchall()
        )
        return [body for (body,) in rows]


@pytest.fixture
async def ground(tmp_path, monkeypatch):
    monkeypatch.setattr(bot.alarm, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(bot.alarm, "ALARM_SECONDS", 0.0)
    async with Store(tmp_path / "a.db") as store:
        await store.write(_own)
        ready = Ground(store)
        looking = asyncio.create_task(ready.alarm.run())
        yield ready
        looking.cancel()


def _own(db):
    set_role(db, "telegram", "7", Role.OWNER, NOW)
    ada, defaults = save_person(db, "telegram", "7", "Ada", NOW), Defaults("en", "UTC", "USD")
    save_chat(db, "telegram", "7", "", "private", "", defaults, NOW, person=ada.id)
    same = save_person(db, "discord", "8", "Ada", NOW)
    save_chat(db, "discord", "8", "", "private", "", defaults, NOW, person=same.id)
    enter_link_code(db, new_link_code(db, ada, NOW), same, NOW)


def _change(db):
    db.conn.execute("CREATE TABLE IF NOT EXISTS a (b)")


@asynccontextmanager
async def patience():
    async with asyncio.timeout(30):
        yield


async def test_the_owner_hears_at_once_and_past_the_outbox_that_nothing_can_be_written(ground):
    async with unwritable(ground.store), patience():
        with pytest.raises(DatabaseError):
            await ground.store.write(_change)
        while not ground.heard.messages:
            await asyncio.sleep(0.01)
    (said,) = ground.heard.messages
    assert "My database cannot be written" in said
    assert "readonly" in said
    assert ground.elsewhere.messages == []


async def test_the_owner_hears_it_elsewhere_where_they_cannot_be_told(ground):
    ground.heard.verdict = Rejected("blocked")
    async with unwritable(ground.store), patience():
        with pytest.raises(DatabaseError):
            await ground.store.write(_change)
        while not ground.elsewhere.messages:
            await asyncio.sleep(0.01)
    assert len(ground.heard.messages) == 1


async def write_in_vain(ground, until):
    """What is waiting to be written is tried again and again."""
    while not until():
        with pytest.raises(DatabaseError):
            await ground.store.write(_change)
        await asyncio.sleep(0.01)


async def test_an_owner_who_could_not_be_told_is_told_later(ground):
    ground.heard.verdict = ground.elsewhere.verdict = Retry(1, "Bad Gateway")
    async with unwritable(ground.store), patience():
        await write_in_vain(ground, lambda: len(ground.elsewhere.messages) > 1)
        ground.heard.verdict = Sent("1")
        tried = len(ground.heard.messages)
        await write_in_vain(ground, lambda: len(ground.heard.messages) > tried)
        heard, elsewhere = len(ground.heard.messages), len(ground.elsewhere.messages)
        await asyncio.sleep(0.1)
    assert (len(ground.heard.messages), len(ground.elsewhere.messages)) == (heard, elsewhere)


async def test_the_owner_is_told_though_they_could_not_be_looked_up_at_once(ground, monkeypatch):
    read = ground.store.read

    async def failing(*_):
        monkeypatch.setattr(ground.store, "read", read)
        raise DatabaseError("database is locked")

    monkeypatch.setattr(ground.store, "read", failing)
    async with unwritable(ground.store), patience():
        await write_in_vain(ground, lambda: ground.heard.messages)


async def test_that_it_is_over_is_said_through_the_outbox(ground):
    async with unwritable(ground.store), patience():
        with pytest.raises(DatabaseError):
            await ground.store.write(_change)
        while not ground.heard.messages:
            await asyncio.sleep(0.01)
    async with patience():
        await ground.store.write(_change)
        while not any("Back after" in said for said in await ground.noted()):
            await asyncio.sleep(0.01)
    assert len(ground.heard.messages) == 1


async def test_the_owner_hears_once_of_a_clock_that_was_set_back(ground):
    ground.now -= 3600
    async with patience():
        while not any("half speed" in said for said in await ground.noted()):
            await asyncio.sleep(0.01)
    ground.now += 1
    await asyncio.sleep(0.1)
    assert ground.set_back == 1
    assert len(await ground.noted()) == 1


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("database or disk is full", "Make room"),
        ("database is locked", "Another program"),
        ("attempt to write a readonly database", "Let the file"),
        ("disk I/O error", "Look after"),
    ],
)
def test_each_trouble_comes_with_what_to_do(reason, remedy):
    assert remedy in plain(format_unwritable_database(Trouble(7.0, reason)))
