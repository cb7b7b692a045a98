"""Levels: told when they are crossed, never because a value trembles."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from detectors.levels import crossed
from detectors.model import Kind, Subscription, Way

LEVEL = 1000
SLACK = 10


def level(way, amount=LEVEL, chat=1):
    return Subscription(0, chat, Kind.FEES, "bitcoin", amount=amount, way=way)


def told(way, values):
    """The places in a series at which the level was told."""
    state: dict = {}
    places = []
    for place, value in enumerate(values):
        found, state = crossed([level(way)], value, state, SLACK)
        places += [place] * len(found)
    return places


def test_what_is_past_a_level_when_it_is_named_is_not_told():
    assert told(Way.BELOW, [900, 800, 950]) == []
    assert told(Way.ABOVE, [1100, 1200]) == []


def test_the_level_itself_counts_as_reached():
    assert told(Way.BELOW, [1200, 1000]) == [1]
    assert told(Way.ABOVE, [900, 1000]) == [1]


def test_it_is_told_again_only_after_it_went_back_by_the_slack():
    assert told(Way.BELOW, [1200, 999, 1099, 999, 1100, 999]) == [1, 5]
    assert told(Way.ABOVE, [800, 1001, 901, 1001, 900, 1001]) == [1, 5]


def test_two_who_named_the_same_level_are_one_crossing():
    both = [level(Way.BELOW, chat=1), level(Way.BELOW, chat=2)]
    _, state = crossed(both, 1200, {}, SLACK)
    found, _ = crossed(both, 900, state, SLACK)
    assert len(found) == 1


def test_a_level_that_nobody_names_any_more_is_forgotten():
    _, state = crossed([level(Way.BELOW)], 900, {}, SLACK)
    assert crossed([], 900, state, SLACK) == ([], {})


@given(
    way=st.sampled_from([Way.ABOVE, Way.BELOW]),
    values=st.lists(st.integers(0, 2 * LEVEL), max_size=60),
)
def test_between_two_tellings_the_value_was_back_by_the_slack(way, values):
    places = told(way, values)
    for one, two in pairwise(places):
        between = values[one + 1 : two]
        if way is Way.BELOW:
            assert max(between, default=0) >= LEVEL * 1.1
        else:
            assert min(between, default=LEVEL) <= LEVEL * 0.9


@given(
    values=st.lists(st.integers(901, 1099), max_size=40), way=st.sampled_from(["above", "below"])
)
def test_a_value_that_trembles_around_a_level_is_told_at_most_once(values, way):
    assert len(told(Way(way), values)) <= 1
