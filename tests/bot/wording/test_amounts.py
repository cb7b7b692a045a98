import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.amounts import USD, AmountError, format_amount, parse_amount
from watchers.model import Asset

BTC = Asset("BTC", 8, "satoshi")
ONE = 10**8
DOLLAR = 10**6


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("500 BTC", 500 * ONE, "BTC"),
        ("500BTC", 500 * ONE, "BTC"),
        ("BTC 500", 500 * ONE, "BTC"),
        ("1.5k", 1500 * ONE, "BTC"),
        ("1.5kBTC", 1500 * ONE, "BTC"),
        ("5M BTC", 5_000_000 * ONE, "BTC"),
        ("2.5M USD", 2_500_000 * DOLLAR, "USD"),
        ("2.5musd", 2_500_000 * DOLLAR, "USD"),
        ("$10M", 10_000_000 * DOLLAR, "USD"),
        ("10bn $", 10**10 * DOLLAR, "USD"),
        ("USD 100", 100 * DOLLAR, "USD"),
        ("1,000", 1000 * ONE, "BTC"),
        ("1 000 000 usd", 10**6 * DOLLAR, "USD"),
        (".5 btc", ONE // 2, "BTC"),
        ("50000 sat", 50_000, "BTC"),
        ("50,000 sats", 50_000, "BTC"),
        ("7 satoshi", 7, "BTC"),
        ("1.23456789", 123_456_789, "BTC"),
    ],
)
def test_amounts_are_read_as_people_write_them(text, amount, unit):
    assert parse_amount(text, BTC) == (amount, unit)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not an amount"),
        ("whale", "not an amount"),
        ("500 XYZ", "no unit I know: use BTC or USD"),
        ("1,5 BTC", "two ways"),
        ("0,5", "two ways"),
        ("5mBTC", "millions or thousandths"),
        ("$5 BTC", "two units"),
        ("0", "more than zero"),
        ("0.000000001", "finer than one satoshi"),
        ("9" * 40, "more than there is"),
        ("9" * 5000, "not an amount"),
        ("-5", "not an amount"),
        ("\N{ARABIC-INDIC DIGIT FIVE}", "not an amount"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_reason(text, reason):
    with pytest.raises(AmountError, match=reason):
        parse_amount(text, BTC)


@given(st.text())
def test_any_text_is_an_amount_or_refused(text):
    try:
        amount, unit = parse_amount(text, BTC)
    except AmountError:
        return
    assert amount > 0
    assert unit in {"BTC", "USD"}


@given(st.integers(1, 10**29 - 1), st.sampled_from([BTC, USD]))
def test_an_amount_that_was_formatted_is_read_back_exactly(amount, asset):
    assert parse_amount(format_amount(amount, asset), BTC) == (amount, asset.symbol)
