"""`/why`: reasons out of the real pipeline, as a person reads them."""

import pytest

from bot.desk import Desk
from detectors.model import Kind, Subscription
from tests.bot.desk import Talk, button, draw, plain
from tests.bot.outlet.test_delivery import BTC, opened
from tests.make import NOW, hash_of, transaction
from watchers.model import Price
from watchers.registry import CHAINS


@pytest.fixture
async def office(tmp_path):
    async with opened(tmp_path) as office:
        yield office


@pytest.fixture
async def ada(office):
    """Whoever has a private chat on Telegram."""
    desk = Desk(
        CHAINS, office.store, office.interests, [], draw, lambda: office.now, int, NOW, 14,
        wake=office.delivery.wake,
    )  # fmt: skip
    ada = Talk(desk, "open", platform="telegram", chat="7", person="7", name="Ada")
    await ada.send("/start")
    return ada


async def ask(ada, kind=Kind.WHALES, unit="BTC", **about):
    """A rule in Ada's chat."""
    (chat,) = await ada.desk.read(lambda db: db.conn.execute("SELECT id FROM chats").fetchone())
    return await ada.desk.subscribe(Subscription(0, chat, kind, "bitcoin", unit=unit, **about))


async def test_an_alert_says_which_rule_by_how_much_and_how_fast(office, ada):
    await ask(ada, amount=500 * BTC)
    await office.take(Price("BTC", "USD", 64_000 * 10**6, NOW - 60, "somewhere"))
    whale = transaction(550 * BTC, time=NOW - 2)
    await office.take(whale)
    await office.until_sent(1)
    pressed = await ada.press(office.platform.sent[0][2], "❓ Why?")
    assert plain(pressed).splitlines()[:8] == [
        "❓ Why alert 1",
        f"⏳ 🐋 550 BTC ($35.2M) moved · {whale.hash[:5]}…{whale.hash[-4:]}",
        "1. 🐋 Transactions from 500 BTC on",
        "It moved 550 BTC; your threshold is 500 BTC.",
        "Price used: 1 BTC = $64,000, somewhere, 22:12 on 14 Nov.",
        "",
        "🔔 Told 22:13 on 14 Nov, aloud.",
        "Seen 22:13:18, noted 22:13:20, told 22:13:20: 2 s in all.",
    ]
    assert button(pressed, "Mute…").command == f"/mute about {whale.hash}"
    assert button(pressed, "Rule 1…").command == "/alerts 1"
    assert button(pressed, "Details").command == f"/tx {whale.hash}"


async def test_a_transaction_that_moved_too_little_is_compared_with_the_threshold(office, ada):
    await ask(ada, amount=500 * BTC)
    small = transaction(412 * BTC)
    await office.take(small)
    answer = await ada.say(f"/why {small.hash}")
    assert answer.startswith(f"🔕 You were not told of {small.hash[:5]}…")
    assert "It moved 412 BTC; your threshold is 500 BTC." in answer


async def test_nobody_learns_of_the_alerts_of_another_chat(office, ada):
    await ask(ada, amount=500 * BTC)
    whale = transaction(550 * BTC)
    await office.take(whale)
    await office.until_sent(1)
    eve = ada.by(chat="8", person="8", name="Eve")
    assert "No alert was raised here yet" in await eve.say("/why")
    assert "There is no alert 1 here" in await eve.say("/why 1")
    answer = await eve.say(f"/why {whale.hash}")
    assert "Nothing is asked for here about transactions" in answer
    assert "threshold" not in answer


async def test_what_was_never_seen_is_not_looked_up_by_itself(ada):
    answer = await ada.send(f"/why {hash_of('nobody')}")
    assert answer.refusal
    assert "I never saw it, or longer ago than the 14 days that I keep." in plain(answer)
