"""Who has seen an alert stands in it; what nobody has seen is said once more."""

import pytest

from bot.desk import Desk
from bot.outlet.repeat import repeat_unacknowledged
from detectors.model import Kind, Subscription
from storage.model import Retry
from storage.mutes import save_mute
from tests.bot.desk import Talk, button, draw, plain
from tests.bot.outlet.test_delivery import BTC, opened
from tests.make import NOW, transaction
from watchers.registry import CHAINS


@pytest.fixture
async def office(tmp_path):
    async with opened(tmp_path) as office:
        yield office


@pytest.fixture
async def ada(office):
    """Whoever's private chat watches the addresses `cold` and `bob`."""
    desk = Desk(
        CHAINS, office.store, office.interests, [], draw, lambda: office.now, int, NOW, 14,
        wake=office.delivery.wake,
    )  # fmt: skip
    ada = Talk(desk, "open", platform="telegram", chat="7", person="7", name="Ada")
    await ada.send("/start")
    chat = (await office.rows("SELECT id FROM chats"))[0][0]
    for address in ("cold", "bob"):
        watch = Subscription(0, chat, Kind.WATCH, "bitcoin", address=address)
        await desk.subscribe(watch)
    return ada


async def tick(office):
    await office.store.write(repeat_unacknowledged, CHAINS, int(office.now))
    office.delivery.wake()


def shown(office):
    return plain(office.platform.sent[-1][2])


async def test_the_message_shows_who_has_seen_it(office, ada):
    paid = transaction(5 * BTC, sender="cold", recipient="shop")
    await office.take(paid)
    await office.until_sent(1)
    alert = office.platform.sent[0][2]
    assert button(alert, "✅ Ack").command == f"/ack {paid.hash}"
    office.now += 60
    assert plain(await ada.press(alert, "✅ Ack")) == "✅ Acknowledged."
    await office.until_sent(2)
    assert office.platform.sent[1][1] == "1"
    assert "✅ Ada, 22:14" in shown(office)
    assert "Ack]" not in shown(office)
    assert "✅ Ada has seen it, 22:14." in await ada.say(f"/ack {paid.hash}")


async def test_whoever_has_no_name_is_somebody_in_each_language(office, ada):
    paid = transaction(5 * BTC, sender="cold", recipient="shop")
    await office.take(paid)
    await office.until_sent(1)
    nameless = ada.by(name="", language="de")
    await nameless.say(f"/ack {paid.hash}")
    await office.until_sent(2)
    assert "✅ jemand, 22:13" in shown(office)
    assert "✅ Jemand hat" in await nameless.say(f"/ack {paid.hash}")


async def test_alone_it_means_the_newest_that_nobody_has_seen(office, ada):
    first, second = (transaction(n * BTC, sender="cold", recipient="shop") for n in (1, 2))
    for each in (first, second):
        await office.take(each)
        await office.until_sent(len(office.platform.sent) + 1)
    for acknowledged in (second, first):
        count = len(office.platform.sent)
        assert "Acknowledged" in await ada.say("/ack")
        await office.until_sent(count + 1)
        assert acknowledged.hash[:5] in shown(office)
    assert "Nothing waits" in await ada.say("/ack")


async def test_another_chats_alert_cannot_be_acknowledged(office, ada):
    paid = transaction(5 * BTC, sender="cold", recipient="shop")
    await office.take(paid)
    await office.until_sent(1)
    eve = ada.by(chat="8", person="8", name="Eve")
    assert "I told of nothing like that here" in await eve.say(f"/ack {paid.hash}")


async def test_a_critical_alert_is_repeated_once_until_somebody_has_seen_it(office, ada):
    await ada.say("/ack 10m")
    paid = transaction(5 * BTC, sender="cold", recipient="shop")
    await office.take(paid)
    await office.until_sent(1)
    await office.later(599)
    await tick(office)
    assert not await office.rows("SELECT 1 FROM messages WHERE key LIKE 'repeat:%'")
    await office.later(1)
    await tick(office)
    await office.until_sent(2)
    assert shown(office).startswith("‼️ Nobody has acknowledged this for 10 min.\n🔴 −")
    await office.later(3600)
    await tick(office)
    assert len(await office.rows("SELECT 1 FROM messages WHERE key LIKE 'repeat:%'")) == 1
    repeated = office.platform.sent[1][2]
    assert "Acknowledged" in plain(await ada.press(repeated, "✅ Ack"))
    await office.until_sent(3)
    assert office.platform.sent[2][1] == "1"


async def test_what_was_seen_or_is_not_critical_is_not_repeated(office, ada):
    await ada.say("/ack 10m")
    seen = transaction(5 * BTC, sender="cold", recipient="shop")
    gained = transaction(5 * BTC, recipient="bob")
    within = transaction(5 * BTC, sender="cold", recipient="bob")
    for count, each in enumerate((seen, gained, within), 1):
        await office.take(each)
        await office.until_sent(count)
    await ada.say(f"/ack {seen.hash}")
    await office.later(600)
    await tick(office)
    assert not await office.rows("SELECT 1 FROM messages WHERE key LIKE 'repeat:%'")


async def test_nothing_is_repeated_unless_the_chat_asked_for_it(office, ada):
    await office.take(transaction(5 * BTC, sender="cold", recipient="shop"))
    await office.until_sent(1)
    await office.later(7200)
    await tick(office)
    assert not await office.rows("SELECT 1 FROM messages WHERE key LIKE 'repeat:%'")
    assert "None is repeated" not in await ada.say("/ack 2h")
    await ada.say("/ack off")
    await tick(office)
    assert not await office.rows("SELECT 1 FROM messages WHERE key LIKE 'repeat:%'")


async def test_what_is_muted_is_repeated_when_it_no_longer_is(office, ada):
    await ada.say("/ack 10m")
    await office.take(transaction(5 * BTC, sender="cold", recipient="shop"))
    await office.until_sent(1)
    chat = (await office.rows("SELECT id FROM chats"))[0][0]
    await office.store.write(save_mute, chat, NOW, NOW + 3600)
    await office.later(1200)
    await tick(office)
    assert len(office.platform.sent) == 1
    await office.later(3000)
    await tick(office)
    await office.until_sent(2)
    assert shown(office).startswith("‼️")


async def test_an_acknowledgement_that_comes_before_the_message_arrived_is_shown_by_it(office, ada):
    office.platform.verdicts = [Retry(5, "busy")]
    paid = transaction(5 * BTC, sender="cold", recipient="shop")
    await office.take(paid)
    await office.until_sent(1)
    assert "Acknowledged" in await ada.say(f"/ack {paid.hash}")
    await office.later(5)
    await office.until_sent(2)
    assert "✅ Ada" in shown(office)


@pytest.fixture
async def waiting(office, ada):
    """The transaction of a critical alert whose repeat could not be said so far."""
    await ada.say("/ack 10m")
    paid = transaction(5 * BTC, sender="cold", recipient="shop")
    await office.take(paid)
    await office.until_sent(1)
    office.platform.verdicts = [Retry(300, "torn")]
    await office.later(600)
    await tick(office)
    await office.until_sent(2)
    return paid


async def test_a_repeat_that_waits_is_not_said_after_a_mute_but_when_that_is_over(
    office, ada, waiting
):
    assert "Muted until" in await ada.say("/mute all 1h")
    await office.later(600)
    await office.until(office.idle)
    assert len(office.platform.sent) == 2
    await office.later(3600)
    await tick(office)
    await office.until_sent(3)
    assert shown(office).startswith("‼️ Nobody has acknowledged this for 1 h")


async def test_a_repeat_that_waits_is_not_said_once_somebody_has_seen_it(office, ada, waiting):
    assert "Acknowledged" in await ada.say(f"/ack {waiting.hash}")
    await office.until_sent(3)
    assert office.platform.sent[2][1] == "1"
    await office.later(600)
    await office.until(office.idle)
    await tick(office)
    assert len(office.platform.sent) == 3
    assert not await office.rows("SELECT 1 FROM messages WHERE key LIKE 'repeat:%'")
