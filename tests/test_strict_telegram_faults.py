"""The strict Telegram server over time: limits, polls, torn and silent connections, moves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.error import ChatMigrated, Conflict, Forbidden, NetworkError, RetryAfter, TimedOut

from tests.strict_telegram.limits import Limits
from tests.strict_telegram.server import StrictTelegram


@asynccontextmanager
async def telegram(*, limits: bool | Limits = False) -> AsyncIterator[tuple[StrictTelegram, Bot]]:
    async with (
        StrictTelegram(limits=limits) as server,
        Bot(server.token, f"{server.base}/bot") as bot,
    ):
        yield server, bot


async def test_a_chat_that_is_written_to_too_fast_says_when_to_come_again():
    async with telegram(limits=True) as (server, bot):
        ada = server.person("Ada")
        server.clock = lambda: 100.0
        for _ in range(3):
            await bot.send_message(ada.id, "x")
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(ada.id, "x")
        assert refused.value.retry_after == 1
        assert len(server.messages(ada.chat)) == 3
        server.assert_clean()


async def test_edits_count_and_answers_to_buttons_do_not():
    async with telegram(limits=Limits(overall_per_second=2, chat_burst=9)) as (server, bot):
        ada = server.person("Ada")
        server.clock = lambda: 100.0
        sent = await bot.send_message(ada.id, "x")
        await bot.edit_message_text("y", ada.id, sent.message_id)
        await bot.send_chat_action(ada.id, "typing")
        with pytest.raises(RetryAfter):
            await bot.edit_message_text("z", ada.id, sent.message_id)


async def test_a_group_has_its_own_limit():
    limits = Limits(chat_burst=99, group_per_minute=20)
    async with telegram(limits=limits) as (server, bot):
        ada, whales = server.person("Ada"), server.group("Whales")
        server.clock = lambda: 100.0
        for _ in range(20):
            await bot.send_message(whales.id, "x")
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(whales.id, "x")
        assert refused.value.retry_after == 60
        await bot.send_message(ada.id, "x")


async def test_coming_before_the_time_is_a_violation():
    async with telegram() as (server, bot):
        ada, bob = server.person("Ada"), server.person("Bob")
        server.clock = lambda: 100.0
        server.fail_next("sendMessage", 429, retry_after=3)
        with pytest.raises(RetryAfter):
            await bot.send_message(ada.id, "x")
        server.clock = lambda: 102.9
        await bot.send_message(bob.id, "x")
        server.assert_clean()
        await bot.send_message(ada.id, "x")
        with pytest.raises(AssertionError, match="called before retry_after was over"):
            server.assert_clean()


async def test_a_failure_may_come_before_or_after_the_message_was_taken():
    async with telegram() as (server, bot):
        ada = server.person("Ada")
        server.fail_next("send.*", 502, times=2)
        for _ in range(2):
            with pytest.raises(NetworkError, match="Bad Gateway"):
                await bot.send_message(ada.id, "never taken")
        server.fail_next("sendMessage", "drop")
        with pytest.raises(NetworkError):
            await bot.send_message(ada.id, "never taken")
        assert server.messages(ada.chat) == []
        server.fail_next("sendMessage", "drop", accept=True)
        with pytest.raises(NetworkError):
            await bot.send_message(ada.id, "taken")
        assert [message.text for message in server.messages(ada.chat)] == ["taken"]
        await bot.send_message(ada.id, "well again")
        assert [call.method for call in server.calls] == ["getMe", *["sendMessage"] * 5]
        server.assert_clean()


async def test_a_silent_server_takes_calls_and_never_answers():
    async with telegram() as (server, bot):
        ada = server.person("Ada")
        server.go_silent()
        with pytest.raises(TimedOut):
            await bot.send_message(ada.id, "x", read_timeout=0.05)
        assert server.messages(ada.chat) == []
        server.recover()
        await bot.send_message(ada.id, "x")


async def test_a_poll_that_waits_meets_the_silence_too():
    async with telegram() as (server, bot):
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await server.until(lambda: server.updates.polling)
        server.go_silent("getUpdates")
        await server.person("Ada").says("unheard")
        await server.until(lambda: not server.updates.polling)
        assert not (await asyncio.wait([poll], timeout=0.2))[0]
        poll.cancel()
        server.recover()
        assert words(await bot.get_updates()) == ["unheard"]


async def test_a_fault_of_the_server_itself_is_told():
    async with telegram() as (server, bot):
        server.bot["first_name"] = 7
        with pytest.raises(NetworkError, match="this server failed"):
            await bot.get_me()
        with pytest.raises(AssertionError, match="first_name must be String"):
            server.assert_clean()


async def test_a_slow_server_answers_late_what_it_took_at_once():
    async with telegram() as (server, bot):
        ada = server.person("Ada")
        server.latency_seconds = 30
        with pytest.raises(TimedOut):
            await bot.send_message(ada.id, "x", read_timeout=0.05)
        assert [message.text for message in server.messages(ada.chat)] == ["x"]


def words(updates):
    return [update.message.text for update in updates]


async def test_an_update_stays_until_it_is_confirmed():
    async with telegram() as (server, bot):
        ada = server.person("Ada")
        await ada.says("one")
        await ada.says("two")
        first, second = await bot.get_updates()
        assert [u.update_id for u in await bot.get_updates()] == [first.update_id, second.update_id]
        [left] = await bot.get_updates(offset=first.update_id + 1)
        assert words([left]) == ["two"]
        assert await bot.get_updates(offset=left.update_id + 1) == ()


async def test_a_poll_waits_for_the_next_update():
    async with telegram() as (server, bot):
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await server.until(lambda: server.updates.polling)
        assert not poll.done()
        await server.person("Ada").says("at last")
        assert words(await poll) == ["at last"]


async def test_of_two_polls_the_older_is_ended():
    async with telegram() as (server, bot), Bot(server.token, f"{server.base}/bot") as other:
        older = asyncio.create_task(bot.get_updates(timeout=30))
        await server.until(lambda: server.updates.polling)
        newer = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await older
        await server.person("Ada").says("hi")
        assert len(await newer) == 1


async def test_a_poll_whose_client_is_gone_is_no_conflict():
    async with telegram() as (server, bot):
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await server.until(lambda: server.updates.polling)
        poll.cancel()
        await server.until(lambda: not server.updates.polling)
        assert await bot.get_updates() == ()
        assert server.refusals == []


async def test_a_second_poller_is_met_for_a_while():
    async with telegram() as (server, bot):
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await server.until(lambda: server.updates.polling)
        server.second_poller(polls=2)
        with pytest.raises(Conflict):
            await poll
        for _ in range(2):
            with pytest.raises(Conflict):
                await bot.get_updates()
        assert await bot.get_updates() == ()
        server.assert_clean()


async def test_a_group_that_moved_says_where_to():
    async with telegram() as (server, bot):
        group = server.group("Whales", supergroup=False)
        moved = server.migrate(group)
        with pytest.raises(ChatMigrated) as refused:
            await bot.send_message(group.id, "x")
        assert refused.value.new_chat_id == moved.id
        await bot.send_message(moved.id, "x")
        told = [update.message for update in await bot.get_updates()]
        assert [(m.migrate_to_chat_id, m.migrate_from_chat_id) for m in told if m] == [
            (moved.id, None),
            (None, group.id),
        ]


async def test_a_blocked_bot_may_not_write_until_it_is_let_in_again():
    async with telegram() as (server, bot):
        ada, whales = server.person("Ada"), server.group("Whales")
        server.block(ada)
        server.set_bot_status(whales, ada, "kicked")
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(ada.id, "x")
        with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
            await bot.send_message(whales.id, "x")
        server.unblock(ada)
        await bot.send_message(ada.id, "x")
        changes = [update.my_chat_member for update in await bot.get_updates()]
        assert [change.new_chat_member.status for change in changes if change] == [
            "kicked",
            "kicked",
            "member",
        ]
