"""👍 and 👎: kept as labels, seen by the group, and heard by the chat's own rule."""

import pytest

from bot.intake.ingest import Ingest
from bot.learning.level import BAD_IN_A_ROW, GOOD_IN_A_ROW
from bot.wording.useful import judged_line
from detectors.model import Alert, Kind, Scored
from storage.labels import Label, labelled, precisions
from storage.subscriptions import subscriptions_of
from tests.bot.commands.whys import asking
from tests.bot.desk import button, plain
from tests.make import transaction
from watchers.registry import CHAINS

GROUP = {"chat": "-5", "kind": "group", "chat_title": "Traders", "admin": True}


class AllOdd:
    """Finds every transaction odd, one in 5,000."""

    name = "anomalies"

    def detect(self, batch, state, history):
        fresh = batch.transactions
        seen = [Scored(t.hash, t.time, (float(t.moved), 3.0), 1, 9.0, 5_000.0) for t in fresh]
        history.keep_features(batch.chain, ("moved", "inputs"), seen)
        found = [
            Alert(batch.chain, t.hash, self.name, batch.asset, batch.now, t.moved, None, rate=5_000)
            for t in fresh
        ]
        return found, state


async def told(ada, alerts, level=1_000):
    """So many messages about odd transactions."""
    ada.office.ingest = Ingest(CHAINS, [AllOdd()], ada.office.interests)
    await ada.rule(Kind.ANOMALIES, unit="", amount=level)
    for number in range(alerts):
        ada.office.now += 120
        await ada.take(transaction(10_000_000 + number, time=ada.office.now), sent=number + 1)
    ada.office.now += 60


@pytest.fixture
async def ada(tmp_path):
    async with asking(tmp_path) as ada:
        yield ada


async def level_of(ada):
    (rule,) = await ada.talk.desk.read(subscriptions_of, ada.chat, Kind.ANOMALIES)
    return rule.amount


async def judge(ada, numbers, verdict):
    said = None
    for number in numbers:
        ada.office.now += 1
        said = await ada.talk.send(f"/useful {number} {verdict}")
    return said


async def test_the_buttons_of_an_alert_judge_it(ada):
    await told(ada, 2)
    alert = ada.office.platform.sent[0][2]
    said = await ada.talk.press(alert, "👍")
    assert plain(said).splitlines()[:2] == [
        "👍 Ada found alert 1 useful.",
        "Useful: 1 of 1 judged alert (100 %).",
    ]
    said = await ada.talk.press(ada.office.platform.sent[1][2], "👎")
    assert "Useful: 1 of 2 judged alerts (50 %)." in plain(said)


async def test_the_last_word_counts_and_can_be_taken_back(ada):
    await told(ada, 1)
    await judge(ada, [1, 1], "no")
    said = await judge(ada, [1], "yes")
    (found,) = await ada.talk.desk.read(precisions)
    assert (found.judged, found.useful) == (1, 1)
    assert "took back" in plain(await ada.talk.press(said, "Take back"))
    assert not await ada.talk.desk.read(precisions)
    assert (await ada.talk.send("/useful 1 back")).refusal


async def test_a_label_keeps_the_features_for_training(ada):
    await told(ada, 1)
    await judge(ada, [1], "no")
    await ada.talk.desk.write(lambda db: db.conn.execute("DELETE FROM features"))
    (label,) = await ada.talk.desk.read(labelled, "bitcoin", ("inputs", "moved"))
    assert (label.good, label.values) == (False, (3.0, 10_000_000.0))


async def test_three_in_a_row_that_were_not_useful_move_the_level_with_undo(ada):
    await told(ada, BAD_IN_A_ROW)
    said = await judge(ada, range(1, BAD_IN_A_ROW), "no")
    assert await level_of(ada) == 1_000
    said = await judge(ada, [BAD_IN_A_ROW], "no")
    assert await level_of(ada) == 2_000
    assert "only 1 in 2,000 or rarer, not 1 in 1,000" in plain(said)
    assert button(said, "Set…").command == "/alerts 1"
    await ada.talk.press(said, "Undo")
    assert await level_of(ada) == 1_000


async def test_what_moved_the_level_once_does_not_move_it_again(ada):
    await told(ada, BAD_IN_A_ROW + 1)
    await judge(ada, range(1, BAD_IN_A_ROW + 2), "no")
    assert await level_of(ada) == 2_000


async def test_what_the_rule_no_longer_tells_does_not_move_it(ada):
    await told(ada, BAD_IN_A_ROW)
    await ada.talk.send("/alerts 1 min 1 in 9000")
    await judge(ada, range(1, BAD_IN_A_ROW + 1), "no")
    assert await level_of(ada) == 9_000


async def test_many_good_ones_bring_more(ada):
    await told(ada, GOOD_IN_A_ROW)
    await judge(ada, range(1, GOOD_IN_A_ROW), "yes")
    assert await level_of(ada) == 1_000
    said = await judge(ada, [GOOD_IN_A_ROW], "yes")
    assert await level_of(ada) == 500
    assert "1 in 500" in plain(said)


async def test_a_group_sees_who_judged_and_an_admin_moves_the_level(tmp_path):
    async with asking(tmp_path, **GROUP) as ada:
        await told(ada, BAD_IN_A_ROW)
        ada.office.now += 1
        bob = ada.talk.by(person="8", name="Bob", admin=False)
        await bob.send("/useful 3 yes")
        said = await judge(ada, range(1, BAD_IN_A_ROW + 1), "no")
        assert not said.personal
        assert "👎 Ada found alert 3 not useful." in plain(said)
        assert "👍 Bob" in plain(said)
        assert await level_of(ada) == 1_000
        assert (await bob.press(said, "1 in 2,000")).refusal
        await ada.talk.press(said, "1 in 2,000")
        assert await level_of(ada) == 2_000


async def shown(ada, alert):
    """What the message of an alert shows when all edits are made."""
    await ada.office.until(ada.office.idle)
    told = [plain(each) for _, edits, each in ada.office.platform.sent if edits == str(alert)]
    return [line for line in told[-1].splitlines() if line[0] in "👍👎" and "[" not in line]


async def test_an_alert_in_a_group_shows_who_judged_it(tmp_path):
    async with asking(tmp_path, **GROUP) as ada:
        await told(ada, 2)
        said = await judge(ada, [1], "no")
        assert said.brief, "the alert itself shows it"
        assert await shown(ada, 1) == ["👎 Ada"]
        bob = ada.talk.by(person="8", name="Bob", admin=False)
        await bob.send("/useful 1 yes")
        assert await shown(ada, 1) == ["👍 Bob · 👎 Ada"]
        await judge(ada, [1], "yes")
        assert await shown(ada, 1) == ["👍 2: Bob, Ada"]
        asked = await bob.send("/useful 1")
        await bob.press(asked, "Take back")
        assert await shown(ada, 1) == ["👍 Ada"]


def test_of_many_who_judged_the_first_are_named():
    labels = [Label(n, name, True, n) for n, name in enumerate(("Ada", "Bob", "", "Dan"))]
    assert judged_line(labels)[0].text == "👍 4: Ada, Bob, somebody, …"


async def test_several_transactions_are_judged_one_by_one(ada):
    ada.office.ingest = Ingest(CHAINS, [AllOdd()], ada.office.interests)
    await ada.rule(Kind.ANOMALIES, unit="", amount=1_000)
    await ada.take(*(transaction(10_000_000 + n, time=ada.office.now) for n in range(4)), sent=1)
    asked = await ada.talk.send("/useful 1 yes")
    if "several" not in plain(asked):
        pytest.fail(plain(asked))
    said = await ada.talk.press(asked, "👎")
    assert "not useful" in plain(said)
    (found,) = await ada.talk.desk.read(precisions)
    assert (found.judged, found.useful) == (1, 0)


async def test_models_and_the_rule_show_how_useful_what_was_told_is(ada):
    await told(ada, 2)
    await judge(ada, [1], "yes")
    await judge(ada, [2], "no")
    assert "🔎 What is odd: Useful: 1 of 2 judged alerts (50 %)." in await ada.talk.say("/models")
    assert "Useful: 1 of 2 judged alerts (50 %)." in await ada.talk.say("/alerts 1")


async def test_an_alert_that_is_not_there_is_said_so(ada):
    assert "There is no alert 9 here." in await ada.talk.say("/useful 9 yes")
