"""The store: readers beside the database thread."""

import asyncio
import threading

import pytest

from bot.store import Store
from storage._sqlite import OperationalError


@pytest.fixture
async def store(tmp_path):
    async with Store(tmp_path / "test.db") as opened:
        await opened.write(lambda db: db.conn.execute("CREATE TABLE words (word TEXT UNIQUE)"))
        yield opened


def note(db, word):
    db.conn.execute("INSERT INTO words VALUES (?)", (word,))


def words(db):
    return [word for (word,) in db.conn.execute("SELECT word FROM words")]


async def test_a_reader_does_not_wait_for_the_database_thread(store):
    await store.write(note, "a")
    held = threading.Event()
    busy = asyncio.create_task(store.write(lambda _: held.wait()))
    async with asyncio.timeout(5):
        assert await store.read(words) == ["a"]
    held.set()
    await busy


async def test_a_reader_sees_what_was_written_since_it_last_read(store):
    for number, word in enumerate("abc", 1):
        await store.write(note, word)
        assert len(await store.read(words)) == number


async def test_a_reader_changes_nothing(store):
    with pytest.raises(OperationalError, match="readonly"):
        await store.read(note, "a")
    assert await store.read(words) == []


async def test_a_query_that_failed_does_not_spoil_the_next_one(store):
    for _ in range(3):
        with pytest.raises(OperationalError, match="no such table"):
            await store.read(lambda db: db.conn.execute("SELECT * FROM nowhere"))
    assert await store.read(words) == []
