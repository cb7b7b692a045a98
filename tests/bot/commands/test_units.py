"""`/units`: whole coins or small units, dollars or euros, a person's or a group's."""

import pytest

from storage.chats import find_chat
from storage.ledger import save_price
from storage.transactions import save_transactions
from tests.bot.desk import button, plain
from tests.make import NOW, transaction
from watchers.model import Price

BTC = 10**8


@pytest.fixture
async def whale(desk):
    """1,234 BTC, seen when one cost $50,000 or €40,000."""
    seen = transaction(1_234 * BTC, name="whale", fee=2_000, time=NOW - 600)

    def fill(db):
        for currency, each in (("USD", 50_000), ("EUR", 40_000)):
            save_price(db, Price("BTC", currency, each * 10**6, NOW - 700, "made up"))
        save_transactions(db, "bitcoin", [seen], unconfirmed=True)

    await desk.write(fill)
    return seen


async def test_what_is_chosen_is_shown_with_what_else_there_is(talk, whale):
    assert await talk.say("/units") == (
        "🪙 Amounts are in BTC, their worth in USD.\n"
        "That holds in all your private chats.\n[sat][EUR]"
    )


@pytest.mark.parametrize(
    ("typed", "unit", "currency"),
    [
        ("sat", "sat", "USD"),
        ("SATS", "sat", "USD"),
        ("satoshi", "sat", "USD"),
        ("eur", "BTC", "EUR"),
        ("€", "BTC", "EUR"),
        ("sat EUR", "sat", "EUR"),
        ("EUR, sat", "sat", "EUR"),
        ("btc usd", "BTC", "USD"),
    ],
)
async def test_a_unit_and_a_currency_are_chosen_in_any_order(talk, typed, unit, currency):
    said = f"🪙 Amounts are in {unit}, their worth in {currency}."
    assert (await talk.say(f"/units {typed}")).startswith(said)
    assert (await talk.say("/units")).startswith(said)


async def test_one_is_chosen_by_a_button_and_leaves_the_other(talk, whale):
    await talk.press(await talk.send("/units"), "EUR")
    answer = await talk.press(await talk.send("/units"), "sat")
    assert plain(answer).startswith("🪙 Amounts are in sat, their worth in EUR.")
    assert button(answer, "BTC")
    assert button(answer, "USD")


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ("mBTC", "“mBTC” is no unit or currency I know: use BTC, sat, USD, EUR."),
        ("CHF", "“CHF” is no unit or currency I know: use BTC, sat, USD, EUR."),
        ("sat BTC", "Name one unit and one currency."),
        ("EUR USD", "Name one unit and one currency."),
    ],
)
async def test_what_is_no_unit_is_refused_and_changes_nothing(talk, typed, refused):
    assert (await talk.say(f"/units {typed}")).startswith(refused)
    assert "in BTC, their worth in USD." in await talk.say("/units")


async def test_answers_are_in_the_chosen_units_and_currency(talk, whale):
    assert "1,234 BTC ($61.7M)" in await talk.say(f"/tx {whale.hash}")
    await talk.say("/units sat EUR")
    answer = await talk.say(f"/tx {whale.hash}")
    assert "123.4B sat (€49.4M)" in answer
    assert "Fee 2,000 sat (€0.8)" in answer
    assert "BTC" not in answer
    assert "$" not in answer


async def test_nothing_is_said_of_a_worth_that_is_not_known(talk, desk, whale):
    await desk.write(lambda db: db.conn.execute("DELETE FROM prices WHERE currency = 'EUR'"))
    assert "I have no price in EUR just now" in await talk.say("/units EUR")
    answer = await talk.say(f"/tx {whale.hash}")
    assert "1,234 BTC" in answer
    assert "$" not in answer
    assert "€" not in answer


async def test_levels_follow_and_what_is_typed_is_read_as_ever(talk):
    await talk.say("/units sat EUR")
    await talk.say("/threshold whales 500 BTC")
    await talk.say("/alerts add whales above $2M")
    listed = await talk.say("/alerts")
    assert "50B sat" in listed
    assert "$2M" in listed


async def test_a_group_has_units_of_its_own(talk):
    group = talk.by(chat="traders", kind="group", admin=True)
    assert "That holds for this group." in await group.say("/units sat")
    assert "in BTC, their" in await talk.say("/units")
    assert "in sat, their" in await group.say("/units")


async def test_a_person_has_them_in_all_their_private_chats(talk, desk):
    await talk.say("/units sat EUR")
    chat = await desk.read(find_chat, "terminal", "local", "")
    assert (chat.units, chat.currency) == ("small", "EUR")
    kept = await desk.read(lambda db: db.conn.execute("SELECT units FROM chats").fetchall())
    assert kept == [("whole",)]
