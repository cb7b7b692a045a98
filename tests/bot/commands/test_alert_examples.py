"""What `/alerts` tells to type next: something that can be typed, and changes something."""

import pytest

from tests.bot.desk import button, plain


@pytest.fixture
async def rules(talk):
    for rule in ("whales 500 BTC", "fees below 3", "anomalies 1 in 10000"):
        await talk.say(f"/alerts add {rule}")


@pytest.mark.parametrize(
    ("mistake", "example"),
    [
        ("1 ring purple", "1 ring silent"),
        ("1 min purple", "1 min 0.5 BTC"),
        ("2 min 5", "2 ring silent"),
        ("3 min 5", "3 min 1 in 1000"),
        ("budget abc", "budget 40"),
        ("budget 0", "budget 40"),
        ("digest daily", "digest summary"),
        ("add whales abc", "add whales 500 BTC"),
        ("remove", "remove 1"),
    ],
)
async def test_a_mistake_is_shown_an_example_of_what_was_meant(talk, rules, mistake, example):
    refused = await talk.say(f"/alerts {mistake}")
    assert refused.splitlines()[-2] == f"Example: /alerts {example}"


@pytest.mark.parametrize("mistake", ["lots", "whales lots", "whales off XYZ", "whales 0"])
async def test_an_example_shows_more_than_what_was_typed(talk, mistake):
    refused = await talk.say(f"/threshold {mistake}")
    assert refused.splitlines()[-2] == "Example: /threshold whales 500 BTC"


async def test_a_number_that_is_not_there_leads_to_the_list(talk):
    assert "\nExample: /alerts\n" in await talk.say("/alerts 9 loud")


async def test_another_level_is_never_the_one_that_was_just_set(talk, rules):
    assert "them: /alerts 3 min 1 in 1000\n" in await talk.say("/alerts 3 min 1 in 10000")
    assert "them: /alerts 3 min 1 in 10000\n" in await talk.say("/alerts 3 min 1 in 1000")
    assert "amount: /alerts 1 min 1 BTC\n" in await talk.say("/alerts 1 min 0.5 BTC")
    assert "one: /alerts budget 20" in await talk.say("/alerts budget 40")
    assert "one: /alerts budget 40" in await talk.say("/alerts budget 20")


async def test_the_digest_names_the_number_of_a_rule_that_there_is(talk, rules):
    await talk.say("/alerts remove 1")
    assert "without a sound: /alerts 2 ring digest\n" in await talk.say("/alerts digest")


async def test_without_rules_the_digest_names_no_number(talk):
    answer = await talk.send("/alerts digest")
    assert "without a sound.\n" in plain(answer)
    assert button(answer, "Add").command == "/alerts add"


async def test_what_was_removed_is_offered_to_be_brought_back(talk, rules):
    await talk.say("/alerts remove 1")
    await talk.say("/alerts remove 2")
    await talk.say("/alerts add fees below 3")
    offer = await talk.send("/alerts back")
    assert plain(offer).splitlines()[1] == "1. 🐋 Transactions from 500 BTC on"
    assert "Fees" not in plain(offer)
    assert "You are told again" in plain(await talk.press(offer, "🐋 1"))
    assert (await talk.say("/alerts back")).startswith("Nothing was removed here.")
