"""Where the level goes by what people say: bounded, and never against what was said."""

from hypothesis import given
from hypothesis import strategies as st

from bot.learning.level import BAD_IN_A_ROW, GOOD_IN_A_ROW, LADDER, level_after

LEVELS = st.integers(10, 1_000_000)
SAID = st.lists(st.booleans(), max_size=20)
BAD, GOOD = [False] * BAD_IN_A_ROW, [True] * GOOD_IN_A_ROW


def test_three_bad_in_a_row_double_the_level():
    assert level_after(1_000, BAD[1:]) == 1_000
    assert level_after(1_000, BAD) == 2_000
    assert level_after(2_000, BAD) == 5_000


def test_it_takes_more_of_the_good_to_tell_more():
    assert level_after(1_000, GOOD[1:]) == 1_000
    assert level_after(1_000, GOOD) == 500
    assert len(GOOD) > len(BAD)


def test_what_was_said_before_the_last_change_of_mind_does_not_count():
    assert level_after(1_000, [False, False, True, False]) == 1_000
    assert level_after(1_000, [*GOOD, False]) == 1_000


@given(LEVELS, SAID)
def test_the_level_moves_one_rung_and_stays_on_the_ladder(level, said):
    after = level_after(level, said)
    assert (
        after == level
        or (after in LADDER and level / 3 < after < level * 3)
        or (not LADDER[0] <= level <= LADDER[-1] and after in (LADDER[0], LADDER[-1]))
    )


@given(LEVELS, SAID)
def test_it_never_goes_against_the_last_word(level, said):
    after = level_after(level, said)
    assert after <= level if said and said[-1] else after >= level


@given(LEVELS, LEVELS, SAID)
def test_who_asks_for_rarer_things_never_gets_commoner_ones(one, other, said):
    low, high = sorted((one, other))
    assert level_after(low, said) <= level_after(high, said) or low == high


@given(LEVELS, SAID)
def test_one_more_bad_word_never_brings_more(level, said):
    assert level_after(level, [*said, False]) >= level_after(level, [*said, True])
