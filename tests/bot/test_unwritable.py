"""Talking to people while the database cannot be written."""

import asyncio
import threading
from contextlib import asynccontextmanager

import pytest

import bot.store
from storage._sqlite import DatabaseError
from tests.bot.desk import ADDRESS, plain


@asynccontextmanager
async def unwritable(store):
    """SQLite refuses every change, as on a file system that was mounted for reading."""
    await store.write(_let_write, 1)
    try:
        yield
    finally:
        await store.write(_let_write, 0)


def _let_write(db, refuses):
    db.conn.execute(f"PRAGMA query_only={refuses}")


async def test_who_is_known_gets_answers_while_nothing_can_be_written(desk, talk):
    await talk.say("/help")
    async with unwritable(desk.store):
        assert "What I can do" in await talk.say("/help")
        assert "No address" in await talk.say("/watchlist")


async def test_buttons_that_were_offered_of_late_need_no_write(desk, talk):
    offered = await talk.send("/help")
    async with unwritable(desk.store):
        again = await talk.send("/help")
        assert again == offered
        assert await talk.press(again, "Status")


async def test_buttons_that_cannot_be_kept_are_left_out(desk, talk):
    await talk.say("/help")
    async with unwritable(desk.store):
        answer = await talk.send("/help watch")
    assert "/watch ADDRESS" in plain(answer)
    assert not any(button.command for row in answer.buttons for button in row)


async def test_a_change_that_cannot_be_written_is_refused_with_its_reason(desk, talk):
    await talk.say("/help")
    async with unwritable(desk.store):
        refused = await talk.say(f"/watch {ADDRESS} Mine")
    assert "I cannot write to my database just now: attempt to write a readonly" in refused
    assert "Nothing was changed" in refused
    assert "No address" in await talk.say("/watchlist")


async def test_a_stranger_in_both_senses_is_not_met_with_silence(desk, talk):
    async with unwritable(desk.store):
        assert "I cannot write" in await talk.by(person="new").say("/help")


async def test_the_store_knows_why_nothing_can_be_written_until_it_can(desk):
    async with unwritable(desk.store):
        assert desk.store.trouble is None, "nothing was tried"
        with pytest.raises(DatabaseError) as refused:
            await desk.store.write(lambda db: db.conn.execute("CREATE TABLE a (b)"))
        trouble = desk.store.trouble
        assert (trouble and trouble.reason) == str(refused.value)
    await desk.store.write(lambda db: db.conn.execute("CREATE TABLE a (b)"))
    assert desk.store.trouble is None


async def test_a_write_that_does_not_end_is_trouble_however_many_gave_up_waiting(desk, monkeypatch):
    monkeypatch.setattr(bot.store, "SLOW_SECONDS", 0.05)
    go_on = threading.Event()
    stuck = asyncio.create_task(desk.store.write(lambda db: go_on.wait()))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(desk.store.write(lambda db: None), 0.1)
    trouble = desk.store.trouble
    assert (trouble and trouble.reason) == "it does not answer"
    go_on.set()
    await stuck
    assert desk.store.trouble is None


async def test_status_says_that_nothing_can_be_written(desk, talk):
    await talk.say("/help")
    async with unwritable(desk.store):
        with pytest.raises(DatabaseError):
            await desk.store.write(lambda db: db.conn.execute("CREATE TABLE a (b)"))
        status = await talk.say("/status")
    assert "Not all is well" in status
    assert "The database cannot be written for 0 s: attempt to write a readonly" in status
