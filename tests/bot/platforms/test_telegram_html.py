"""Rendering for Telegram: whatever is said arrives as it was said, and within the limits."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.platforms.foreign_text import clean_text, count_units
from bot.platforms.telegram_html import (
    ENTITIES,
    TEXT_UNITS,
    is_link,
    plain_text,
    render_html,
)
from storage.model import Message, Text
from tests.strict_telegram.html import parse_html, utf16_length

# Words, markup, marks that hide or turn text, letters beyond 16 bits, and long runs.
ALPHABET = st.one_of(
    st.sampled_from(list(string.ascii_letters + "   \n\t<>&\"'/;#\u202e\u200b\u2066\u00ad🐋₿")),
    st.characters(),
)
TEXTS = st.one_of(
    st.text(ALPHABET, max_size=40),
    st.sampled_from(["&lt;b&gt;", "</b>", "<a href='x'>", "&amp;", "]]>", "<!--", "&#60;"]),
    st.builds(lambda text, times: text * times, st.text(ALPHABET, max_size=9), st.integers(1, 150)),
)
URLS = st.sampled_from(["", "", "https://example.org/tx/1?a=1&b='\"<>", "javascript:alert(1)"])
STYLES = st.sampled_from(["plain", "bold", "italic", "code", "pre"])
RUNS = st.builds(Text, TEXTS, STYLES, URLS)
LINES = st.lists(RUNS, max_size=4).map(tuple)
MANY_RUNS = st.integers(0, 150).map(lambda n: (Text("a", "code"), Text(" ")) * n)
MESSAGES = st.builds(Message, LINES, st.lists(st.one_of(LINES, MANY_RUNS), max_size=6).map(tuple))


def said(message):
    """What a message says, without the spaces that separate lines and parts."""
    runs = [run for line in (message.title, *message.lines) for run in line]
    return "".join("".join(clean_text(run.text) for run in runs).split())


def unmarked(parts):
    """The parts without the marks that number them, and without spaces."""
    bodies = [parts[0], *(part.split("\n", 1)[1] for part in parts[1:])]
    return "".join("".join(bodies).split())


@given(MESSAGES)
def test_whatever_is_said_comes_out_of_the_markup_again(message):
    parsed = [parse_html(part)[0] for part in render_html(message)]
    assert unmarked(parsed) == (said(message) or "…")


@example(Message((Text("\r" * 63), Text("0" * 6)), ((Text("a", "code"), Text(" ")) * 29,)), 100, 64)
@example(Message((Text("\r"),), ((Text("a", "code"), Text(" ")) * 33,)), 100, 64)
@given(MESSAGES, st.integers(100, TEXT_UNITS), st.sampled_from([0, 64, 1024]))
def test_no_part_exceeds_the_limits(message, limit, first):
    parts = [parse_html(part) for part in render_html(message, limit, first)]
    assert all(utf16_length(text) <= limit for text, _ in parts[1:])
    assert utf16_length(parts[0][0]) <= (first or limit)
    assert all(len(entities) <= ENTITIES for _, entities in parts)
    assert all(text.strip() for text, _ in parts)


@given(MESSAGES)
def test_plain_text_is_the_markup_as_it_is_read(message):
    for part in render_html(message):
        assert plain_text(part) == parse_html(part)[0]


@given(st.text())
def test_units_are_those_of_utf_16(text):
    kept = clean_text(text)
    assert count_units(kept) == utf16_length(kept)


def one(*lines):
    (part,) = render_html(Message((Text("Title"),), tuple(lines)))
    return part.removeprefix("<b>Title</b>\n")


def test_the_title_is_bold():
    title = (Text("🐋 500 BTC to "), Text("bc1q", "code"))
    assert render_html(Message(title)) == ["<b>🐋 500 BTC to </b><code>bc1q</code>"]


def test_foreign_text_is_escaped():
    assert one((Text("<b>Tom & Co</b>"),)) == "&lt;b&gt;Tom &amp; Co&lt;/b&gt;"


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\u00ad"])
def test_what_hides_or_turns_text_is_left_out(hidden):
    assert one((Text(f"Bin{hidden}ance"),)) == "Binance"


def test_a_label_cannot_add_a_line():
    assert one((Text("Binance\n✅ confirmed"),)) == "Binance ✅ confirmed"


def test_neighbouring_preformatted_lines_are_one_block():
    rows = [(Text("a 1", "pre"),), (Text("b 2", "pre"),), (Text("after"),)]
    assert one(*rows) == "<pre>a 1\nb 2</pre>\nafter"


def test_a_table_in_one_text_keeps_its_lines():
    assert one((Text("a 1\nb 2", "pre"),)) == "<pre>a 1\nb 2</pre>"


def test_a_bare_command_stays_plain_so_that_a_tap_sends_it():
    lines = ((Text("/stats", "code"),), (Text("/stats 7d", "code"),))
    assert render_html(Message((Text("Try"),), lines)) == [
        "<b>Try</b>\n/stats\n<code>/stats 7d</code>"
    ]


def test_a_link_is_not_code():
    address = Text("bc1q…x7k2", "code", url="https://example.org/?a=1&b=2")
    assert one((address,)) == '<a href="https://example.org/?a=1&amp;b=2">bc1q…x7k2</a>'


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://", "http:///x", "https://a b"])
def test_what_is_no_web_address_is_no_link(url):
    assert not is_link(url)
    assert one((Text("here", url=url),)) == "here"


def test_a_long_message_continues_in_numbered_parts_of_whole_lines():
    lines = tuple((Text(f"line {number:04}"),) for number in range(1000))
    parts = render_html(Message((Text("All"),), lines))
    assert [part.split("\n")[0] for part in parts[1:]] == ["(2/3)", "(3/3)"]
    assert [line for part in parts for line in part.split("\n") if line.startswith("line")] == [
        f"line {number:04}" for number in range(1000)
    ]


def test_a_line_too_long_is_cut_after_a_word():
    parts = render_html(Message((Text("word " * 2000),)))
    assert len(parts) == 3
    assert all(plain_text(part).endswith("word") for part in parts[:-1])


def test_a_long_text_below_a_picture_goes_on_in_a_message():
    lines = ((Text("short"),), (Text("x" * 1500),))
    first, second = render_html(Message((Text("Chart"),), lines), first=1024)
    assert first == "<b>Chart</b>\nshort"
    assert second == f"(2/2)\n{'x' * 1500}"
