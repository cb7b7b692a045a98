"""What the strict Telegram server refuses, with the words and status of the real one."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, InvalidToken

from tests.png import draw_png
from tests.strict_telegram.server import StrictTelegram


@pytest.fixture
async def server() -> AsyncIterator[StrictTelegram]:
    async with StrictTelegram() as strict:
        yield strict


@pytest.fixture
async def bot(server: StrictTelegram) -> AsyncIterator[Bot]:
    async with Bot(server.token, f"{server.base}/bot") as real:
        yield real


async def post(server, method, token=None, **given) -> tuple[int, dict[str, Any]]:
    """Call as a careless client would; the status and the body of the answer."""
    address = f"{server.base}/bot{token or server.token}/{method}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data={name: str(value) for name, value in given.items()}) as answer,
    ):
        return answer.status, await answer.json()


def rows(*counts):
    """A keyboard with so many buttons in each row."""
    button = {"text": "x", "callback_data": "x"}
    return json.dumps({"inline_keyboard": [[button] * count for count in counts]})


def one_button(**button):
    return json.dumps({"inline_keyboard": [[button]]})


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "lacks 'text'"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🐋" * 2049}, "message is too long"),
        ({"text": "<p>x</p>", "parse_mode": "HTML"}, "can't parse entities: Unsupported start tag"),
        ({"text": "<b>x</b>" * 101, "parse_mode": "HTML"}, "101 entities"),
        ({"text": "x", "reply_markup": rows(9)}, "reply markup is too long"),
        ({"text": "x", "reply_markup": rows(*[8] * 12, 5)}, "reply markup is too long"),
        ({"text": "x", "reply_markup": one_button(text="x")}, "it does 0 things"),
        ({"text": "x", "reply_markup": one_button(text=" ", callback_data="x")}, "non-empty"),
        ({"text": "x", "reply_markup": one_button(text="x", url="x.io")}, "Wrong HTTP URL"),
        ({"text": "x", "reply_markup": one_button(text="x", callback_data="x" * 65)}, "64 bytes"),
        ({"text": "x", "colour": "red"}, "no field 'colour'"),
    ],
)
async def test_a_text_that_could_never_be_sent_is_a_violation(server, given, reason):
    status, body = await post(server, "sendMessage", chat_id=server.person("Ada").id, **given)
    assert (status, body["error_code"], body["ok"]) == (400, 400, False)
    assert body["description"].startswith("Bad Request: ")
    assert reason in body["description"]
    assert reason in server.violations[0]
    with pytest.raises(AssertionError, match="sendMessage"):
        server.assert_clean()


async def test_what_just_fits_is_taken(server):
    ada = server.person("Ada")
    for given in (
        {"text": "x" * 4096},
        {"text": f"<b>{'x' * 4096}</b>  ", "parse_mode": "HTML"},
        {"text": "<b>x</b>" * 100, "parse_mode": "HTML"},
        {"text": "x", "reply_markup": rows(*[8] * 12, 4)},
    ):
        assert (await post(server, "sendMessage", chat_id=ada.id, **given))[0] == 200
    server.assert_clean()


@pytest.mark.parametrize(
    ("photo", "caption", "reason"),
    [
        (b"GIF89a", "", "Image_process_failed"),
        (draw_png(3000, 100), "", "Photo_invalid_dimensions"),
        (draw_png(60, 40), "x" * 1025, "Message caption is too long"),
        (draw_png(60, 40), "<b>", "Can't parse entities"),
        ("no-such-file", "", "Wrong file identifier"),
    ],
    ids=["no picture", "too long", "long caption", "bad caption", "unknown file"],
)
async def test_a_picture_that_could_never_be_sent_is_a_violation(
    server, bot, photo, caption, reason
):
    with pytest.raises(BadRequest, match=reason):
        await bot.send_photo(server.person("Ada").id, photo, caption, parse_mode="HTML")
    assert server.violations


async def test_an_album_has_two_to_ten_items_that_were_uploaded(server):
    chat_id = server.person("Ada").id
    one = {"type": "photo", "media": "attach://one"}
    for media, reason in [
        ([one], "2 to 10 items"),
        ([one] * 11, "2 to 10 items"),
        ([one] * 2, "file attach://one was not uploaded"),
    ]:
        answer = await post(server, "sendMediaGroup", chat_id=chat_id, media=json.dumps(media))
        assert reason in answer[1]["description"]
    assert len(server.violations) == 3


async def test_a_chat_action_must_be_one_that_exists(server):
    chat_id = server.person("Ada").id
    assert (await post(server, "sendChatAction", chat_id=chat_id, action="dancing"))[0] == 400
    assert server.violations


@pytest.mark.parametrize(
    "commands",
    [
        [{"command": "Stats", "description": "x"}],
        [{"command": "/stats", "description": "x"}],
        [{"command": "s" * 33, "description": "x"}],
        [{"command": "stats", "description": ""}],
        [{"command": "stats", "description": "x" * 257}],
        [{"command": f"c{number}", "description": "x"} for number in range(101)],
    ],
    ids=["upper case", "slash", "long name", "no words", "many words", "too many"],
)
async def test_a_menu_that_telegram_would_not_take_is_a_violation(server, commands):
    assert (await post(server, "setMyCommands", commands=json.dumps(commands)))[0] == 400
    assert server.violations
    assert not server.commands


async def test_only_known_methods_and_languages_are_taken(server):
    assert (await post(server, "sendMesage"))[0] == 404
    assert (await post(server, "getMyName"))[0] == 501
    assert (await post(server, "setMyDescription", language_code="deutsch"))[0] == 400
    assert len(server.violations) == 3


async def test_parameters_may_come_in_a_query_a_form_or_as_json(server):
    given = {"chat_id": server.person("Ada").id, "text": "hi"}
    address = f"{server.base}/bot{server.token}/sendMessage"
    async with aiohttp.ClientSession() as session:
        answers = [
            await session.post(address, params=given),
            await session.post(address, data=given),
            await session.post(address, json=given),
        ]
        assert [answer.status for answer in answers] == [200] * 3
        broken = await session.post(address, data="{", headers={"Content-Type": "application/json"})
        assert broken.status == 400
    assert [call.params["text"] for call in server.calls] == ["hi"] * 3


async def test_a_wrong_token_opens_nothing(server):
    assert (await post(server, "getMe", token="12345:other"))[0] == 401
    assert (await post(server, "getMe", token="nonsense"))[0] == 404
    with pytest.raises(InvalidToken):
        await Bot("12345:other", f"{server.base}/bot").initialize()


async def test_what_depends_on_the_chats_is_refused_without_blame(server, bot):
    ada, whales = server.person("Ada"), server.group("Whales")
    sent = await bot.send_message(ada.id, "same")
    stranger = server.person("Bob", started=False)
    for call, reason in [
        (bot.send_message(7, "x"), "Chat not found"),
        (bot.send_message("@nobody", "x"), "Chat not found"),
        (bot.send_message(whales.id, "x", message_thread_id=9), "Message thread not found"),
        (bot.send_message(ada.id, "x", reply_to_message_id=9), "Message to be replied not found"),
        (bot.edit_message_text("same", ada.id, sent.id), "Message is not modified"),
        (bot.edit_message_text("<b></b>same ", ada.id, sent.id, parse_mode="HTML"), "not modified"),
        (bot.edit_message_reply_markup(ada.id, sent.id), "Message is not modified"),
        (bot.edit_message_text("x", ada.id, 99), "Message to edit not found"),
        (bot.edit_message_caption(ada.id, sent.id, caption="x"), "no caption in the message"),
        (bot.delete_message(ada.id, 99), "Message to delete not found"),
        (bot.answer_callback_query("1"), "Query is too old"),
    ]:
        with pytest.raises(BadRequest, match=reason):
            await call
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(stranger.id, "x")
    assert len(server.refusals) == 12
    server.assert_clean()


async def test_a_closed_topic_takes_no_more(server, bot):
    whales = server.group("Whales", forum=True)
    alerts = server.topic(whales, "Alerts")
    await bot.send_message(whales.id, "x", message_thread_id=alerts)
    del whales.topics[alerts]
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(whales.id, "x", message_thread_id=alerts)


async def test_a_pressed_button_is_answered_once_and_in_time(server, bot):
    ada = server.person("Ada")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Mute 1 h", callback_data="m")]])
    await bot.send_message(ada.id, "x", reply_markup=markup)
    message = await server.next_message(ada.chat)
    press = asyncio.create_task(ada.presses(message, "Mute"))
    [update] = await bot.get_updates(timeout=10)
    assert update.callback_query is not None
    assert update.callback_query.data == "m"
    await update.callback_query.answer("Quiet")
    assert await press == "Quiet"
    with pytest.raises(BadRequest, match="Query is too old"):
        await update.callback_query.answer("Again")
    server.assert_clean()
    late = server.press(ada.user, message, "Mute")
    server.clock = lambda: late.pressed_at + 16
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(late.id)


async def test_an_unanswered_button_is_a_violation(server, bot):
    ada = server.person("Ada")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Mute", callback_data="m")]])
    await bot.send_message(ada.id, "x", reply_markup=markup)
    message = await server.next_message(ada.chat)
    with pytest.raises(AssertionError, match="0 buttons 'Why'"):
        await ada.presses(message, "Why")
    with pytest.raises(AssertionError, match="'Mute' was not answered"):
        await ada.presses(message, "Mute", timeout=0)
    with pytest.raises(AssertionError, match="'Mute' was never answered"):
        server.assert_clean()
