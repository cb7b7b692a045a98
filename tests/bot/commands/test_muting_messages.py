"""Mutes and acknowledgements of messages that tell of many things, or of no transaction."""

import pytest

from detectors.model import Alert, Kind, Subscription, Way
from storage.alerts import save_alerts
from storage.model import Priority
from storage.mutes import mutes_of
from storage.outbox import enqueue_alert
from storage.ruling import Scope
from storage.subscriptions import save_subscription
from storage.transactions import save_transactions
from tests.bot.desk import ADDRESS, OTHER_ADDRESS, button, plain
from tests.make import NOW, transaction


def tell(db, subscription, *alerts):
    """Tell the first chat of alerts in one message, as what it asked for; the message's id."""
    _, saved = save_subscription(db, subscription, NOW)
    for id_, _ in save_alerts(db, alerts):
        enqueue_alert(db, {1: saved}, "key", id_, Priority.BROADCAST, NOW)
    db.conn.execute("UPDATE messages SET reference = '7'")
    return 1


def burst(db):
    """Two whales from one sender, and one from another."""
    senders = (OTHER_ADDRESS, OTHER_ADDRESS, "3Else")
    moved = [transaction(5 * 10**8, sender=sender, recipient=f"1Shop{n}")
             for n, sender in enumerate(senders)]  # fmt: skip
    save_transactions(db, "bitcoin", moved, unconfirmed=True)
    whales = Subscription(0, 1, Kind.WHALES, "bitcoin", unit="BTC", amount=1)
    alerts = [Alert("bitcoin", t.hash, "whales", "BTC", NOW, t.moved, None) for t in moved]
    return tell(db, whales, *alerts)


def cheap(db):
    """Fees below three."""
    asked = Subscription(0, 1, Kind.FEES, "bitcoin", amount=3000, way=Way.BELOW)
    return tell(db, asked, Alert("bitcoin", "", "fees", asked.about, NOW, 2800, None, window=9))


async def running(desk):
    return [(m.scope, m.subject) for m in await desk.read(mutes_of, 1, NOW)]


@pytest.mark.parametrize(
    ("label", "about"),
    [
        ("With 1A1zP", (Scope.COUNTERPARTY, OTHER_ADDRESS)),
        ("All BTC", (Scope.ASSET, "BTC")),
        ("Rule 1", (Scope.RULE, "1")),
        ("Everything", (Scope.EVERYTHING, "")),
    ],
)
async def test_what_a_burst_has_in_common_can_be_muted(desk, talk, label, about):
    await talk.say("/help")
    message = await desk.write(burst)
    offered = await talk.send(f"/mute alert {message}")
    assert plain(offered).startswith("Mute what?\nRule 1")
    await talk.press(await talk.press(offered, label), "8 h")
    assert await running(desk) == [about]


async def test_watched_addresses_of_a_burst_can_be_muted(desk, talk):
    await talk.say("/help")

    def two(db):
        for number, address in enumerate((ADDRESS, OTHER_ADDRESS)):
            watch = Subscription(
                0, 1, Kind.WATCH, "bitcoin", address=address, label=f"Mine {number}"
            )
            alert = Alert("bitcoin", "a" * 64, "watched", address, NOW, 5, None)
            tell(db, watch, alert)

    await desk.write(two)
    offered = plain(await talk.send("/mute alert 1"))
    assert "[👁 Mine 1][👁 Mine 0]" in offered


async def test_an_alert_about_no_transaction_is_muted_by_its_rule_and_acknowledged(desk, talk):
    await talk.say("/help")
    message = await desk.write(cheap)
    offered = await talk.send(f"/mute alert {message}")
    assert "Rule 1 (Fees below 3 sat/vB)." in plain(offered)
    await talk.press(await talk.press(offered, "Rule 1"), "24 h")
    assert await running(desk) == [(Scope.RULE, "1")]
    assert "Acknowledged" in await talk.say(f"/ack alert {message}")
    assert "has seen it" in await talk.say(f"/ack alert {message}")


async def test_what_another_chat_was_told_is_neither_offered_nor_acknowledged(desk, talk):
    await talk.say("/help")
    message = await desk.write(burst)
    other = talk.by(chat="elsewhere", kind="group")
    await other.say("/help")
    offered = await other.send(f"/mute alert {message}")
    assert plain(offered) == f"There is no alert {message} here.\n[🔕 Everything]"
    assert "I told of nothing like that here." in await other.say(f"/ack alert {message}")


async def test_a_member_acknowledges_a_message_and_sets_no_time_with_it(desk, talk):
    group = talk.by(platform="telegram", chat="-5", kind="group", person="9")
    assert (await group.send("/ack alert 1")).refusal
    assert "An alert or a time" in await talk.say("/ack 30m alert 1")
    assert button(await talk.send("/ack 30m"), "Never")
