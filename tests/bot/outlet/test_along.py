"""What a step makes due is claimed in its own commit; no platform holds another one up."""

import asyncio

import pytest

from bot.outlet.delivery import IN_FLIGHT
from storage._sqlite import OperationalError
from storage.chats import Defaults, save_chat
from storage.model import Message, Priority, Text
from storage.mutes import save_mute
from storage.outbox import enqueue_notice
from tests.bot.outlet.test_delivery import BTC, Recording, opened
from tests.make import NOW, transaction


async def test_what_a_step_makes_due_is_sending_when_the_step_is_durable(tmp_path):
    async with opened(tmp_path) as office:
        await office.chat("ada", BTC)
        claimed = await office.save(transaction(2 * BTC))
        assert await office.rows("SELECT state FROM deliveries") == [("sending",)]
        assert [one.outgoing is None for one in claimed] == [False]
        office.delivery.begin(claimed)
        await office.until_sent(1)


async def test_what_is_muted_before_it_begins_to_be_sent_is_not_said(tmp_path):
    """It was composed with its step, and the mute is the next that the database does."""
    async with opened(tmp_path) as office:
        chat = await office.chat("ada", BTC)
        claimed = await office.save(transaction(2 * BTC))
        await office.store.write(save_mute, chat.id, NOW, NOW + 3600)
        office.delivery.begin(claimed)
        await office.until(office.idle)
        assert office.platform.sent == []
        assert await office.rows("SELECT state FROM deliveries") == [("muted",)]


async def test_nothing_is_taken_along_once_delivery_is_to_finish(tmp_path):
    async with opened(tmp_path) as office:
        await office.chat("ada", BTC)
        office.delivery.finish()
        assert await office.save(transaction(2 * BTC)) == []
        assert await office.rows("SELECT state FROM deliveries") == [("due",)]


async def test_a_step_is_stored_where_nothing_can_be_claimed(tmp_path, monkeypatch):
    def failing(db, *_):
        if db.table("deliveries").count:
            raise KeyError("of all things")
        return []

    async with opened(tmp_path) as office:
        await office.chat("ada", BTC)
        with monkeypatch.context() as patched:
            patched.setattr("bot.outlet.delivery.claim_and_compose", failing)
            assert await office.save(transaction(2 * BTC)) == []
        assert await office.rows("SELECT state FROM deliveries") == [("due",)]
        office.delivery.begin([])
        await office.until_sent(1)


@pytest.mark.parametrize("place", ["delivery.claim_and_compose", "compose.compose"])
async def test_trouble_with_the_database_is_no_fault_of_a_message(tmp_path, monkeypatch, place):
    def failing(*_):
        raise OperationalError("database or disk is full")

    async with opened(tmp_path) as office:
        await office.chat("ada", BTC)
        with monkeypatch.context() as patched:
            patched.setattr(f"bot.outlet.{place}", failing)
            with pytest.raises(OperationalError):
                await office.save(transaction(2 * BTC))
        assert await office.rows("SELECT count(*) FROM transactions") == [(0,)]


def _say(db, platform, count):
    for n in range(count):
        chat = save_chat(db, platform, str(n), "", "private", "", Defaults("en", "UTC", "USD"), NOW)
        hello = Message((Text("Hello"),))
        enqueue_notice(db, chat.id, "hello", hello, Priority.BROADCAST, NOW)


async def test_a_platform_that_is_halted_holds_no_other_one_up(tmp_path):
    halted, other = Recording(), Recording("discord")
    halted.hold = asyncio.Event()
    async with opened(tmp_path, halted, other) as office:
        await office.store.write(_say, "telegram", IN_FLIGHT + 5)
        office.delivery.wake()
        sending = "SELECT count(*) FROM deliveries WHERE state = 'sending'"

        async def is_full():
            return await office.rows(sending) == [(IN_FLIGHT,)]

        await office.until(is_full)
        await office.store.write(_say, "discord", 3)
        office.delivery.wake()

        async def are_told():
            return len(other.sent) == 3

        await office.until(are_told)
        assert halted.sent == []
