"""The rules of the strict Telegram server, without the server: types, markup, pace, pictures."""

import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.png import PictureError, draw_png, measure_photo
from tests.strict_telegram.html import MarkupError, parse_html, trim, utf16_length
from tests.strict_telegram.limits import Limits, Pacer, Patience
from tests.strict_telegram.spec import Upload, load_spec, read


def problems(method, **raw):
    return load_spec().read_call(method, raw)[1]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({"text": "hi"}, "lacks 'chat_id'"),
        ({"chat_id": "1", "text": "hi", "colour": "red"}, "no field 'colour'"),
        ({"chat_id": "1", "text": "hi", "message_thread_id": "x"}, "must be Integer"),
        ({"chat_id": "1", "text": "hi", "message_thread_id": "true"}, "must be Integer"),
        ({"chat_id": "1", "text": "hi", "disable_notification": "maybe"}, "must be Boolean"),
        ({"chat_id": "1", "text": "hi", "disable_notification": "1"}, "must be Boolean"),
        ({"chat_id": "1", "text": "hi", "entities": "{}"}, "must be an array"),
        ({"chat_id": "1", "text": "hi", "reply_parameters": "7"}, "must be ReplyParameters"),
        ({"chat_id": "1", "text": "hi", "reply_parameters": "{}"}, "lacks 'message_id'"),
        ({"chat_id": "1", "text": "hi", "link_preview_options": "{"}, "LinkPreviewOptions"),
    ],
)
def test_a_parameter_that_the_description_does_not_allow_is_named(raw, problem):
    assert problem in "; ".join(problems("sendMessage", **raw))


@pytest.mark.parametrize(
    ("button", "problem"),
    [
        ({"text": "Go"}, None),
        ({"text": "Go", "callback_data": "ж" * 32}, None),
        ({"text": "Go", "callback_data": "ж" * 33}, "must have 1 to 64 bytes, not 66"),
        ({"text": "Go", "callback_data": ""}, "must have 1 to 64 bytes, not 0"),
        ({"text": "Go", "callback_data": 7}, "callback_data must be String"),
        ({"text": "Go", "copy_text": {"text": "x" * 257}}, "1 to 256 characters"),
        ({"text": "Go", "style": "pink"}, "must be danger or success or primary"),
        ({"label": "Go"}, "has no field 'label'"),
    ],
)
def test_a_button_is_checked_where_it_lies_in_the_keyboard(button, problem):
    markup = json.dumps({"inline_keyboard": [[{"text": "A", "callback_data": "a"}], [button]]})
    found = "; ".join(problems("sendMessage", chat_id="1", text="hi", reply_markup=markup))
    assert (problem in found and "inline_keyboard[1][0]" in found) if problem else not found


def test_a_union_is_told_apart_by_its_type_and_its_closest_member_speaks():
    scope = json.dumps({"type": "chat_member", "chat_id": -5, "user_id": 7})
    assert not problems("getMyCommands", scope=scope)
    wrong = json.dumps({"type": "chat_member", "chat_id": -5})
    assert problems("getMyCommands", scope=wrong)
    assert problems("getMyCommands", scope='{"type": "everywhere"}')


def test_form_fields_are_read_as_their_kinds_say():
    assert read("-1002", ["Integer", "String"]) == -1002
    assert read("@whales", ["Integer", "String"]) == "@whales"
    assert read("5", ["String"]) == "5"
    assert read("true", ["Boolean"]) is True
    assert read("[1]", ["Array of Integer"]) == [1]


def test_an_upload_needs_a_parameter_that_speaks_of_it():
    upload = Upload("a.png", b"")
    media = json.dumps([{"type": "photo", "media": "attach://one"}])
    assert not problems("sendMediaGroup", chat_id="1", media=media, one=upload)
    assert problems("sendMediaGroup", chat_id="1", media=media, two=upload)
    assert not problems("sendPhoto", chat_id="1", photo=upload)


def test_markup_becomes_text_and_entities_in_utf_16_units():
    text, entities = parse_html('🐋 <b>1 <i>BTC</i></b> <a href="https://x.io/?a=1&amp;b=2">tx</a>')
    assert text == "🐋 1 BTC tx"
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == [
        ("bold", 3, 5),
        ("italic", 5, 3),
        ("text_link", 9, 2),
    ]
    assert entities[2]["url"] == "https://x.io/?a=1&b=2"


def test_all_documented_tags_are_taken():
    for tag, kind in {"u": "underline", "s": "strikethrough", "code": "code", "pre": "pre"}.items():
        assert parse_html(f"<{tag}>x</{tag}>")[1][0]["type"] == kind
    assert parse_html("<tg-spoiler>x</tg-spoiler>")[1][0]["type"] == "spoiler"
    assert parse_html('<span class="tg-spoiler">x</span>')[1][0]["type"] == "spoiler"
    quote = parse_html("<blockquote expandable>a <code>b</code></blockquote>")[1]
    assert [entity["type"] for entity in quote] == ["expandable_blockquote", "code"]
    assert len(parse_html('<pre><code class="language-python">x</code></pre>')[1]) == 2


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("жж<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 4'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("a < b", "Character '<' must be escaped"),
        ("a & b", "Character '&' must be escaped"),
        ("&nbsp;", "Unsupported entity '&nbsp;'"),
        ("<b class=x>y</b>", 'Unsupported attribute "class"'),
        ('<a href="https://x.io>y</a>', "malformed attribute"),
        ('<a href="">y</a>', "A link needs an address"),
        ("<b><code>x</code></b>", "code can't be inside bold"),
        ("<code><b>x</b></code>", "bold can't be inside code"),
        ('<a href="https://x.io"><code>y</code></a>', "code can't be inside text_link"),
        ("<blockquote><blockquote>x</blockquote></blockquote>", "can't be inside blockquote"),
        ("<b>cut of", "end tag"),
        ("text <b", "must be escaped"),
    ],
)
def test_bad_markup_is_refused_with_its_place(source, reason):
    with pytest.raises(MarkupError) as refused:
        parse_html(source)
    assert reason in str(refused.value)


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text):
    assert parse_html(html.escape(text)) == (text, [])
    assert parse_html(f"<b>{html.escape(text)}</b>")[0] == text


@given(st.text(" \nab🐋"), st.text(" \nab🐋", min_size=1), st.text(" \nab🐋"))
def test_trimmed_text_keeps_its_entities_on_the_same_words(before, bold, after):
    text, entities = trim(*parse_html(f"{before}<b>{bold}</b>{after}"))
    assert text == (before + bold + after).strip()
    for entity in entities:
        units = text.encode("utf-16-le")
        start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        assert units[start:end].decode("utf-16-le") in bold
        assert end <= utf16_length(text) * 2


def waits(pacer, chat_id, times, *, group=False):
    return [pacer.wait_seconds(chat_id, group=group, count=1, now=now) for now in times]


def test_a_chat_takes_a_burst_and_then_one_message_a_second():
    pacer = Pacer(Limits())
    assert waits(pacer, 1, [0, 0, 0, 0, 0.5, 1, 1.5, 2]) == [0, 0, 0, 1, 1, 0, 1, 0]
    assert waits(pacer, 2, [2]) == [0]


def test_all_chats_together_take_thirty_messages_a_second():
    pacer = Pacer(Limits())
    assert not any(waits(pacer, chat_id, [chat_id / 100])[0] for chat_id in range(30))
    assert waits(pacer, 99, [0.5, 0.99]) == [1, 1]
    assert waits(pacer, 99, [1.0]) == [0]


def test_a_group_takes_twenty_messages_a_minute():
    pacer = Pacer(Limits())
    assert not any(waits(pacer, -5, range(0, 40, 2), group=True))
    assert waits(pacer, -5, [40], group=True) == [20]
    assert waits(pacer, -5, [60], group=True) == [0]


def test_an_album_counts_as_many_messages():
    pacer = Pacer(Limits(overall_per_second=10))
    assert pacer.wait_seconds(1, group=False, count=9, now=0) == 0
    assert pacer.wait_seconds(2, group=False, count=2, now=0) == 1


def test_who_was_told_to_wait_is_early_until_then():
    patience = Patience()
    patience.told(1, 3, now=10)
    assert not patience.is_early(1, now=10.4), "it was on its way"
    assert patience.is_early(1, now=12.9)
    assert not patience.is_early(2, now=12.9)
    assert not patience.is_early(1, now=13)
    patience.told(1, 3, now=20)
    patience.told(1, 3, now=22)
    assert patience.is_early(1, now=22.1), "two seconds after it was first told"
    assert patience.is_early(1, now=24.9)
    assert not patience.is_early(1, now=25)


def test_a_real_picture_is_measured():
    assert measure_photo(draw_png(60, 40)) == (60, 40)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "IMAGE_PROCESS_FAILED"),
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (draw_png(60, 40)[:-20], "IMAGE_PROCESS_FAILED"),
        (draw_png(60, 40).replace(b"\x00\x3c", b"\x00\x3d", 1), "IMAGE_PROCESS_FAILED"),
        (draw_png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (draw_png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (bytes(10 * 1024 * 1024 + 1), "Request Entity Too Large"),
    ],
    ids=["empty", "text", "cut", "damaged", "too large", "too long", "too heavy"],
)
def test_a_picture_that_telegram_would_not_show_is_refused(data, reason):
    with pytest.raises(PictureError, match=reason):
        measure_photo(data)
