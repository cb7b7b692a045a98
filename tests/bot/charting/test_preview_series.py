"""What the picture of a preview shows."""

import pytest

from bot.charting.preview_series import View, rule_series
from bot.preview.past import Past
from bot.preview.replay import replay
from detectors.model import Kind, Subscription, Way
from storage.past import Met, Ticker
from tests.make import NOW, block, transaction
from watchers.bitcoin.chain import BITCOIN

HOUR, QUARTER = 3600, 900
BTC = 10**8
VIEW = View(BITCOIN, 24 * HOUR, NOW, "UTC", "t", "s")
TICKERS = {"USD": Ticker((), ())}


def past(**known):
    return Past("bitcoin", BITCOIN.asset, NOW - 24 * HOUR, NOW, tickers=TICKERS, **known)


def values(track):
    return [value for value in track.values if value is not None]


def test_each_block_that_would_have_been_told_stands_at_what_it_was_waited_for():
    times = [NOW - 20 * HOUR, NOW - 19 * HOUR, NOW - 2 * HOUR]
    blocks = [(at, block(number, time=at).header) for number, at in enumerate(times)]
    rule = Subscription(1, 1, Kind.BLOCKS, "bitcoin")
    known = past(blocks=blocks[1:], tip=blocks[0][1])
    _chart, series = rule_series(VIEW, known, rule, replay(known, [rule]), "")
    waited, told = series.tracks
    assert values(told) == values(waited) == [HOUR, 17 * HOUR]


@pytest.mark.parametrize(("way", "amounts"), [(Way.IN, [3]), (Way.OUT, [5]), (Way.ANY, [3, 5])])
def test_a_rule_for_one_direction_shows_nothing_of_the_other(way, amounts):
    came = transaction(3 * BTC, sender="x", recipient="ada", time=NOW - 8 * HOUR)
    went = transaction(5 * BTC, sender="ada", fee=0, time=NOW - 4 * HOUR)
    rule = Subscription(1, 1, Kind.WATCH, "bitcoin", address="ada", way=way)
    known = past(met=[Met(came, 1), Met(went, 2)])
    _chart, series = rule_series(VIEW, known, rule, replay(known, [rule]), "")
    shown, told = series.tracks
    assert values(shown) == values(told) == [amount * BTC for amount in amounts]


def test_the_legend_says_of_how_long_a_dot_is_the_largest():
    rule = Subscription(1, 1, Kind.WHALES, "bitcoin", unit="BTC", amount=BTC)
    _chart, series = rule_series(VIEW, past(), rule, [], "1 BTC")
    assert series.tracks[0].label == "largest of each 15 min"
