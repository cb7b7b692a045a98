import msgspec
import pytest

from bot.charting.buckets import DAY, HOUR, MINUTE
from bot.charting.chart_readings import change_words
from bot.charting.preview_series import measure_of
from bot.charting.series import Frame, fees_series, rate_series, sizes_series, volume_series
from bot.units import counting_in
from charts.model import Measure
from detectors.model import Kind, Subscription
from storage.histogram import bucket_of
from storage.rollups import Rollup
from watchers.bitcoin.chain import BITCOIN
from watchers.model import Gap

EDGES = tuple(range(0, 7 * HOUR, HOUR))
BTC = 10**8


def frame(**changes):
    whole = Frame(BITCOIN, EDGES, HOUR, "UTC", now=6 * HOUR - 1800, known_since=0)
    return msgspec.structs.replace(whole, **changes)


def hours(*counts, moved=BTC):
    return [Rollup(n * HOUR, count, count * moved, 0) for n, count in enumerate(counts)]


def test_volume_says_nothing_of_hours_before_anything_was_known():
    series = volume_series(frame(known_since=2 * HOUR + 60), hours(0, 0, 3, 0, 5, 1), "t", "s")
    assert series.tracks[0].values == (None, None, 3 * BTC, 0, 5 * BTC, BTC)
    assert series.incomplete
    assert series.values_in.unit == "BTC per hour"


def test_the_usual_is_the_median_of_the_whole_buckets_between_the_first_and_the_last():
    series = volume_series(frame(), hours(9, 1, 2, 3, 4, 9), "t", "s")
    assert series.usual is not None
    assert series.usual.value == 2 * BTC
    assert (
        volume_series(frame(known_since=4 * HOUR), hours(0, 0, 0, 0, 4, 9), "t", "s").usual is None
    )


def test_an_hour_in_which_nobody_listened_and_nothing_was_filled_in_is_unknown():
    gaps = (Gap("bitcoin", "somewhere", HOUR - 5, 3 * HOUR + 5, "cut"),)
    series = volume_series(frame(gaps=gaps), hours(1, 0, 2, 0, 1, 1), "t", "s")
    assert series.tracks[0].values == (BTC, None, 2 * BTC, 0, BTC, BTC)
    assert series.gaps == ((HOUR - 5, 3 * HOUR + 5),)


def test_rates_are_per_minute_of_the_time_that_is_known():
    known = frame(known_since=HOUR + 1800)
    sums = hours(0, 60, 120, 60, 60, 60)
    seen, chain = rate_series(known, sums, sums, "t", "s").tracks
    assert seen.values == (None, 2.0, 2.0, 1.0, 1.0, 2.0)
    assert chain.values == (None, 2.0, 2.0, 1.0, 1.0, None)


def test_blocks_are_no_rate_in_minutes():
    edges = tuple(range(0, 7 * MINUTE, MINUTE))
    short = frame(edges=edges, step=MINUTE, now=6 * MINUTE - 30)
    sums = [Rollup(n * MINUTE, 1, 1, 1) for n in range(6)]
    seen, chain = rate_series(short, sums, sums, "t", "s").tracks
    assert seen.values == (1.0, 1.0, 1.0, 1.0, 1.0, None)
    assert set(chain.values) == {None}


def test_fees_have_three_tracks_whatever_is_known():
    series = fees_series(frame(), [(1000, 2000, 3000), *[(None,) * 3] * 5], "t", "s")
    assert [track.values[0] for track in series.tracks] == [1000, 2000, 3000]
    assert series.has_data
    assert not fees_series(frame(), [(None,) * 3] * 6, "t", "s").has_data


def whales(amount, unit):
    return Subscription(1, 1, Kind.WHALES, "bitcoin", unit=unit, amount=amount)


def test_sizes_are_counted_by_powers_of_ten():
    amounts = {3 * BTC: 5, 30 * BTC: 2, 5000: 4, 1: 10, 40: 1}
    histogram = {bucket_of(amount): count for amount, count in amounts.items()}
    thresholds = [whales(500 * BTC, "BTC"), whales(10**12, "USD")]
    series = sizes_series(BITCOIN, histogram, thresholds, "t", "s")
    assert series.edges == tuple(10**power for power in range(3, 11))
    assert series.tracks[0].values == (15, 0, 0, 0, 0, 5, 2)
    assert [(mark.at, mark.label) for mark in series.marks] == [(500 * BTC, "your 500 BTC")]


def test_pictures_count_in_the_units_in_which_their_words_do():
    sizes = {bucket_of(3 * BTC): 5}
    rule = whales(500 * BTC, "BTC")
    with counting_in("small"):
        volume = volume_series(frame(), hours(0, 1, 2, 0, 5, 1), "t", "s")
        amounts = sizes_series(BITCOIN, sizes, [rule], "t", "s")
        preview = measure_of(rule, BITCOIN)
    assert volume.values_in == Measure("sat per hour", 1)
    assert amounts.edges_in == Measure("sat moved", 1)
    assert [mark.label for mark in amounts.marks] == ["your 50B sat"]
    assert preview == Measure("sat", 1)
    assert measure_of(whales(1, "USD"), BITCOIN) == Measure("USD", 10**6)


def test_no_sizes_at_all_are_no_data():
    series = sizes_series(BITCOIN, {}, [whales(BTC, "BTC")], "t", "s")
    assert not series.has_data


@pytest.mark.parametrize(
    ("value", "earlier", "words"),
    [
        (100, [], ""),
        (118, [100, 90, 110], ", 18 % above the usual"),
        (50, [100, 100, 100, 7], ", 50 % below the usual"),
        (103, [100, 100, 100], ", as usual"),
        (150, [100], ", 50 % above the 24 h before"),
        (80, [100, 10], ", 20 % below the 24 h before"),
        (100, [101], ", much as in the 24 h before"),
        (100, [0, 0, 0], ""),
        (10**30 * 3, [10**30] * 3, ", 200 % above the usual"),
    ],
)
def test_a_sum_is_compared_with_the_periods_before(value, earlier, words):
    assert change_words(value, earlier, DAY) == words
