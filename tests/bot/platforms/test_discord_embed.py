"""Rendering for Discord: whatever is said arrives as it was said, and within the limits."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.platforms.discord_embed import TEXT_UNITS, TITLE_UNITS, render_embeds
from bot.platforms.discord_keyboard import render_components
from bot.platforms.discord_markdown import escape, is_link, render_line
from bot.platforms.foreign_text import clean_text, count_units
from detectors.model import Severity
from storage.model import Button, Message, Text
from tests.bot.platforms.discord_reader import read_markdown

ALPHABET = st.one_of(
    st.sampled_from(list(string.ascii_letters + "   \n\t\\*_~`|<>@#:-+.()[]!1/\u202e\u200b🐋₿")),
    st.characters(),
)
TEXTS = st.one_of(
    st.text(ALPHABET, max_size=30),
    st.sampled_from([
        "@everyone", "<@1234>", "<#12>", "</watch:1>", "<t:1:R>", ":100:", "- a", "1. a", "# a",
        "https://evil.example", "[x](https://evil.example)", "||s||", "```", "> q", "a_b_c", "**",
    ]),
    st.builds(lambda text, times: text * times, st.text(ALPHABET, max_size=9), st.integers(1, 400)),
)  # fmt: skip
URLS = st.sampled_from(["", "", "https://example.org/tx/1?a=(1)&b='\"<>*_", "javascript:alert(1)"])
STYLES = st.sampled_from(["plain", "bold", "italic", "code"])
RUNS = st.builds(Text, TEXTS, STYLES, URLS)
LINES = st.lists(RUNS, max_size=5).map(tuple)
ROUND = str.maketrans("[]", "()")
MESSAGES = st.builds(Message, LINES, st.lists(LINES, max_size=8).map(tuple))


def shown(line):
    """What a reader is to see of a line; backticks end code."""
    pieces = []
    for run in line:
        text = clean_text(run.text)
        if run.style in {"code", "pre"}:
            text = text.replace("`", "\u02cb")
        pieces.append(text)
    return legible("".join(pieces))


def legible(text):
    """What counts of a text: brackets are round in links, which they would end."""
    return "".join(text.replace("\u200b", "").split()).translate(ROUND)


@given(LINES)
@example((Text("a", "bold"), Text("b", "italic"), Text("c", "code"), Text("d", "code")))
@example((Text("a", "bold"), Text("b", "bold"), Text("*", "italic")))
@example((Text("https://example.org", url="https://example.org"),))
@example((Text(":"), Text("0", url="https://example.org")))
@example(
    (
        Text("-", "plain"),
        Text(" x"),
    )
)
@example((Text(":"), Text("0", url="no link"), Text("0", url="https://example.org/tx")))
def test_a_line_is_seen_as_it_was_said(line):
    seen = read_markdown(render_line(line))
    assert legible(seen.text) == shown(line)


@given(LINES)
def test_foreign_text_makes_no_mention_no_link_and_no_emphasis(line):
    allowed = {"plain": set(), "bold": {"strong"}, "italic": {"em"}, "code": {"code"}}
    expected = set().union(*(allowed[run.style] for run in line)) if line else set()
    linked = any(is_link(run.url) for run in line)
    for rule, what in read_markdown(render_line(line)).marks:
        if rule in {"link", "to", "autolink"}:
            assert linked, what
        else:
            assert rule in expected, (rule, what)


@given(TEXTS)
def test_escaped_text_has_no_marks_within_a_line(text):
    seen = read_markdown("a" + escape(clean_text(text)))
    assert seen == ("a" + clean_text(text), [])


@given(MESSAGES)
@example(Message((), ((Text("x" * 5000),),)))
def test_every_part_is_within_the_limits_and_says_something(message):
    for embed in render_embeds(message):
        assert count_units(embed.title) <= TITLE_UNITS
        assert count_units(embed.description) <= 4096
        assert embed.title.strip() or embed.description.strip()


@given(MESSAGES)
@example(Message((Text("[", url="https://example.org"), Text("://", url="https://example.org"))))
def test_no_word_is_lost_between_the_parts(message):
    embeds = render_embeds(message)
    text = "".join(
        read_markdown(part).text
        for embed in embeds
        for part in (embed.title, embed.description.removeprefix(number_of(embed)))
    )
    said = shown(message.title) + "".join(map(shown, message.lines))
    assert legible(text) == (said or "…")


def number_of(embed):
    """The "(2/3)" above a part that continues another."""
    first, _, _ = embed.description.partition("\n")
    return first if first.startswith("(") and "/" in first and first.endswith(")") else ""


def test_a_short_title_is_the_embeds_and_a_long_or_linked_one_is_a_bold_line():
    (short,) = render_embeds(Message((Text("1 BTC", "bold"), Text(" moved")), ((Text("a"),),)))
    assert (short.title, short.description) == ("1 BTC moved", "a")
    (linked,) = render_embeds(Message((Text("tx", url="https://example.org"),)))
    assert (linked.title, linked.description) == ("", "[**tx**](https://example.org)")
    (long,) = render_embeds(Message((Text("word " * 60),)))
    assert long.title == ""
    assert long.description.startswith("**word word")


def test_parts_after_the_first_are_numbered_and_cut_at_words():
    embeds = render_embeds(Message((Text("T"),), ((Text("word_ " * 2000),),)))
    assert len(embeds) > 2
    assert embeds[1].description.startswith(f"(2/{len(embeds)})\nword")
    for embed in embeds:
        assert embed.description.endswith("word\\_")
        assert count_units(embed.description) > TEXT_UNITS / 2


def test_rows_of_a_table_are_one_block_and_cannot_end_it():
    table = ((Text("a   1", "pre"),), (Text("```  2", "pre"),))
    (embed,) = render_embeds(Message((Text("T"),), table))
    assert embed.description == "```\na   1\n\u02cb\u02cb\u02cb  2\n```"


def test_what_a_button_copies_is_shown_to_be_copied():
    message = Message((Text("T"),), buttons=((Button("Copy address", copy="bc1q"),),))
    (embed,) = render_embeds(message)
    assert embed.description == "Copy address: `bc1q`"
    assert render_components(message) == []


def test_nothing_at_all_is_still_a_message():
    assert [embed.description for embed in render_embeds(Message(()))] == ["…"]


@pytest.mark.parametrize("text", ["18:40", "1.5 BTC", "a-b", "(x)", "50 %", "5 > 4"])
def test_a_plain_row_reads_plainly(text):
    assert read_markdown(render_line((Text(text),))) == (text, [])


def test_more_buttons_than_discord_takes_are_left_out_and_none_twice():
    row = tuple(Button(f"B{n}", "/x", token=f"t{n}") for n in range(7))
    rows = render_components(Message((), buttons=(row, row, row[:1])))
    assert [len(each["components"]) for each in rows] == [5, 2]
    many = tuple((Button("B", "/x", token=f"t{n}"),) for n in range(9))
    assert len(render_components(Message((), buttons=many))) == 5


def test_buttons_that_discord_would_refuse_are_left_out():
    refused = (
        Button("", "/x", token="t"),
        Button("no token", "/x"),
        Button("too long", "/x", token="t" * 101),
        Button("no address", url="tg://user?id=1"),
        Button("long address", url="https://example.org/" + "x" * 600),
    )
    assert render_components(Message((), buttons=(refused,))) == []
    (row,) = render_components(Message((), buttons=((Button("L" * 90, url="https://e.org"),),)))
    assert row["components"] == [{"type": 2, "style": 5, "label": "L" * 80, "url": "https://e.org"}]


def test_the_colour_is_that_of_the_severity_in_every_part_and_nothing_else_has_one():
    lines = tuple((Text("word " * 100),) for _ in range(20))
    colors = [
        {embed.color for embed in render_embeds(Message((Text("A"),), lines, severity=severity))}
        for severity in (*Severity, None)
    ]
    assert all(len(each) == 1 for each in colors)
    assert len(set.union(*colors)) == 4
    assert colors[-1] == {0}
