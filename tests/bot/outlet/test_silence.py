"""What is muted, kept and told later, with a real database and a delivery that runs."""

import re

import pytest

from bot.intake.steps import Pending
from detectors.model import Kind, Severity, Subscription
from storage.budget import save_budget
from storage.flows import Told, told_between
from storage.kept import kept_back, waiting
from storage.mutes import Subject, end_mutes, save_mute, save_quiet_hours
from storage.quiet import QuietHours
from storage.ruling import Scope
from storage.subscriptions import save_subscription
from tests.bot.desk import button
from tests.bot.outlet.test_delivery import BTC, opened
from tests.make import NOW, block, transaction
from watchers.model import Reorg

NIGHT = QuietHours(22 * 60, 7 * 60)
"""NOW is 22:13 in UTC."""
MORNING = NOW - NOW % 86400 + 86400 + 7 * 3600
HOUR = 3600


@pytest.fixture
async def office(tmp_path):
    async with opened(tmp_path) as office:
        yield office


async def begin(office, name="ada", **about):
    """A chat with a subscription that is kept, as one made by a command is."""
    chat = await office.chat(name)
    wish = Subscription(0, chat.id, chain="bitcoin", **about)
    _, saved = await office.store.write(save_subscription, wish, NOW)
    office.interests.add(saved)
    return chat, saved


async def whales(office, name="ada", unit="BTC", amount=BTC):
    return await begin(office, name, kind=Kind.WHALES, unit=unit, amount=amount)


async def mute(office, chat, scope, chain="bitcoin", subject=""):
    about = Subject(scope, chain, subject)
    return await office.store.write(save_mute, chat.id, NOW, NOW + 60, about)


def texts(office):
    """All that was said, with the addresses of its links."""
    return [
        "\n".join(
            "".join(run.text + run.url for run in line) for line in (message.title, *message.lines)
        )
        for _, _, message in office.platform.sent
    ]


async def states(office):
    return await office.rows("SELECT state FROM deliveries WHERE action = 'send' ORDER BY id")


async def test_a_counterparty_is_muted_and_nobody_else(office):
    chat, _ = await whales(office)
    kept = await mute(office, chat, Scope.COUNTERPARTY, subject="mallory")
    await office.take(transaction(2 * BTC, sender="mallory"))
    await office.take(transaction(3 * BTC, recipient="mallory"))
    await office.take(transaction(4 * BTC))
    await office.until_sent(1)
    assert "4 BTC" in texts(office)[0]
    assert await states(office) == [("muted",), ("muted",), ("sent",)]
    assert await office.store.read(kept_back, kept) == 2


async def test_a_message_says_what_of_it_is_not_muted_also_when_it_is_edited(office):
    chat, _ = await begin(office, kind=Kind.WATCH, address="ada", label="Muted one")
    bob = Subscription(0, chat.id, Kind.WATCH, "bitcoin", address="bob", label="Other one")
    _, bob = await office.store.write(save_subscription, bob, NOW)
    office.interests.add(bob)
    await mute(office, chat, Scope.ADDRESS, subject="ada")
    both = transaction(2 * BTC)
    await office.take(both)
    await office.until_sent(1)
    await office.later(60)
    await office.take(block(1, [both]))
    await office.until_sent(2)
    for text in texts(office):
        assert "to Other one" in text
        assert "between" not in text


async def test_a_rule_is_muted_and_another_that_asks_for_the_same_tells_it(office):
    chat, rule = await whales(office)
    _, dollars = await whales(office, unit="USD", amount=1)
    await mute(office, chat, Scope.RULE, "", str(rule.id))
    await office.take(transaction(2 * BTC, name="one"))
    await office.until(office.idle)
    assert office.platform.sent == []
    await mute(office, chat, Scope.RULE, "", str(dollars.id))
    stays = Subscription(0, chat.id, Kind.WATCH, "bitcoin", address="bob")
    _, watch = await office.store.write(save_subscription, stays, NOW)
    office.interests.add(watch)
    await office.take(transaction(3 * BTC, name="two"))
    await office.until_sent(1)
    assert "3 BTC" in texts(office)[0]


async def test_a_rule_stays_muted_when_it_is_changed(office):
    chat, rule = await begin(office, kind=Kind.WATCH, address="bob")
    await mute(office, chat, Scope.RULE, "", str(rule.id))
    labelled = Subscription(0, chat.id, Kind.WATCH, "bitcoin", address="bob", label="Bob")
    await office.store.write(save_subscription, labelled, NOW)
    await office.take(transaction(2 * BTC))
    await office.until(office.idle)
    assert await states(office) == [("muted",)]


async def test_what_was_muted_stays_unsaid_when_the_mute_is_over_and_is_counted(office):
    chat, _ = await whales(office)
    kept = await mute(office, chat, Scope.EVERYTHING)
    await office.take(transaction(2 * BTC))
    await office.until(office.idle)
    assert await office.store.write(end_mutes, chat.id, NOW) == (kept,)
    await office.take(transaction(3 * BTC))
    await office.until_sent(1)
    assert "3 BTC" in texts(office)[0]
    assert await office.store.read(kept_back, kept) == 1


async def test_quiet_hours_end_in_one_message_that_loses_nothing(office):
    chat, _ = await whales(office)
    await office.store.write(save_quiet_hours, chat.id, NIGHT, NOW)
    for number in range(4):
        await office.take(transaction((2 + number) * BTC))
        await office.later(600)
    await office.until(office.idle)
    assert office.platform.sent == []
    assert await office.store.read(waiting, chat.id) == 4
    office.now = MORNING - 1
    await office.later(0)
    await office.until(office.idle)
    assert office.platform.sent == []
    await office.later(1)
    await office.until_sent(1)
    assert "🌅 4 transactions in quiet hours" in texts(office)[0]
    assert all(f"{number} BTC" in texts(office)[0] for number in (2, 3, 4, 5))
    assert await office.store.read(waiting, chat.id) == 0
    await office.take(transaction(9 * BTC))
    await office.until_sent(2)


async def test_one_that_was_kept_alone_is_told_as_itself(office):
    chat, _ = await whales(office)
    await office.store.write(save_quiet_hours, chat.id, NIGHT, NOW)
    await office.take(transaction(2 * BTC))
    await office.until(office.idle)
    office.now = MORNING
    await office.later(0)
    await office.until_sent(1)
    assert "Kept over quiet hours" in texts(office)[0]


async def test_much_that_was_kept_comes_as_one_message_that_counts_all_and_shows_the_newest(office):
    chat, _ = await whales(office)
    await office.store.write(save_quiet_hours, chat.id, NIGHT, NOW)
    await office.store.write(save_budget, chat.id, 1)
    found = [transaction(2 * BTC) for _ in range(70)]
    await office.take(*found)
    await office.until(office.idle)
    office.now = MORNING
    await office.later(0)
    await office.until_sent(1)
    (said,) = texts(office)
    assert said.startswith("🌅 70 alerts in quiet hours")
    assert "… and 50 before these." in said
    assert re.findall(r"tx/([0-9a-f]{64})", said) == [t.hash for t in found[::-1]][:20]
    ((message, told),) = await office.rows(
        "SELECT message_id, count(*) FROM message_alerts GROUP BY message_id"
    )
    assert told == 70
    assert button(office.platform.sent[0][2], "See all").command == f"/alerts all {message}"
    await office.take(transaction(3 * BTC))
    await office.until_sent(2)
    assert "3 BTC" in texts(office)[1], "it takes in nothing more"


async def told_and_mined(office, count):
    """Whales that were told one by one, and are in a block by now."""
    found = []
    for number in range(count):
        found.append(transaction((20 + number) * BTC))
        await office.take(found[-1])
        await office.until_sent(number + 1)
    await office.take(block(1), block(2, found, branch="a"))
    await office.later(60)
    await office.until_sent(2 * count)
    office.platform.sent.clear()
    office.platform.answered.clear()
    return found


async def leaves_the_chain(office):
    """The block that held them is no more, of which all is told that is not kept."""
    await office.take(Reorg("bitcoin", 1, NOW), block(2, branch="b"))
    await office.later(600)
    await office.until(office.idle)


async def test_bad_ends_are_kept_too_and_stand_in_the_one_message_with_what_is_new(office):
    chat, _ = await whales(office)
    found = await told_and_mined(office, 2)
    await office.store.write(save_quiet_hours, chat.id, NIGHT, office.now)
    await leaves_the_chain(office)
    edits = len(office.platform.sent)
    new = transaction(3 * BTC)
    await office.take(new)
    await office.until(office.idle)
    assert len(office.platform.sent) == edits, "nothing makes a sound at night"
    office.now = MORNING
    await office.later(0)
    await office.until_sent(edits + 1)
    assert office.platform.answered[edits:] == [""]
    said = texts(office)[-1]
    assert said.startswith("🌅 3 transactions in quiet hours")
    assert said.count("Unconfirmed again: its block left the chain") == 2
    assert set(re.findall(r"tx/([0-9a-f]{64})", said)) == {t.hash for t in (*found, new)}


async def test_bad_ends_alone_are_one_message_too_and_the_same_is_said_aloud_once(office):
    chat, _ = await whales(office)
    found = await told_and_mined(office, 2)
    about = Subject(Scope.PAUSE, "bitcoin", "")
    pause = await office.store.write(save_mute, chat.id, NOW, NOW + HOUR * 9, about)
    await leaves_the_chain(office)
    edits = len(office.platform.sent)
    await office.store.write(end_mutes, chat.id, NOW, pause.id)
    office.delivery.wake()
    await office.until_sent(edits + 1)
    assert texts(office)[-1].startswith("▶️ 2 transactions while paused")
    told = await office.store.read(told_between, chat.id, 0, office.now + 1)
    assert told == Told(told=2, kept_back=0), "each alert is counted once"
    await office.take(block(3, found, parent="b"))
    await office.later(600)
    await office.until(office.idle)
    office.platform.answered.clear()
    await office.take(Reorg("bitcoin", 2, NOW), block(3, branch="c", parent="b"))
    await office.later(600)
    await office.until(office.idle)
    assert sum(answer != "" for answer in office.platform.answered) == 1


async def test_what_is_critical_passes_quiet_hours(office):
    chat, _ = await whales(office)
    await office.store.write(save_quiet_hours, chat.id, NIGHT, NOW)

    def take_critical(db):
        office.ingest(db, Pending("bitcoin", (transaction(2 * BTC),)), NOW)
        db.conn.execute("UPDATE alerts SET severity = ?", (Severity.CRITICAL,))

    await office.store.write(take_critical)
    office.delivery.wake()
    await office.until_sent(1)


async def test_quiet_hours_that_are_changed_or_ended_hold_at_once(office):
    chat, _ = await whales(office)
    await office.store.write(save_quiet_hours, chat.id, NIGHT, NOW)
    await office.take(transaction(2 * BTC))
    await office.until(office.idle)
    later = QuietHours(22 * 60, 8 * 60)
    await office.store.write(save_quiet_hours, chat.id, later, NOW)
    office.now = MORNING
    await office.later(0)
    await office.until(office.idle)
    assert office.platform.sent == []
    await office.store.write(save_quiet_hours, chat.id, None, office.now)
    await office.later(0)
    await office.until_sent(1)


async def test_what_was_kept_outlives_a_restart_across_the_end(tmp_path):
    async with opened(tmp_path) as office:
        chat, _ = await whales(office)
        await office.store.write(save_quiet_hours, chat.id, NIGHT, NOW)
        await office.take(transaction(2 * BTC), transaction(3 * BTC))
        await office.until(office.idle)
    async with opened(tmp_path) as office:
        office.now = MORNING + 5 * HOUR
        await office.later(0)
        await office.until_sent(1)
        assert "2 transactions in quiet hours" in texts(office)[0]


async def test_a_pause_keeps_everything_until_it_is_ended(office):
    chat, _ = await whales(office)
    pause = await mute(office, chat, Scope.PAUSE, "")
    await office.take(transaction(2 * BTC), transaction(3 * BTC))
    await office.until(office.idle)
    assert office.platform.sent == []
    await office.store.write(end_mutes, chat.id, NOW)
    assert await office.store.read(waiting, chat.id) == 2, "only /resume ends a pause"
    await office.store.write(end_mutes, chat.id, NOW, pause.id)
    office.delivery.wake()
    await office.until_sent(1)
    assert "▶️ 2 transactions while paused" in texts(office)[0]


async def test_a_pause_ends_by_itself_when_its_time_is_over(office):
    chat, _ = await whales(office)
    await mute(office, chat, Scope.PAUSE, "")
    await office.take(transaction(2 * BTC))
    await office.until(office.idle)
    await office.later(60)
    await office.until_sent(1)


async def test_what_is_muted_while_it_is_kept_is_not_told_at_the_end(office):
    chat, _ = await whales(office)
    await office.store.write(save_quiet_hours, chat.id, NIGHT, NOW)
    await office.take(transaction(2 * BTC, sender="mallory"), transaction(3 * BTC))
    await office.until(office.idle)
    about = Subject(Scope.COUNTERPARTY, "bitcoin", "mallory")
    await office.store.write(save_mute, chat.id, NOW, NOW + 10**6, about)
    office.now = MORNING
    await office.later(0)
    await office.until_sent(1)
    assert "3 BTC" in texts(office)[0]
    assert "2 BTC" not in texts(office)[0]


async def test_a_pause_and_a_mute_hold_no_other_chat_up(office):
    chat, _ = await whales(office)
    await whales(office, "bob")
    await mute(office, chat, Scope.PAUSE, "")
    await office.take(transaction(2 * BTC))
    await office.until_sent(1)
    assert office.platform.sent[0][0] == "bob"
