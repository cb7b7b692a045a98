"""`/alerts`: what a chat is told, and whether it is told anything."""

from functools import partial

import pytest
from msgspec.structs import replace

from detectors.model import Ring
from storage.chats import Defaults, save_chat
from storage.ledger import save_price
from storage.models import Learnt, save_model
from storage.subscriptions import all_subscriptions
from tests.bot.commands.test_watching import Source
from tests.bot.desk import ADDRESS, button, plain
from tests.make import NOW
from watchers.model import Price

CHANNEL = {
    "platform": "discord", "chat": "50", "kind": "channel", "server": "5", "bound": False,
    "person": "9", "name": "Ada", "admin": True,
}  # fmt: skip


@pytest.fixture
def channel(talk):
    """An admin in a channel of a server; `ACCESS` is open."""
    return type(talk)(talk.desk, "open", **CHANNEL)


async def test_it_lists_what_is_told_here(talk):
    assert (await talk.say("/alerts")).startswith("No alerts here yet.")
    await talk.say(f"/watch {ADDRESS}")
    await talk.say("/threshold whales 500 BTC")
    await talk.say("/mute 8h")
    listed = await talk.send("/alerts")
    assert plain(listed).splitlines()[:4] == [
        "🔔 This chat is told:",
        "1. 👁 bc1qa…5mdq",
        "2. 🐋 Transactions from 500 BTC on",
        "🔕 Muted until 06:13.",
    ]
    assert button(listed, "Unmute").command == "/unmute"


async def test_off_keeps_everything_and_here_brings_it_back(desk, talk):
    await talk.say(f"/watch {ADDRESS}")
    off = await talk.send("/alerts off")
    assert plain(off).startswith("🚫 Nothing is told here.\nKept, and told again when you wish:")
    assert not desk.interests.addresses("bitcoin")
    assert "1. 👁 bc1qa…5mdq" in await talk.say("/alerts")
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


KINDS = {
    f"watch {ADDRESS} Cold wallet": "👁 Cold wallet bc1qa…5mdq",
    "whales 500 BTC": "🐋 Transactions from 500 BTC on",
    "whales $2.5M": "🐋 Transactions from $2.5M on",
    "blocks": "⛏ Each new Bitcoin block",
    "blocks later than 30 min": "⛏ A Bitcoin block later than 30 min",
    "fees below 3": "⛽ Fees below 3 sat/vB",
    "fees above 12.5 sat/vB": "⛽ Fees above 12.5 sat/vB",
    "price above 100000": "💵 BTC above $100k",
    "price below 80k EUR": "💵 BTC below €80,000",
    "source": "📡 When Bitcoin cannot be heard",
}


async def test_each_kind_is_added_listed_and_removed_by_its_number(desk, talk):
    for asked, named in KINDS.items():
        added = await talk.say(f"/alerts add {asked}")
        assert added.startswith("✅ You will be told."), added
        assert named in added
    pages = await talk.say("/alerts") + await talk.say("/alerts page 2")
    for number, named in enumerate(KINDS.values(), 1):
        assert f"{number}. {named}" in pages
    for number in range(1, len(KINDS) + 1):
        assert "No longer told" in await talk.say(f"/alerts remove {number}")
    assert await desk.read(all_subscriptions) == []
    assert "No alerts here yet." in await talk.say("/alerts")


@pytest.mark.parametrize(
    "text",
    [
        "fees 3", "fees below", "fees below x", "fees below 0", "fees below 3.00001", "price above",
        "price above -5", "price above 1 2 USD", "blocks never", "blocks later than forever",
        "whales 0", "source of joy", "watch nobody", "", "2", "min 3",
    ],
)  # fmt: skip
async def test_what_cannot_be_told_is_refused_and_nothing_begins(desk, talk, text):
    await talk.send(f"/alerts add {text}")
    assert await desk.read(all_subscriptions) == []


async def test_a_number_is_never_given_to_something_else(talk):
    await talk.say("/alerts add blocks")
    old = await talk.send("/alerts 1")
    await talk.say("/alerts remove 1")
    await talk.say("/alerts add source")
    assert "There is no number 1 here" in plain(await talk.press(old, "Remove"))
    assert "2. 📡" in await talk.say("/alerts")


async def test_what_was_removed_comes_back_as_it_was(desk, talk):
    await talk.say(f"/watch {ADDRESS} Cold")
    await talk.say("/alerts 1 in")
    await talk.say("/alerts 1 min 0.5")
    await talk.say("/alerts 1 ring silent")
    before = await desk.read(all_subscriptions)
    removed = await talk.send("/alerts remove 1")
    assert await desk.read(all_subscriptions) == []
    assert "You are told again" in plain(await talk.press(removed, "Undo"))
    after = await desk.read(all_subscriptions)
    assert [replace(s, id=0) for s in after] == [replace(s, id=0) for s in before]
    assert "1. 👁 Cold bc1qa…5mdq, what comes in, from 0.5 BTC on · 🔈 silent" in await talk.say(
        "/alerts"
    )


async def test_buttons_change_one_thing_at_a_time(desk, talk):
    await talk.say(f"/watch {ADDRESS}")
    one = await talk.press(await talk.send("/alerts"), "1…")
    one = await talk.press(one, "digest")
    one = await talk.press(one, "out")
    assert "✓ 🗞 digest" in plain(one)
    assert "✓ out" in plain(one)
    (kept,) = await desk.read(all_subscriptions)
    assert (kept.number, kept.ring, kept.way) == (1, "digest", "out")


async def test_what_is_off_is_not_looked_for_and_stays_on_the_list(desk, talk):
    await talk.say(f"/watch {ADDRESS}")
    await talk.say("/alerts 1 ring off")
    assert not desk.interests.addresses("bitcoin")
    assert "1. 👁 bc1qa…5mdq · 🔕 off" in await talk.say("/alerts")
    await talk.say("/alerts 1 ring loud")
    assert desk.interests.addresses("bitcoin") == {ADDRESS}


async def test_another_name_or_threshold_keeps_how_it_rings(desk, talk):
    await talk.say(f"/watch {ADDRESS}")
    await talk.say("/threshold whales 500 BTC")
    await talk.say("/alerts 1 ring silent")
    await talk.say("/alerts 2 ring digest")
    await talk.say(f"/watch {ADDRESS} Cold")
    await talk.say("/threshold whales 900 BTC")
    kept = sorted(await desk.read(all_subscriptions), key=lambda s: s.number)
    assert [(s.number, s.ring, s.label) for s in kept] == [(1, "silent", "Cold"), (2, "digest", "")]


async def test_a_change_that_makes_two_alike_leaves_one(desk, talk):
    await talk.say("/alerts add whales 500 BTC")
    await talk.say("/alerts add whales $5M")
    await talk.say("/alerts 2 min 300 BTC")
    (left,) = await desk.read(all_subscriptions)
    assert (left.number, left.amount, left.unit) == (2, 300 * 10**8, "BTC")


async def test_the_budget_is_set_and_said(talk):
    assert "At most 20 alert messages an hour" in await talk.say("/alerts budget")
    assert "At most 40 alert messages an hour" in await talk.say("/alerts budget 40")
    assert "1 to 1,000" in await talk.say("/alerts budget 0")
    assert "At most 40 alert messages an hour" in await talk.say("/alerts budget")
    assert "No budget: I send every alert" in await talk.say("/alerts budget off")
    assert "No budget" in await talk.say("/alerts budget")
    assert "1 in" in await talk.say("/alerts add anomalies")


async def test_what_is_odd_is_told_from_the_first_model_on(desk, talk):
    assert "I am still learning what is usual" in await talk.say("/alerts add anomalies")
    learnt = Learnt("bitcoin", NOW, NOW, NOW, 1, (), {}, {}, b"")
    await desk.write(partial(save_model, runs=True), learnt, "")
    assert "still learning" not in await talk.say("/alerts add anomalies")


async def test_the_digest_comes_on_the_hour_or_with_the_summary(talk):
    assert "comes on the hour" in await talk.say("/alerts digest")
    lacking = await talk.send("/alerts digest summary")
    assert "not told here yet" in plain(lacking)
    times = await talk.press(lacking, "Daily summary")
    begun = plain(await talk.press(times, "08:00"))
    assert "The digest comes with it." in begun
    assert "with the summary, daily at 08:00" in await talk.say("/alerts digest")
    assert "The digest comes on the hour again." in await talk.say("/summary off")
    assert "comes on the hour" in plain(await talk.press(lacking, "On the hour"))
    assert "hourly, or with the summary" in await talk.say("/alerts digest off")


async def test_how_it_rings_can_be_said_without_the_word(talk):
    await talk.say("/alerts add blocks")
    digest = await talk.send("/alerts 1 digest")
    assert "✓ 🗞 digest" in plain(digest)
    assert "comes on the hour" in plain(await talk.press(digest, "When…"))
    assert "✓ 🔕 off" in await talk.say("/alerts 1 off")


@pytest.mark.parametrize(
    ("text", "ring"),
    [
        ("fees below 3 silent", Ring.SILENT),
        ("price above 100000 ring digest", Ring.DIGEST),
        ("blocks off", Ring.OFF),
        (f"watch {ADDRESS} Mine ring silent", Ring.SILENT),
        (f"watch {ADDRESS} silent", Ring.LOUD),
        ("whales above 500 BTC silent", Ring.SILENT),
    ],
)
async def test_how_it_rings_can_be_said_at_once(desk, talk, text, ring):
    assert "You will be told" in await talk.say(f"/alerts add {text}")
    [asked] = await desk.read(all_subscriptions)
    assert asked.ring is ring


async def test_a_currency_without_a_price_is_said_and_asked_of_the_source(desk, talk):
    source = Source()
    desk.sources.append(source)
    assert "I know no price in EUR yet." in await talk.say("/alerts add price below 80k EUR")
    assert source.priced == [{"EUR"}]
    await desk.write(save_price, Price("BTC", "EUR", 10**10, NOW, "made up"))
    assert "I know no price" not in await talk.say("/alerts add price below 70k EUR")


async def test_a_block_is_late_after_half_an_hour_where_nothing_else_is_said(talk):
    assert "A Bitcoin block later than 30 min" in await talk.say("/alerts add blocks later")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("fees < 3,5 sat/vbyte", "Fees below 3.5 sat/vB"),
        ("fees über 50", "Fees above 50 sat/vB"),
        ("fees below 3.45", "Fees below 3.45 sat/vB"),
        ("fees above 0.001", "Fees above 0.001 sat/vB"),
        ("fees below NaN", "“nan” is no fee rate"),
        ("fees below 1e3", "“1e3” is no fee rate"),
        ("price over 90k", "BTC above $90,000"),
        ("price below €80000", "BTC below €80,000"),
        ("price unter 80 tsd Euro", "BTC below €80,000"),
        ("whales > 500 bitcoins", "Transactions from 500 BTC on"),
        ("price above 1 BTC", "A price is in a currency: USD or EUR, for example."),
        ("price above 100.000", "can be read in two ways: write 100000 or 100."),
        ("fees above 1,500", "“1,500” is no fee rate"),
    ],
)
async def test_levels_are_read_as_people_write_them(talk, typed, told):
    assert told in await talk.say(f"/alerts add {typed}")


async def test_one_of_the_list_is_silenced_in_either_order(desk, talk):
    await talk.say("/alerts add blocks")
    for typed, ring in (("off 1", Ring.OFF), ("digest 1", Ring.DIGEST), ("1 off", Ring.OFF)):
        await talk.say(f"/alerts {typed}")
        (asked,) = await desk.read(all_subscriptions)
        assert asked.ring is ring
    assert "This chat is told" in await talk.say("/alerts")
    assert "No longer told" in await talk.say("/alerts 1 remove")
