import pytest

from detectors.model import Kind
from storage.ledger import save_price
from storage.subscriptions import all_subscriptions
from storage.transactions import save_transactions
from tests.bot.desk import button, plain
from tests.make import NOW, transaction
from watchers.model import Price

ONE = 10**8
DAY = 86400


@pytest.fixture
async def history(desk):
    """Five hours of history with a price since an hour ago."""
    moves = [(600, 60), (150, 7200), (700, 4 * 3600), (1, 5 * 3600)]
    stored = [transaction(moved * ONE, time=NOW - ago) for moved, ago in moves]
    await desk.write(lambda db: save_transactions(db, "bitcoin", stored, unconfirmed=True))
    await desk.write(save_price, Price("BTC", "USD", 60_000 * 10**6, NOW - 3600, "test"))


async def rules(desk):
    found = await desk.read(all_subscriptions)
    return {s.unit: s.amount for s in found if s.kind is Kind.WHALES}


async def test_a_threshold_says_how_many_alerts_it_would_have_sent(desk, talk, history):
    answer = await talk.say("/threshold whales 500 BTC")
    assert answer.startswith("🐋 Whale alerts from 500 BTC on.")
    assert "Would have sent 2 alerts in the last 24 h, 2 in 7 d (from 5 h of history)." in answer
    assert await rules(desk) == {"BTC": 500 * ONE}
    assert desk.interests.floor("bitcoin", "BTC") == 500 * ONE


async def test_dollars_say_what_waited_for_a_price(talk, history):
    answer = await talk.say("/threshold whales $30M")
    assert "Whale alerts from $30M on." in answer
    assert "Would have sent 2 alerts in the last 24 h, 2 in 7 d (from 5 h of history)." in answer
    assert "1 of them by the next price" in answer


async def test_either_threshold_is_enough_and_counts_once(desk, talk, history):
    await talk.say("/threshold whales 500 BTC")
    answer = await talk.say("/threshold whales 20M USD")
    assert "Whale alerts from 500 BTC or $20M on." in answer
    assert "Would have sent 2 alerts" in answer
    assert await rules(desk) == {"BTC": 500 * ONE, "USD": 20 * 10**12}


async def test_without_history_it_says_that_it_cannot_tell(talk):
    assert "I have stored nothing yet" in await talk.say("/threshold whales 500")


async def test_without_a_price_it_says_that_dollars_are_not_counted(desk, talk):
    stored = [transaction(ONE, time=NOW - 60)]
    await desk.write(lambda db: save_transactions(db, "bitcoin", stored, unconfirmed=True))
    assert "No price is known yet" in await talk.say("/threshold whales $1")


async def test_a_new_threshold_replaces_the_one_of_its_unit_and_can_be_undone(desk, talk):
    first = await talk.send("/threshold whales 500 BTC")
    second = await talk.send("/threshold whales 1,000.5 BTC")
    assert await rules(desk) == {"BTC": 1000 * ONE + ONE // 2}
    await talk.press(second, "Undo")
    assert await rules(desk) == {"BTC": 500 * ONE}
    await talk.press(first, "Undo")
    assert await rules(desk) == {}


async def test_the_same_threshold_again_is_one(desk, talk):
    for _ in range(2):
        await talk.say("/threshold whales 500 BTC")
    assert len(desk.interests.reached("bitcoin", "BTC", 500 * ONE)) == 1


async def test_off_removes_all_or_one_unit(desk, talk):
    await talk.say("/threshold whales 500 BTC")
    await talk.say("/threshold whales $10M")
    answer = await talk.send("/threshold whales off btc")
    assert "Whale alerts from $10M on." in plain(answer)
    assert await rules(desk) == {"USD": 10_000_000 * 10**6}
    assert "There was none in BTC to switch off." in await talk.say("/threshold off BTC")
    answer = await talk.send("/threshold whales off")
    assert "Whale alerts are off." in plain(answer)
    assert await rules(desk) == {}
    await talk.press(answer, "Back to $10M")
    assert await rules(desk) == {"USD": 10_000_000 * 10**6}


async def test_alone_it_shows_the_present_ones_and_presets_with_their_alerts(talk, history):
    await talk.say("/threshold whales 700 BTC")
    answer = await talk.send("/threshold whales")
    text = plain(answer)
    assert "Whale alerts from 700 BTC on." in text
    assert "Would have sent 1 alert" in text
    assert "100 BTC          3" in text
    assert "1,000 BTC        0" in text
    assert button(answer, "$10M").command == "/threshold whales 10000000 USD"
    pressed = await talk.press(answer, "100 BTC")
    assert "Whale alerts from 100 BTC on." in plain(pressed)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("whales lots", "“lots” is not an amount."),
        ("whales 5 XYZ", "“XYZ” is no unit I know: use BTC or USD."),
        ("whales off XYZ", "“XYZ” is no unit I know: use BTC or USD."),
        ("whales 0", "An amount must be more than zero."),
        ("dolphins 5", "“dolphins” is not an amount."),
    ],
)
async def test_a_wrong_threshold_is_refused(desk, talk, typed, reason):
    answer = await talk.send(f"/threshold {typed}")
    assert answer.refusal
    assert reason in plain(answer)
    assert "Example: /threshold whales 500 BTC" in plain(answer)
    assert await rules(desk) == {}


async def test_the_smallest_dollar_amount_is_named_exactly(talk):
    assert "from $0.000001 on" in await talk.say("/threshold whales 0.000001 USD")
    assert "from $1,234,567 on" in await talk.say("/threshold whales 1234567 USD")
