"""`/why` of an alert: reasons out of the real pipeline, as a person reads them."""

import pytest

from detectors.model import Kind, Ring, Way
from storage.model import Rejected, Retry
from tests.bot.commands.whys import asking
from tests.bot.desk import button, plain
from tests.bot.outlet.test_delivery import BTC
from tests.make import NOW, block, transaction
from watchers.model import Price

HOUR = 3600


@pytest.fixture
async def ada(tmp_path):
    async with asking(tmp_path) as ada:
        yield ada


def short(paid):
    return f"{paid.hash[:5]}…{paid.hash[-4:]}"


async def test_an_alert_says_which_rule_by_how_much_and_how_fast(ada):
    await ada.rule(amount=500 * BTC)
    await ada.take(Price("BTC", "USD", 64_000 * 10**6, NOW - 60, "somewhere"))
    whale = transaction(550 * BTC, time=NOW - 2)
    await ada.take(whale, sent=1)
    pressed = await ada.talk.press(ada.office.platform.sent[0][2], "❓ Why?")
    assert plain(pressed).splitlines()[:8] == [
        "❓ Alert 1: rule 1 asked for it",
        f"⏳ 🐋 550 BTC ($35.2M) moved · {short(whale)}",
        "1. 🐋 Transactions from 500 BTC on",
        "It moved 550 BTC; your threshold is 500 BTC.",
        "Price used: 1 BTC = $64,000, somewhere, 22:12 on 14 Nov.",
        "",
        "🔔 Told 22:13 on 14 Nov, aloud.",
        "Seen 22:13:18, queued 22:13:20, told 22:13:20: 2 s in all.",
    ]
    assert button(pressed, "Mute…").command == f"/mute about {whale.hash}"
    assert button(pressed, "Rule 1…").command == "/alerts 1"
    assert button(pressed, "Details").command == f"/tx {whale.hash}"


async def test_amounts_are_exact_where_little_decides(ada):
    await ada.rule(amount=500 * BTC)
    await ada.take(transaction(500 * BTC + 1), sent=1)
    assert "It moved 500.00000001 BTC; your threshold is 500 BTC." in await ada.why()


async def test_a_watched_address_says_what_it_gained_and_lost(ada):
    await ada.rule(Kind.WATCH, address="bob", label="Savings", amount=BTC)
    await ada.rule(Kind.WATCH, address="ada", way=Way.OUT)
    await ada.take(transaction(2 * BTC, fee=100), sent=1)
    answer = await ada.why()
    assert answer[0] == "❓ Alert 1: rules 1, 2 asked for it"
    assert "It brought Savings 2 BTC; you watch it from 1 BTC on." in answer
    assert "It took 2.000001 BTC from ada; you watch what goes out." in answer


async def test_a_threshold_in_dollars_says_the_worth_and_that_it_waited_for_a_price(ada):
    await ada.rule(unit="USD", amount=10**6 * 10**6)
    await ada.take(transaction(100 * BTC))
    await ada.office.later(60)
    await ada.take(Price("BTC", "USD", 20_000 * 10**6, NOW + 60, "somewhere"), sent=1)
    answer = await ada.why()
    assert "It moved 100 BTC, worth $2M; your threshold is $1M." in answer
    assert "It had to wait for a price." in answer


async def test_what_crosses_a_level_says_why_it_is_told_once(ada):
    await ada.rule(Kind.PRICE, unit="USD", amount=50_000 * 10**6, way=Way.ABOVE)
    await ada.take(Price("BTC", "USD", 49_000 * 10**6, NOW, "somewhere"))
    await ada.office.later(60)
    await ada.take(Price("BTC", "USD", 51_000 * 10**6, NOW + 60, "somewhere"), sent=1)
    answer = await ada.why()
    assert answer[1].startswith("💵 BTC is above $50,000: $51,000 now")
    assert "1. 💵 BTC above $50,000" in answer
    assert "Told once, and anew only after it went back by 1 %." in answer
    assert button(ada.office.platform.sent[0][2], "❓ Why?").command == "/why 1"


async def test_a_mute_says_until_when_and_what_it_is_about(ada):
    await ada.rule(Kind.WATCH, address="bob", label="Savings")
    await ada.talk.say("/mute 8h")
    await ada.take(transaction(2 * BTC))
    answer = await ada.why()
    assert answer[-2] == "🔕 Muted until 06:13: All alerts."
    await ada.talk.say("/unmute")
    assert "🔕 Muted until 06:13: All alerts. That ended 22:13 on 14 Nov." in await ada.why()


async def test_in_a_group_it_says_who_muted(tmp_path):
    group = {"kind": "group", "chat": "-5", "admin": True}
    async with asking(tmp_path, **group) as ada:
        await ada.rule(amount=BTC)
        await ada.talk.say("/mute 1h")
        await ada.take(transaction(2 * BTC))
        assert "🔕 Muted until 23:13 by Ada: All alerts." in await ada.why()


async def test_what_quiet_hours_a_pause_and_the_digest_keep_says_until_when(ada):
    rule = await ada.rule(amount=BTC)
    await ada.talk.say("/quiet 22:00 7:00")
    await ada.take(transaction(2 * BTC))
    assert "🌙 Kept by quiet hours until 07:00." in await ada.why()
    await ada.talk.say("/quiet off")
    await ada.office.until_sent(1)
    assert "It was kept over quiet hours." in await ada.why()
    await ada.talk.say("/pause 2h")
    await ada.take(transaction(3 * BTC))
    assert "⏸ Kept by the pause until 00:13." in await ada.why()
    await ada.talk.say("/resume")
    await ada.office.until_sent(2)
    await ada.talk.say(f"/alerts {rule.number} ring digest")
    await ada.take(transaction(4 * BTC))
    assert "🗞 Kept for the digest at 23:00." in await ada.why()


async def test_what_waits_for_days_is_named_with_its_day(ada):
    await ada.rule(amount=BTC)
    await ada.talk.say("/pause 3d")
    await ada.take(transaction(4 * BTC))
    assert "⏸ Kept by the pause until 22:13 on 17 Nov." in await ada.why()


async def test_how_it_rang_is_said(ada):
    await ada.rule(amount=BTC, ring=Ring.SILENT)
    await ada.take(transaction(2 * BTC), sent=1)
    assert "🔔 Told 22:13 on 14 Nov, without a sound." in await ada.why()


async def test_more_than_the_budget_says_so(ada):
    await ada.talk.say("/alerts budget 1")
    await ada.rule(amount=BTC)
    for number in range(3):
        await ada.take(transaction((2 + number) * BTC))
        await ada.office.later(1)
    await ada.office.until(ada.office.idle)
    answer = await ada.why()
    assert answer[0] == "❓ Alert 2 tells of 2 things"
    assert answer[1].startswith("1. ⏳ 🐋 4 BTC (no price yet) moved")
    assert answer[1].endswith(" · rule 1")
    assert "It was more than the one message an hour that is wanted here: see /alerts budget." in (
        answer
    )
    assert "It was told with 1 other." in answer
    assert "🔔 Told 22:13 on 14 Nov, without a sound." in answer  # by an edit
    assert not any(line.startswith("Changed") for line in answer)


async def test_what_a_platform_answers_is_said(ada):
    await ada.rule(amount=BTC)
    ada.office.platform.verdicts = [Retry(30, "Too Many Requests")]
    await ada.take(transaction(2 * BTC))
    assert "⏳ It waits, after 1 attempt: Too Many Requests." in await ada.why()
    ada.office.platform.verdicts = [Rejected("message is too strange")]
    await ada.office.later(31)
    await ada.office.until(ada.office.idle)
    assert "🚫 It was refused by Telegram: message is too strange." in await ada.why()


async def linked(ada):
    """The same person in a private chat on Discord, and that chat."""
    there = ada.talk.by(platform="discord", chat="9", person="9", name="Ada")
    await there.send("/start")
    code = (await ada.talk.say("/link")).split("/link ")[1].split()[0]
    await there.say(f"/link {code}")
    ((chat,),) = await ada.office.rows("SELECT id FROM chats WHERE platform = 'discord'")
    return there, chat


async def test_on_another_account_it_says_where_it_was_told_and_who_stood_by(ada):
    there, chat = await linked(ada)
    await ada.rule(amount=BTC)
    await ada.rule(amount=BTC, chat=chat)
    before = len(ada.office.platform.sent)
    await ada.take(transaction(2 * BTC), sent=before + 1)
    assert "🔔 Told 22:13 on 14 Nov on Telegram, aloud." in await there.say("/why")
    answer = await ada.why()
    assert "🔔 Told 22:13 on 14 Nov, aloud." in answer
    assert "In case that failed, Discord stood by." in answer


async def test_what_waits_for_a_chat_that_cannot_be_told_says_why(ada):
    there, _ = await linked(ada)
    await ada.rule(amount=BTC)
    ada.office.platform.verdicts = [Rejected("bot was blocked", parks=True)]
    await ada.take(transaction(2 * BTC))
    answer = await there.say("/why")
    assert "⏳ It waits until Telegram can be told: bot was blocked." in answer
    assert "🐋 Transactions from 1 BTC on · in another chat of yours" in answer
    assert "Rule" not in answer.splitlines()[-1]


async def test_what_came_after_it_was_told_is_said(ada):
    await ada.rule(amount=BTC)
    whale = transaction(2 * BTC)
    await ada.take(whale, sent=1)
    await ada.office.later(600)
    await ada.take(block(1, [whale]), sent=2)
    answer = await ada.why()
    assert answer[1].startswith("✅ 🐋 2 BTC")
    assert "Changed once, 22:23 on 14 Nov." in answer


async def test_a_bad_end_that_was_said_aloud_is_said(ada):
    await ada.rule(amount=BTC)
    first = transaction(2 * BTC, spends=("x:0",))
    await ada.take(first, sent=1)
    await ada.office.later(60)
    await ada.take(transaction(5, spends=("x:0",)), sent=3)
    answer = await ada.why()
    assert answer[1].startswith("⚠️ 🐋 2 BTC")
    assert "Its bad end was said aloud 22:14 on 14 Nov." in answer


async def test_one_walks_back_and_forth_among_alerts(ada):
    await ada.rule(amount=BTC)
    for number in (2, 3, 4):
        await ada.take(transaction(number * BTC), sent=number - 1)
        await ada.office.later(1)
    newest = await ada.talk.send("/why")
    before = await ada.talk.press(newest, "Earlier")
    assert "3 BTC" in plain(before)
    assert "2 BTC" in plain(await ada.talk.press(before, "Earlier"))
    assert "4 BTC" in plain(await ada.talk.press(before, "Later"))


async def test_a_rule_that_is_gone_is_shown_as_it_was_and_not_offered(ada):
    rule = await ada.rule(amount=BTC)
    await ada.take(transaction(2 * BTC), sent=1)
    await ada.office.later(60)
    await ada.talk.say(f"/alerts remove {rule.number}")
    answer = await ada.why()
    assert "1. 🐋 Transactions from 1 BTC on" in answer
    assert "So it was then; changed or ended 22:14 on 14 Nov." in answer
    assert "Rule 1…" not in answer[-1]


async def test_nobody_learns_of_the_alerts_of_another_chat(ada):
    await ada.rule(amount=500 * BTC)
    whale = transaction(550 * BTC)
    await ada.take(whale, sent=1)
    eve = ada.talk.by(chat="8", person="8", name="Eve")
    assert "No alert was raised here yet" in await eve.say("/why")
    assert "There is no alert 1 here" in await eve.say("/why 1")
    answer = await eve.say(f"/why {whale.hash}")
    assert "Nothing is asked for here about transactions" in answer
    assert "threshold" not in answer


async def test_an_alert_and_a_transaction_at_once_are_refused(ada):
    assert "not both at once" in await ada.talk.say(f"/why 1 {transaction().hash}")
