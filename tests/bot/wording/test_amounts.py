import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import LANGUAGES, speaking
from bot.wording.amounts import USD, format_amount
from bot.wording.typed_amounts import AmountError, parse_amount, typed_amount
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
        ("1,5 BTC", 3 * ONE // 2, "BTC"),
        ("0,5", ONE // 2, "BTC"),
        ("0.500", ONE // 2, "BTC"),
        ("1.000,5 BTC", 1000 * ONE + ONE // 2, "BTC"),
        ("1'000 BTC", 1000 * ONE, "BTC"),
        ("1\N{NO-BREAK SPACE}000 BTC", 1000 * ONE, "BTC"),
        ("1,500k", 1_500_000 * ONE, "BTC"),
        ("2 Mio. $", 2_000_000 * DOLLAR, "USD"),
        ("2,5 Mio USD", 2_500_000 * DOLLAR, "USD"),
        ("2 millones de dólares", 2_000_000 * DOLLAR, "USD"),
        ("10M$", 10_000_000 * DOLLAR, "USD"),
        ("1.125M USD", 1_125_000 * DOLLAR, "USD"),
        ("1.000.000 USD", 10**6 * DOLLAR, "USD"),
        ("500 dollars", 500 * DOLLAR, "USD"),
        ("₿500", 500 * ONE, "BTC"),
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
        ("100.000 USD", "two ways: write 100000 or 100$"),
        ("1,234.567.8", "not an amount"),
        ("1 000 00", "not an amount"),
        ("1,2,3", "not an amount"),
        ("500€", "“€” is no unit I know: use BTC or USD"),
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


@given(st.integers(1, 10**29 - 1), st.sampled_from([BTC, USD]), st.sampled_from(sorted(LANGUAGES)))
def test_an_amount_is_read_back_as_it_is_typed_in_every_language(amount, asset, language):
    with speaking(language):
        assert parse_amount(typed_amount(amount, asset), BTC) == (amount, asset.symbol)


@given(st.integers(1, 10**29 - 1), st.sampled_from(sorted(LANGUAGES)))
def test_an_amount_that_was_shown_is_never_read_as_another(amount, language):
    with speaking(language):
        shown = format_amount(amount, BTC)
        assert _read(shown) in {amount, None if language != "en" else amount}


def _read(text):
    try:
        return parse_amount(text, BTC)[0]
    except AmountError:
        return None


@pytest.mark.parametrize("text", ["1.500 BTC", "1,500 BTC"])
def test_what_a_comma_means_is_asked_where_people_write_it_before_fractions(text):
    with speaking("de"), pytest.raises(AmountError, match=r"1500 oder 1\.5"):
        parse_amount(text, BTC)
    with speaking("es"):
        assert parse_amount("1.234,5", BTC) == (123_450_000_000, "BTC")
        assert parse_amount("1,5 M", BTC) == (1_500_000 * ONE, "BTC")
