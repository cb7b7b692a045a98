"""Words on a picture: nothing that the font lacks, nothing beyond the rim."""

from hypothesis import given
from hypothesis import strategies as st

from charts.text import drawable, shortened, wrapped


def width(text: str) -> float:
    return len(text)


def test_what_the_font_lacks_is_left_out_or_spelt():
    assert drawable("🐋 1,200 ₿ moved") == "1,200 BTC moved"
    assert drawable("to 比特币 now") == "to ??? now"
    assert drawable("Zoë · naïve €5") == "Zoë · naïve €5"


def test_signs_that_turn_the_direction_or_hide_are_left_out():
    assert drawable("pay\u202eload\u202c\u200b\n next\tline") == "payload next line"


def test_a_line_breaks_behind_a_comma_rather_than_a_word_later():
    lines = wrapped("A busy day: 412k BTC moved, 1.8 times the usual", 32, 2, width)
    assert lines == ["A busy day: 412k BTC moved,", "1.8 times the usual"]


def test_what_does_not_fit_ends_in_an_ellipsis():
    assert wrapped("one two three four", 8, 2, width) == ["one two", "three …"]
    assert shortened("unbelievable", 6, width) == "unbel…"


@given(st.text(), st.integers(3, 40), st.integers(1, 3))
def test_no_line_is_too_wide_and_there_are_not_too_many(text, room, lines):
    result = wrapped(drawable(text), room, lines, width)
    assert len(result) <= lines
    assert all(width(line) <= room for line in result)
