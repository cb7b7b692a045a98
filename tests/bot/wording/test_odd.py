"""What is odd, in words."""

import pytest

from bot.commands.command import UsageError
from bot.kinds.anomalies import AnomaliesWords, parse_rate, rate_within
from bot.wording.odd import rarity, written
from watchers.registry import CHAINS


@pytest.mark.parametrize(
    ("one_in", "expected"),
    [(100, "1 in 100"), (4_271, "1 in 4,200"), (10**9, "rarer than 1 in 1,000,000")],
)
def test_a_rate_is_said_to_two_digits(one_in, expected):
    assert rarity(one_in) == expected


@pytest.mark.parametrize(
    ("text", "one_in"),
    [("1 in 1000", 1000), ("one in 1,000", 1000), ("rare", 1000), ("Very rare", 10_000), ("", 0)],
)
def test_a_rate_is_read_as_people_write_it(text, one_in):
    assert parse_rate(text) == one_in


@pytest.mark.parametrize("text", ["1 in 0", "1 in 9", "1 in 99999999", "often", "1000", "1 in ,"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(UsageError):
        parse_rate(text)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.0, "share", "0 %"),
        (0.004, "share", "0.4 %"),
        (0.99, "share", "99 %"),
        (93_600.0, "seconds", "26 h"),
        (3.0, "count", "3"),
        (49.66e8, "amount", "49.66 BTC"),
    ],
)
def test_the_value_of_a_feature_is_written_by_its_unit(value, unit, expected):
    assert written(value, unit, CHAINS["bitcoin"]) == expected


def test_what_is_asked_for_is_written_as_it_is_read():
    words = AnomaliesWords()
    (meant,) = words.parse("very rare bitcoin", CHAINS)
    assert words.parse(words.text(meant, CHAINS), CHAINS) == [meant]


def test_the_rate_of_a_chat_leaves_half_of_its_budget():
    assert rate_within(20, 100) == 100
    assert rate_within(20, 9_000) == 1_000
    assert rate_within(20, 16_000) == 10_000
    assert rate_within(1, 10**9) == 10_000
