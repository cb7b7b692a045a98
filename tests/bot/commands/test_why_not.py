"""`/why` of a transaction: each reason for which it was not told."""

import pytest

from bot.wording.words import say
from detectors.model import Kind, Ring, Way
from storage.ledger import save_incident
from storage.retention import delete_old
from tests.bot.commands.outside import asking_outside
from tests.bot.commands.whys import asking
from tests.bot.desk import Talk, button, plain
from tests.bot.outlet.test_delivery import BTC
from tests.make import NOW, block, coinbase, hash_of, transaction
from watchers.model import Gap, Incident, Price

DAY = 86400


@pytest.fixture
async def ada(tmp_path):
    async with asking(tmp_path) as ada:
        yield ada


async def test_one_that_moved_too_little_is_compared_with_the_threshold(ada):
    await ada.rule(amount=500 * BTC)
    small = transaction(412 * BTC)
    await ada.take(small)
    assert (await ada.why(small.hash))[:6] == [
        f"🔕 You were not told of {small.hash[:5]}…{small.hash[-4:]}",
        "412 BTC moved in all.",
        "First seen 22:13 on 14 Nov, unconfirmed.",
        "",
        "1. 🐋 Transactions from 500 BTC on",
        "It moved 412 BTC; your threshold is 500 BTC.",
    ]


async def test_one_that_was_not_odd_enough_is_compared_with_the_level(ada):
    await ada.rule(Kind.ANOMALIES, unit="", amount=1_000)
    usual = transaction(7 * BTC)
    await ada.take(usual)
    answer = await ada.why(usual.hash)
    assert "No model ran when it came, so nothing was odd." in answer
    assert "Nothing is asked for here about transactions." not in answer
    await ada.talk.desk.write(
        lambda db: db.conn.execute("UPDATE features SET rate = 42.9") and None
    )
    answer = await ada.why(usual.hash)
    assert "One in 42 transactions is as odd; you ask for 1 in 1,000." in answer
    await ada.talk.desk.write(lambda db: db.conn.execute("DELETE FROM features") and None)
    answer = await ada.why(usual.hash)
    assert "How odd it was is not kept: after a day that is so of most." in answer


async def test_one_that_was_told_is_compared_with_the_level_too(ada):
    await ada.rule(Kind.ANOMALIES, unit="", amount=1_000)
    await ada.rule(amount=BTC)
    whale = transaction(7 * BTC)
    await ada.take(whale, sent=1)
    await ada.talk.desk.write(lambda db: db.conn.execute("UPDATE features SET rate = 42") and None)
    answer = await ada.why(whale.hash)
    assert answer[0].startswith("🔔 You were told of")
    assert "One in 42 transactions is as odd; you ask for 1 in 1,000." in answer


async def test_one_is_told_from_which_amount_and_which_way_an_address_is_watched(ada):
    await ada.rule(Kind.WATCH, address="ada", label="Pocket", amount=3 * BTC)
    await ada.rule(Kind.WATCH, address="bob", label="Savings", way=Way.OUT)
    await ada.rule(Kind.WATCH, address="nobody")
    paid = transaction(2 * BTC, fee=0)
    await ada.take(paid)
    answer = await ada.why(paid.hash)
    assert "It took 2 BTC from Pocket; you watch it from 3 BTC on." in answer
    assert "It brought Savings 2 BTC, and you ask only for what goes out." in answer
    assert answer.index("1. 👁 Pocket ada, from 3 BTC on") < answer.index(
        "2. 👁 Savings bob, what goes out"
    )
    assert "The other address that is watched here takes no part." in answer


async def test_a_rule_that_began_later_says_how_much_later(ada):
    paid = transaction(2 * BTC)
    await ada.take(paid)
    await ada.office.later(180)
    await ada.rule(amount=BTC)
    assert any(
        "But it began 3 min after this was seen." in line for line in await ada.why(paid.hash)
    )


async def test_a_rule_that_had_ended_says_when(ada):
    rule = await ada.rule(amount=BTC)
    await ada.office.later(60)
    await ada.talk.say(f"/alerts remove {rule.number}")
    await ada.office.later(60)
    paid = transaction(2 * BTC, time=NOW + 120)
    await ada.take(paid)
    answer = "\n".join(await ada.why(paid.hash))
    assert "But it ended 22:14 on 14 Nov, before this was seen." in answer


async def test_a_rule_is_judged_as_it_was_then(ada):
    await ada.rule(amount=500 * BTC)
    paid = transaction(412 * BTC)
    await ada.take(paid)
    await ada.office.later(60)
    await ada.talk.say("/alerts 1 min 100 BTC")
    answer = await ada.why(paid.hash)
    assert "It moved 412 BTC; your threshold is 500 BTC." in answer
    assert "So it was then; changed or ended 22:14 on 14 Nov." in answer


async def test_a_rule_that_rings_not_at_all_says_so(ada):
    await ada.rule(amount=BTC, ring=Ring.OFF)
    paid = transaction(2 * BTC)
    await ada.take(paid)
    assert "It moved 2 BTC; your threshold is 1 BTC. But it is set to 🔕 off." in (
        await ada.why(paid.hash)
    )


async def test_a_threshold_in_dollars_without_a_price_says_so(ada):
    await ada.rule(unit="USD", amount=10**6)
    paid = transaction(2 * BTC)
    await ada.take(paid)
    assert "It moved 2 BTC; your threshold is $1. But no price was known." in (
        await ada.why(paid.hash)
    )
    await ada.take(Price("BTC", "USD", 10**6 // 4, NOW + 60, "somewhere"))
    answer = await ada.why(paid.hash)
    assert "It moved 2 BTC, worth $0.5; your threshold is $1." in answer
    assert "Price used: 1 BTC = $0.25, somewhere, 22:14 on 14 Nov." in answer


async def test_a_mining_reward_is_no_whale(ada):
    await ada.rule(amount=1)
    mined = coinbase(1)
    await ada.take(block(1, [mined], time=NOW))
    assert "It is a mining reward, which is no whale." in await ada.why(mined.hash)


async def test_a_mute_is_the_reason_of_one_that_was_muted(ada):
    await ada.rule(amount=BTC)
    await ada.talk.say("/mute 8h")
    paid = transaction(2 * BTC)
    await ada.take(paid)
    answer = await ada.why(paid.hash)
    assert answer[0].startswith("🔕 You were not told")
    assert "🔕 Muted until 06:13: All alerts." in answer


async def test_one_that_waits_is_yet_to_be_told(ada):
    await ada.rule(amount=BTC)
    await ada.talk.say("/quiet 22:00 7:00")
    paid = transaction(2 * BTC)
    await ada.take(paid)
    answer = await ada.why(paid.hash)
    assert answer[0].startswith("⏳ You are yet to be told")
    assert "🌙 Kept by quiet hours until 07:00." in answer


async def test_one_that_was_told_says_when_and_leads_to_its_alert(ada):
    await ada.rule(amount=BTC)
    paid = transaction(2 * BTC)
    await ada.take(paid, sent=1)
    answer = await ada.talk.send(f"/why {paid.hash}")
    assert plain(answer).startswith("🔔 You were told")
    assert "🔔 Told 22:13 on 14 Nov, aloud." in plain(answer)
    assert plain(await ada.talk.press(answer, "❓ Alert 1")).startswith("❓ Alert 1")


async def test_one_that_came_while_nobody_listened_says_so_and_was_told_late(ada):
    await ada.rule(amount=BTC)
    await ada.take(Gap("bitcoin", "blockchain.com", NOW - 1200, NOW, "the program was not running"))
    paid = transaction(2 * BTC)
    await ada.take(block(1, [paid], time=NOW - 600, late=True), sent=2)
    answer = await ada.why(paid.hash)
    assert "First met in a block of 22:03 on 14 Nov." in answer
    assert (
        "I heard nothing from 21:53 to 22:13 on 14 Nov: the program was not running."
        " So it was found late." in answer
    )
    assert "Mined 22:03:20, queued 22:13:20, told 22:13:20: 10 min in all." in answer


async def test_a_chat_that_is_told_nothing_says_so(ada):
    await ada.rule(amount=BTC)
    await ada.talk.say("/alerts off")
    paid = transaction(2 * BTC)
    await ada.take(paid)
    assert "Nothing is told here: /alerts off." in await ada.why(paid.hash)


async def test_one_that_a_detector_failed_on_says_so(ada):
    await ada.rule(amount=BTC)
    paid = transaction(2 * BTC)
    await ada.take(paid)
    failed = Incident("detector whales", "failed", "ValueError: odd", NOW, paid.hash)
    await ada.office.store.write(forget_alerts, failed)
    assert "It was set aside: ValueError: odd" in await ada.why(paid.hash)


def forget_alerts(db, incident):
    save_incident(db, incident)
    for table in ("deliveries", "message_alerts", "messages", "alerts"):
        db.conn.execute(f"DELETE FROM {table}")


async def test_one_that_should_have_been_told_is_not_explained_away(ada):
    await ada.rule(amount=BTC)
    paid = transaction(2 * BTC)
    await ada.take(paid)
    await ada.office.store.write(forget_alerts, Incident("other", "thing", "no", NOW, "else"))
    assert "By the rules you should have been told. I cannot say why you were not." in (
        await ada.why(paid.hash)
    )


async def test_one_that_is_no_longer_kept_is_told_as_far_as_its_alert_tells(ada):
    await ada.rule(amount=BTC)
    paid = transaction(2 * BTC)
    await ada.take(block(1, [paid], time=NOW), sent=1)
    ada.office.now += 20 * DAY
    while await ada.office.store.write(delete_old, int(ada.office.now), 14 * DAY):
        pass
    answer = await ada.why(paid.hash)
    assert answer[0].startswith("🔔 You were told")
    assert "🔔 Told 22:13 on 14 Nov, aloud." in answer


async def test_what_was_odd_is_told_of_one_that_is_no_longer_kept(ada, monkeypatch):
    async def odd(*_):
        return (say("What makes it odd"),), None

    monkeypatch.setattr("bot.commands.why_transaction.odd_told", odd)
    await ada.rule(amount=BTC)
    paid = transaction(2 * BTC)
    await ada.take(block(1, [paid], time=NOW), sent=1)
    ada.office.now += 20 * DAY
    while await ada.office.store.write(delete_old, int(ada.office.now), 14 * DAY):
        pass
    assert "What makes it odd" in await ada.why(paid.hash)


async def test_one_that_is_unknown_names_the_gaps_and_is_not_looked_up_by_itself(ada):
    await ada.take(Gap("bitcoin", "blockchain.com", NOW - 1200, NOW - 600, "connection lost"))
    ada.office.now += 60
    hash_ = hash_of("nobody")
    async with asking_outside(ada.talk.desk) as (desk, outside):
        talk = Talk(desk, "open", platform="telegram", chat="7", person="7", name="Ada")
        answer = await talk.send(f"/why {hash_}")
        assert answer.refusal
        assert "I have not seen it since" in plain(answer)
        offer = button(answer, "Look it up at blockchain.com (tells it the id)")
        assert offer.command == f"/why {hash_} lookup"
        assert outside.paths == []
        assert "did not help" in plain(await talk.press(answer, "Look it up"))
        assert outside.paths == [f"/rawtx/{hash_}"]


@pytest.fixture
async def outside(ada):
    """A source that knows one transaction of 20 BTC; what it says of its time is to be set."""
    hash_ = hash_of("outside")
    raw = {
        "hash": hash_, "size": 225, "time": NOW - 900, "block_height": 8,
        "inputs": [{"prev_out": {"value": 21 * BTC, "addr": "ada"}, "script": ""}],
        "out": [{"value": 20 * BTC, "addr": "bob", "script": ""}],
    }  # fmt: skip
    async with asking_outside(ada.talk.desk) as (desk, outside):
        outside.answers[f"/rawtx/{hash_}"] = raw
        talk = Talk(desk, "open", platform="telegram", chat="7", person="7", name="Ada")

        async def why(time):
            raw["time"] = time
            return (await talk.say(f"/why {hash_} lookup")).splitlines()

        yield why


def listening_since(db, time):
    db.conn.execute("UPDATE checkpoints SET history_since = ?", (time,))


async def test_one_that_the_source_knows_fell_into_a_gap(ada, outside):
    await ada.office.store.write(listening_since, NOW - DAY)
    await ada.rule(amount=10 * BTC)
    await ada.take(Gap("bitcoin", "blockchain.com", NOW - 1200, NOW - 600, "connection lost"))
    answer = await outside(NOW - 900)
    assert answer[0].startswith("🔕 I never saw ")
    assert answer[1] == (
        "It is from 21:58 on 14 Nov. I heard nothing from 21:53 to 22:03 on 14 Nov:"
        " connection lost."
    )
    assert "As blockchain.com told just now; I have not stored it." in answer


async def test_one_that_the_source_knows_is_older_than_what_is_kept(ada, outside):
    assert (await outside(NOW - 30 * DAY))[1] == (
        "It is from 22:13 on 15 Oct. I know nothing from before 22:13 on 14 Nov."
    )


async def test_one_that_did_not_come_is_said_to_be_so(ada, outside):
    await ada.office.store.write(listening_since, NOW - DAY)
    assert (await outside(NOW - 900))[1] == (
        "It is from 21:58 on 14 Nov. It did not come to me, though I know of no gap then."
    )
