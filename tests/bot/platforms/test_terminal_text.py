import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.terminal_text import (
    Look,
    clean,
    clean_block,
    look_of,
    render_change,
    render_message,
    shows_links,
)
from storage.model import Button, Message, Text

PLAIN = Look()
FULL = Look(columns=40, styles=True, colours=True, links=True)
OURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;(?:id=[0-9-]+)?;[!-~]*\x1b\\")
STYLES = st.sampled_from(["plain", "bold", "italic", "code", "pre"])
FOREIGN = st.text() | st.text(alphabet="\x1b\x07\x9b\x9d[]8;0mJ\r\n\t\u202e\u2028\ud800a ")
RUNS = st.builds(Text, text=FOREIGN, style=STYLES, url=FOREIGN)
LINES = st.lists(RUNS, min_size=1, max_size=3).map(tuple)
BUTTONS = st.builds(Button, label=FOREIGN, url=FOREIGN)
MESSAGES = st.builds(
    Message, title=LINES, lines=st.lists(LINES, max_size=3).map(tuple), refusal=st.booleans()
)
LOOKS = st.builds(
    Look,
    columns=st.integers(0, 200),
    styles=st.booleans(),
    colours=st.booleans(),
    links=st.booleans(),
)


def said(*words: str) -> Message:
    return Message((Text(words[0]),), tuple((Text(word),) for word in words[1:]))


def steering(printed: str) -> list[str]:
    return [
        character
        for character in OURS.sub("", printed)
        if character != "\n" and unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
    ]


@given(MESSAGES, st.lists(BUTTONS, max_size=3), LOOKS)
def test_nothing_foreign_can_steer_the_terminal(message, buttons, look):
    numbered = list(enumerate(buttons, 1))
    printed = render_message(message, numbered, look) + render_change(message, look, "12:00")
    assert steering(printed) == []
    assert printed.encode()


@given(MESSAGES, st.booleans())
def test_a_pipe_gets_no_escape_sequence_at_all(message, colours):
    assert "\x1b" not in render_message(message, [], Look(colours=colours, links=True))


@given(FOREIGN)
def test_a_label_cannot_begin_a_line_of_its_own(label):
    assert len(clean(label).splitlines()) <= 1


def test_cleaning_keeps_what_people_write():
    assert clean("Zoë's 🐳 👩‍🚀 金庫") == "Zoë's 🐳 👩‍🚀 金庫"
    assert clean_block("a\n  b") == "a\n  b"


def test_marks_that_reorder_or_hide_text_are_removed():
    assert clean("bc1q\u202eevil\u200b\u2066x") == "bc1qevilx"


def test_the_title_comes_first_then_each_line():
    assert render_message(said("8 BTC moved", "A to B"), [], PLAIN) == "8 BTC moved\nA to B\n"


def test_the_title_is_bold_and_a_refusal_yellow():
    assert render_message(said("Yes"), [], FULL) == "\x1b[1mYes\x1b[0m\n"
    refusal = Message((Text("No"),), refusal=True)
    assert render_message(refusal, [], FULL) == "\x1b[33mNo\x1b[0m\n"


def test_without_colours_bold_stays_and_yellow_goes():
    look = Look(columns=40, styles=True)
    assert render_message(said("Yes"), [], look) == "\x1b[1mYes\x1b[0m\n"
    assert render_message(Message((Text("No"),), refusal=True), [], look) == "No\n"


def test_the_time_stands_before_the_title():
    assert render_message(said("8 BTC moved"), [], PLAIN, at="09:30") == "09:30 8 BTC moved\n"


def test_long_lines_are_wrapped_at_the_width_and_whole_in_a_pipe():
    message = said("T", "one two three four")
    wrapped = render_message(message, [], Look(columns=9)).splitlines()
    assert [line.rstrip() for line in wrapped] == ["T", "one two", "three", "four"]
    assert render_message(message, [], PLAIN) == "T\none two three four\n"


def test_a_word_longer_than_the_line_is_folded_not_cut():
    printed = render_message(said("T", "bc1q" * 5), [], Look(columns=8))
    assert printed.replace("\n", "") == "T" + "bc1q" * 5


def test_preformatted_text_stays_as_it_is():
    block = "name      amount\n  a            1"
    message = Message((Text("Table"),), ((Text(block, "pre"),),))
    assert render_message(message, [], Look(columns=8)) == f"Table\n{block}\n"


def test_square_brackets_and_colons_are_not_markup():
    assert render_message(said("[bold]x[/bold] :whale:"), [], FULL).count("[bold]x[/bold] :whale:")


def test_a_link_is_a_hyperlink_where_the_terminal_shows_them():
    message = Message((Text("T"),), ((Text("View", url="https://x.org/é\x07 a"),),))
    linked = render_message(message, [], FULL)
    assert re.search(r"\x1b\]8;id=[0-9-]+;https://x\.org/%C3%A9%20a\x1b\\.*View", linked)
    assert linked.endswith("\x1b]8;;\x1b\\\n")
    assert render_message(message, [], Look(columns=40, styles=True)).endswith("\nView\n")


def test_buttons_stand_in_one_line_with_their_numbers():
    buttons = [(7, Button("Mute…")), (8, Button("Watch sender"))]
    assert render_message(said("T"), buttons, PLAIN) == "T\n#7 Mute…  #8 Watch sender\n"


def test_a_button_is_never_broken_in_two():
    buttons = [(7, Button("Mute…")), (8, Button("Watch sender")), (9, Button("Details"))]
    printed = render_message(said("T"), buttons, Look(columns=26))
    assert printed == "T\n#7 Mute…  #8 Watch sender\n#9 Details\n"


def test_a_change_is_one_line_with_the_title_only():
    assert render_change(said("Confirmed", "more"), PLAIN, "09:30") == "09:30 ↻ Confirmed\n"


@pytest.mark.parametrize(
    ("environ", "shows"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM": "xterm-kitty"}, True),
        ({"WT_SESSION": "1"}, True),
        ({"VTE_VERSION": "7200"}, True),
        ({"VTE_VERSION": "4800"}, False),
        ({"VTE_VERSION": "x"}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/t,1,0"}, False),
        ({}, False),
    ],
)
def test_hyperlinks_are_used_only_where_they_are_known_to_work(environ, shows):
    assert shows_links(environ) is shows


def test_no_color_takes_the_colours_and_nothing_else():
    assert look_of({"NO_COLOR": "1", "TERM_PROGRAM": "iTerm.app"}, 80) == Look(
        columns=80, styles=True, colours=False, links=True, pictures="iterm2"
    )
    assert look_of({"NO_COLOR": ""}, 80).colours
