import pytest

from bot.intake.ingest import Ingest
from bot.intake.steps import steps
from bot.progress import following
from detectors.registry import DETECTORS
from storage.blocks import begin_chain
from storage.models import Learnt, save_model
from tests.bot.desk import ADDRESS, button, plain
from tests.make import NOW, block, transaction
from watchers.model import Heard, Price

ONE = 10**8
HOUR = 3600


@pytest.fixture
async def history(desk):
    """Nine hours: whales come around each full one, and once the source is silent."""
    ingest = Ingest(desk.chains, DETECTORS, desk.interests)

    def live(db):
        begin_chain(db, "bitcoin", NOW - 9 * HOUR)
        for minute in range(9 * 60, 0, -5):
            now = NOW - minute * 60
            whale = [transaction(minute * ONE, time=now, recipient=ADDRESS)]
            whales = whale if minute % 60 < 15 else []
            usual = [transaction(1, time=now, fee=200 * (2 + minute // 60)) for _ in range(6)]
            price = Price("BTC", "USD", (90_000 + minute) * 10**6, now, "test")
            mined = [block(1000 - minute, time=now)] if minute % 120 == 0 else []
            heard = [] if 310 <= minute <= 340 else [Heard("bitcoin", "test", now)]
            for step in steps([*whales, *usual, price, *mined, *heard]):
                ingest(db, step, now)
            ingest.tick(db, now)

    await desk.write(live)


async def test_a_rule_says_how_often_it_would_have_told(talk, history):
    answer = await talk.send("/preview whales 200 BTC")
    text = plain(answer)
    assert text.startswith(
        "This would have told you 16 times in the last 9 h, at most 3 in an hour."
    )
    assert "Transactions from 200 BTC on" in text
    assert "The largest\n540 BTC" in text
    assert "100 BTC: 22 times\n300 BTC: 13 times" in text
    assert "I know nothing from before" in text
    assert answer.picture.png.startswith(b"\x89PNG")


async def test_it_says_how_far_it_is(talk, history):
    with following() as progress:
        await talk.send("/preview whales 200 BTC 9h")
    assert progress.words == "99 % of Bitcoin is judged by the rule…"


async def test_a_neighbour_is_previewed_and_a_rule_begun_by_a_button(desk, talk, history):
    answer = await talk.send("/preview whales 200 BTC 7d")
    other = await talk.press(answer, "Try 300 BTC")
    assert "13 times" in plain(other)
    await talk.press(other, "Tell me so")
    assert desk.interests.floor("bitcoin", "BTC") == 300 * ONE


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("fees below 5", "once"),
        ("price below 90200", "once"),
        ("blocks", "4 times"),
        ("blocks later than 90m", "4 times"),
        (f"watch {ADDRESS} Cold", "27 times"),
        ("source", "2 times"),
        ("anomalies", "Nothing is stored yet"),
    ],
)
async def test_every_kind_has_a_preview_with_a_picture(talk, history, rule, told):
    answer = await talk.send(f"/preview {rule} 24h")
    assert told in plain(answer)
    assert answer.picture is not None


async def test_a_rule_of_the_chat_is_meant_by_its_number(talk, history):
    await talk.say(f"/watch {ADDRESS} Cold")
    await talk.say("/alerts 1 min 200")
    answer = await talk.send("/preview 1")
    assert "16 times" in plain(answer)
    await talk.press(answer, "Make it 300 BTC")
    assert "13 times" in await talk.say("/preview 1")


async def test_all_rules_together_tell_of_a_transaction_once(talk, history):
    await talk.say(f"/watch {ADDRESS} Cold")
    await talk.say("/alerts add whales 200 BTC")
    assert "27 times" in await talk.say("/preview all")


async def test_what_goes_over_the_budget_is_said(talk, history):
    await talk.say("/alerts budget 1")
    assert "would have gone over your budget of 1 an hour" in await talk.say(
        "/preview whales 1 BTC"
    )


async def test_a_period_is_not_taken_for_a_part_of_the_rule(talk, history):
    assert "later than 2 h" in await talk.say("/preview blocks later than 2h")
    assert "later than 2 h" in await talk.say("/preview blocks later than 2h 24 h")


async def test_without_history_it_says_so(talk):
    for rule in ("whales 1 BTC", "fees below 3", "price above 1", "blocks", "source"):
        assert "Nothing is stored yet" in await talk.say(f"/preview {rule}")


async def test_without_a_rule_those_of_the_chat_are_offered(talk):
    await talk.say("/alerts add whales 200 BTC")
    answer = await talk.send("/preview")
    assert button(answer, "🐋 1").command == "/preview 1"


async def test_what_is_no_rule_is_refused_with_what_there_is(talk):
    assert "no kind of rule" in await talk.say("/preview nonsense")
    assert "Which whales?" in await talk.say("/preview whales")


async def test_of_many_rules_those_are_named_that_told_most(talk, history):
    for dollars in range(12):
        await talk.say(f"/alerts add price above {200_000 + dollars}")
    await talk.say("/alerts add whales 200 BTC")
    lines = (await talk.say("/preview all 7d")).splitlines()
    assert lines[1].startswith("🐋 Transactions from 200 BTC on: ")
    assert lines[10:12] == ["💵 BTC above $200,008: 0", "… and 3 more"]


async def test_of_rules_that_overlap_each_is_counted_as_it_is_alone(talk, history):
    await talk.say("/alerts add whales 200 BTC")
    await talk.say("/alerts add whales 30M USD")
    lines = (await talk.say("/preview all")).splitlines()
    alone = [(await talk.say(f"/preview {number}")).split()[5] for number in (1, 2)]
    assert lines[0].startswith("This would have told you 16 times in the last 9 h")
    assert lines[1] == "By rule, where some messages are of several:"
    assert [line.rpartition(": ")[2] for line in lines[2:4]] == alone == ["16", "10"]


@pytest.fixture
async def sums(desk):
    """Six hours of fees, low in every other one, of which only sums are kept."""
    ingest = Ingest(desk.chains, DETECTORS, desk.interests)

    def live(db):
        begin_chain(db, "bitcoin", NOW - 6 * HOUR)
        for now in range(NOW - 6 * HOUR, NOW, 300):
            fee = 200 if now // HOUR % 2 else 2000
            for step in steps([transaction(1, time=now, fee=fee) for _ in range(6)]):
                ingest(db, step, now)

    await desk.write(live)


async def test_past_fees_are_told_by_the_quarters_of_the_clock_whenever_one_asks(talk, clock, sums):
    asked = await talk.say("/preview fees below 3 24h")
    told = [line for line in asked.splitlines() if " · ⛽" in line]
    assert len(told) == 3
    assert all(line[2:5] in {":00", ":15", ":30", ":45"} for line in told)
    for minutes in (1, 4, 7):
        clock.now = NOW + minutes * 60
        later = await talk.say("/preview fees below 3 24h")
        assert all(line in later for line in told)


@pytest.mark.parametrize(
    ("rule", "lacking"),
    [
        ("anomalies rare", "No model judged before 20:13 on 14 Nov."),
        ("price above 1", "I know no price from before 21:13 on 14 Nov."),
        ("source", "I did not note before 21:13 on 14 Nov when I heard the source."),
    ],
)
async def test_what_was_not_known_before_is_said_as_it_was(desk, talk, sums, rule, lacking):
    def later(db):
        learnt = Learnt("bitcoin", NOW - 2 * HOUR, NOW, NOW, 1, (), {}, {}, b"")
        save_model(db, learnt, "", runs=True)
        ingest = Ingest(desk.chains, DETECTORS, desk.interests)
        for step in steps([Price("BTC", "USD", 90_000 * 10**6, NOW - HOUR, "test")]):
            ingest(db, step, NOW - HOUR)

    await desk.write(later)
    said = await talk.say(f"/preview {rule} 24h")
    assert f"\n{lacking}\n" in said
    assert said.startswith("This would have told you nothing")
