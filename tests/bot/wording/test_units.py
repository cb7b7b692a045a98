"""Amounts in the small unit of an asset: nothing is lost, and money stays money."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import speaking, speaking_to
from bot.units import counting_in
from bot.wording.alert_message import format_alerts
from bot.wording.alert_view import View
from bot.wording.amounts import (
    USD,
    format_amount,
    format_exact,
    format_round,
    money_in,
    round_number,
    unit_of,
)
from bot.wording.typed_amounts import parse_amount, typed_amount
from detectors.model import Alert
from storage.alerts import Story
from storage.model import Chat, Units
from storage.states import State
from tests.bot.desk import plain
from tests.make import NOW, transaction
from watchers.bitcoin.chain import BITCOIN
from watchers.model import Asset
from watchers.registry import CHAINS

BTC = BITCOIN.asset
ONE = 10**8
ETHER = Asset("ETH", 18, "wei", "gwei", 9)


@pytest.mark.parametrize(
    ("amount", "exact", "full", "rounded"),
    [
        (500 * ONE, "50B sat", "50,000,000,000 sat", "50B sat"),
        (123_456_789, "123,456,789 sat", "123,456,789 sat", "123.5M sat"),
        (99_999, "99,999 sat", "99,999 sat", "99,999 sat"),
        (546, "546 sat", "546 sat", "546 sat"),
        (21_000_000 * ONE, "2,100T sat", "2,100,000,000,000,000 sat", "2,100T sat"),
        (0, "0 sat", "0 sat", "0 sat"),
        (-2_000, "-2,000 sat", "-2,000 sat", "-2,000 sat"),
    ],
)
def test_amounts_are_counted_in_the_small_unit(amount, exact, full, rounded):
    with counting_in("small"):
        assert format_exact(amount, BTC) == exact
        assert format_amount(amount, BTC) == full
        assert format_round(amount, BTC) == rounded
        assert f"{round_number(amount, BTC)} {unit_of(BTC)}" == rounded


@given(st.integers(1, 21_000_000 * ONE))
def test_an_exact_amount_is_read_back_as_it_was_in_either_unit(amount):
    for units in ("whole", "small"):
        with counting_in(units):
            assert parse_amount(format_amount(amount, BTC), BTC) == (amount, "BTC")


def test_what_is_typed_is_the_same_whatever_is_shown():
    with counting_in("small"):
        assert typed_amount(1_500 * ONE, BTC) == "1500 BTC"


def test_money_has_no_small_unit():
    with counting_in("small"):
        assert format_exact(2_000_000 * 10**6, USD) == "$2M"
        assert format_exact(1_500 * 10**6, money_in("CHF")) == "1,500 CHF"


def test_a_small_unit_may_have_parts_of_its_own():
    with counting_in("small"):
        assert format_amount(21_000 * 3 * 10**9 + 1, ETHER) == "63,000.000000001 gwei"
        assert format_round(10**18, ETHER) == "1B gwei"


def test_the_signs_are_those_of_the_language():
    with speaking("de"), counting_in("small"):
        assert format_amount(1_234_567, BTC) == "1.234.567 sat"
        assert format_round(123_456_789, BTC).replace("\N{NO-BREAK SPACE}", " ") == "123,5 Mio. sat"


def test_an_alert_is_told_to_each_chat_in_its_own_units():
    whale = transaction(1_234 * ONE)
    told = Story(
        whale.hash, "bitcoin",
        (Alert("bitcoin", whale.hash, "whales", "BTC", NOW, whale.moved, None),), whale, State(),
    )  # fmt: skip
    seen = View({}, "UTC", "EUR", {(whale.hash, "BTC"): 61_700_000 * 10**6})
    titles: dict[Units, str] = {"whole": "1,234 BTC", "small": "123.4B sat"}
    for units, title in titles.items():
        chat = Chat(1, "terminal", "local", "", "private", "", "en", "UTC", "EUR", units=units)
        with speaking_to(chat):
            first = plain(format_alerts([told], CHAINS, seen)).splitlines()[0]
        assert first == f"🐋 {title} (€61.7M) moved"
