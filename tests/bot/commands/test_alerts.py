"""`/alerts`: what a chat is told, and whether it is told anything."""

import pytest

from storage.chats import Defaults, save_chat
from storage.subscriptions import all_subscriptions
from tests.bot.desk import ADDRESS, button, plain
from tests.make import NOW

CHANNEL = {
    "platform": "discord", "chat": "50", "kind": "channel", "server": "5", "bound": False,
    "person": "9", "name": "Ada", "admin": True,
}  # fmt: skip


@pytest.fixture
def channel(talk):
    """An admin in a channel of a server; `ACCESS` is open."""
    return type(talk)(talk.desk, "open", **CHANNEL)


async def test_it_lists_what_is_told_here(talk):
    assert (await talk.say("/alerts")).startswith("Nothing is asked for here yet.")
    await talk.say(f"/watch {ADDRESS}")
    await talk.say("/threshold whales 500 BTC")
    await talk.say("/mute 8h")
    listed = await talk.send("/alerts")
    assert plain(listed).splitlines()[:4] == [
        "🔔 This chat is told:",
        "👁 Everything that moves at 1 address",
        "🐋 Transactions from 500 BTC on",
        "🔕 Muted until 06:13.",
    ]
    assert button(listed, "Unmute").command == "/unmute"


async def test_off_keeps_everything_and_here_brings_it_back(desk, talk):
    await talk.say(f"/watch {ADDRESS}")
    off = await talk.send("/alerts off")
    assert plain(off).startswith("🚫 Nothing is told here.\nKept, and told again when you wish:")
    assert not desk.interests.addresses("bitcoin")
    assert "Everything that moves at 1 address" in await talk.say("/alerts")
    assert "Watching" in await talk.say("/watchlist")
    on = await talk.press(off, "Tell this chat")
    assert plain(on).startswith("🔔 This chat is told.")
    assert desk.interests.addresses("bitcoin") == {ADDRESS}


async def test_what_is_unwatched_while_off_stays_unwatched(desk, talk):
    await talk.say(f"/watch {ADDRESS}")
    await talk.say("/threshold whales 500 BTC")
    await talk.say("/alerts off")
    assert "No longer watching" in await talk.say(f"/unwatch {ADDRESS}")
    assert "Whale alerts are off" in await talk.say("/threshold whales off")
    await talk.say("/alerts here")
    assert await desk.read(all_subscriptions) == []
    assert not desk.interests.addresses("bitcoin")


@pytest.mark.parametrize("text", [f"/watch {ADDRESS}", "/threshold whales 500 BTC"])
async def test_a_channel_is_told_nothing_until_an_admin_binds_it(desk, channel, text):
    answer = await channel.send(text)
    assert plain(answer).startswith("I tell nothing in this channel yet.")
    assert answer.refusal
    assert await desk.read(all_subscriptions) == []
    member = channel.by(person="10", name="Eve", admin=False)
    assert "Only an admin" in plain(await member.press(answer, "Tell this channel"))
    assert "told" in plain(await channel.press(answer, "Tell this channel"))
    assert not (await channel.send(text)).refusal
    assert len(await desk.read(all_subscriptions)) == 1


async def test_start_in_a_channel_says_what_to_do_there(channel):
    greeting = await channel.send("/start")
    assert "I tell nothing in this channel yet: an admin begins it with /alerts here" in plain(
        greeting
    )
    await channel.press(greeting, "Tell this channel")
    assert "/alerts here" not in await channel.say("/start")


async def test_what_the_bot_is_not_allowed_is_said_at_once(channel):
    lacking = channel.by(cannot=("Send Messages", "Embed Links"))
    bound = await lacking.say("/alerts here")
    assert "⚠️ I am not allowed to: Send Messages, Embed Links." in bound
    assert "not allowed" not in await channel.say("/alerts")


async def test_a_thread_is_bound_by_itself(desk, channel):
    await channel.say("/alerts here")
    thread = channel.by(thread="51")
    assert "I tell nothing" in await thread.say(f"/watch {ADDRESS}")
    assert (await desk.read(_bound)) == [1, 0]


def _bound(db):
    return [bound for (bound,) in db.conn.execute("SELECT bound FROM chats ORDER BY id")]


async def test_chats_are_bound_from_the_start_elsewhere(desk, talk):
    await talk.say("/start")
    defaults = Defaults("en", "UTC", "USD")
    await desk.write(save_chat, "telegram", "-5", "", "group", "Fans", defaults, NOW)
    assert await desk.read(_bound) == [1, 1]
