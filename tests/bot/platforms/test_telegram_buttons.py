"""Buttons on Telegram: every press is answered, in place or below."""

import asyncio
import time

import pytest

from bot.platforms.telegram_keyboard import render_keyboard
from storage.model import Button, Message, Picture, Text
from tests.bot.platforms.telegram_stage import chat_of, running, words
from tests.png import draw_png
from tests.strict_telegram.server import StrictTelegram

MUTE = Button("Mute", "mute 1h", token="s1:7")
MORE = Button("More", "stats 2", replaces=True, token="r1:8")


@pytest.fixture
async def server():
    async with StrictTelegram() as strict:
        yield strict
        strict.assert_clean()


def alert(*buttons, **more):
    return Message((Text("500 BTC moved"),), buttons=(buttons,), **more)


async def sent(server, platform, chat, message):
    """What the platform sends, as the server has it."""
    await platform.send(chat_of(chat), message)
    return await server.next_message(chat)


def answer_of(server):
    (query,) = server.queries.values()
    return query.answer


async def test_a_press_is_told_with_its_token_and_answered_below(server):
    ada = server.person("Ada")
    pressed = []

    async def muted(incoming):
        pressed.append((incoming.pressed, incoming.text, incoming.person))
        return words("Muted until 18:40", buttons=((Button("Undo", token="s1:9"),),))

    async with running(server, muted) as platform:
        original = await sent(server, platform, ada.chat, alert(MUTE))
        assert await ada.presses(original, "Mute") == "Muted until 18:40"
        below = await server.next_message(ada.chat)
    assert pressed == [("s1:7", "", str(ada.id))]
    assert (below.text, below.reply_to) == ("Muted until 18:40", original.id)
    assert below.buttons == [[("Undo", "s1:9")]]
    assert not original.edits


async def test_a_button_that_replaces_changes_its_message(server):
    ada = server.person("Ada")

    async def page(incoming):
        return words("Page 2", buttons=((Button("Back", token="r1:9"),),))

    async with running(server, page) as platform:
        original = await sent(server, platform, ada.chat, alert(MORE))
        assert await ada.presses(original, "More") == "Page 2"
        await server.until(lambda: original.edits)
    assert (original.text, original.buttons) == ("Page 2", [[("Back", "r1:9")]])
    assert server.messages(ada.chat) == [original]


async def test_pressing_what_changes_nothing_is_no_failure(server):
    ada = server.person("Ada")

    async def same(incoming):
        return alert(MORE)

    async with running(server, same) as platform:
        original = await sent(server, platform, ada.chat, alert(MORE))
        await ada.presses(original, "More")
        await server.until(lambda: any("not modified" in told for _, _, told in server.refusals))
        await ada.presses(original, "More")
    assert server.messages(ada.chat) == [original]


async def test_a_refusal_is_an_alert_that_only_the_presser_sees(server):
    group = server.group("Whales")
    ada = server.person("Ada")

    async def refused(incoming):
        lines = ((Text("Ask the owner for an invitation."),),)
        return Message((Text("You may not do that here."),), lines, refusal=True)

    async with running(server, refused) as platform:
        original = await sent(server, platform, group, alert(MUTE))
        shown = await ada.presses(original, "Mute")
    assert shown == "You may not do that here.\nAsk the owner for an invitation."
    assert answer_of(server)["show_alert"] is True
    assert server.messages(group) == [original]


async def test_a_long_verdict_is_cut_for_the_toast(server):
    ada = server.person("Ada")

    async def wordy(incoming):
        return words("word " * 200)

    async with running(server, wordy) as platform:
        original = await sent(server, platform, ada.chat, alert(MUTE))
        assert len(await ada.presses(original, "Mute")) <= 200
        await server.next_message(ada.chat)


async def test_a_press_without_an_answer_stops_waiting(server):
    ada = server.person("Ada")

    async def nothing(incoming):
        return None

    async with running(server, nothing) as platform:
        original = await sent(server, platform, ada.chat, alert(MUTE))
        assert await ada.presses(original, "Mute") == ""


@pytest.mark.parametrize("refusal", [False, True])
async def test_a_slow_press_stops_waiting_first(server, refusal):
    ada = server.person("Ada")
    release = asyncio.Event()

    async def slow(incoming):
        await release.wait()
        return words("Done", refusal=refusal)

    async with running(server, slow) as platform:
        original = await sent(server, platform, ada.chat, alert(MUTE))
        assert await ada.presses(original, "Mute") == ""
        release.set()
        assert (await server.next_message(ada.chat)).text == "Done"


async def test_a_press_behind_a_slow_answer_stops_waiting_at_once(server):
    ada = server.person("Ada")
    release = asyncio.Event()

    async def slow(incoming):
        if incoming.text:
            await release.wait()
        return words("Done" if incoming.text else "Pressed")

    async with running(server, slow) as platform:
        original = await sent(server, platform, ada.chat, alert(MUTE))
        await ada.says("/slow")
        await server.until(lambda: not server.updates.pending)
        assert await ada.presses(original, "Mute") == ""
        release.set()
        texts = [(await server.next_message(ada.chat)).text for _ in range(2)]
    assert texts == ["Done", "Pressed"]


async def test_a_press_in_a_topic_is_answered_there(server):
    forum = server.group("Forum", forum=True)
    thread = server.topic(forum, "Alerts")
    ada = server.person("Ada")

    async def done(incoming):
        return words(f"In {incoming.thread}")

    async with running(server, done) as platform:
        await platform.send(chat_of(forum, str(thread)), alert(MUTE))
        original = await server.next_message(forum)
        await ada.presses(original, "Mute")
        below = await server.next_message(forum)
    assert (below.text, below.thread) == (f"In {thread}", thread)


async def test_a_press_on_a_message_too_old_to_be_told_is_answered(server):
    ada = server.person("Ada")

    async def page(incoming):
        return words(f"Page {incoming.pressed}")

    async with running(server, page) as platform:
        original = await sent(server, platform, ada.chat, alert(MORE))
        original.deleted = True
        query = server.press(ada.user, original, "More")
        told = server.updates.pending[-1]["callback_query"]
        told["message"] = {"chat": ada.chat.as_json(), "message_id": original.id, "date": 0}
        await server.until(lambda: query.answer)
        assert (await server.next_message(ada.chat)).text == "Page r1:8"


async def test_a_press_that_waited_too_long_for_us_is_still_done(server):
    ada = server.person("Ada")

    async def done(incoming):
        return words("Done")

    async with running(server, done) as platform:
        original = await sent(server, platform, ada.chat, alert(MUTE))
        query = server.press(ada.user, original, "Mute")
        query.pressed_at = time.monotonic() - 3600
        assert (await server.next_message(ada.chat)).text == "Done"
        query.answer = {}


async def test_a_toast_that_fails_is_tried_again(server):
    ada = server.person("Ada")
    server.fail_next("answerCallbackQuery", 502)
    async with running(server) as platform:
        original = await sent(server, platform, ada.chat, alert(MUTE))
        assert await ada.presses(original, "Mute") == "You said s1:7"


async def test_a_text_becomes_a_picture_and_a_picture_gets_other_words(server):
    ada = server.person("Ada")
    chart = Picture(draw_png(200, 100), "a chart")
    answers = iter([alert(MORE, picture=chart), words("Plain again", buttons=((MORE,),))])

    async def change(incoming):
        return next(answers)

    async with running(server, change) as platform:
        original = await sent(server, platform, ada.chat, alert(MORE))
        await ada.presses(original, "More")
        await server.until(lambda: original.photo)
        assert original.caption == "500 BTC moved"
        await ada.presses(original, "More")
        await server.until(lambda: original.caption == "Plain again")
    assert original.photo == chart.png


def test_buttons_that_telegram_would_refuse_are_left_out():
    row = (
        Button("ok", token="s1:1"),
        Button("   ", token="s1:2"),
        Button("no token", "stats"),
        Button("long", token="s1:" + "1" * 62),
        Button("copy", copy="x" * 257),
        Button("link", url="javascript:alert(1)"),
    )
    keyboard = render_keyboard(Message((Text("x"),), buttons=(row,)))
    assert keyboard is not None
    assert [[key.text for key in row] for row in keyboard.inline_keyboard] == [["ok"]]
    assert render_keyboard(Message((Text("x"),), buttons=(row[1:],))) is None


def test_a_row_holds_eight_buttons_and_a_message_a_hundred():
    rows = (tuple(Button(str(number), token=f"s1:{number}") for number in range(130)),)
    keyboard = render_keyboard(Message((Text("x"),), buttons=rows))
    assert keyboard is not None
    sizes = [len(row) for row in keyboard.inline_keyboard]
    assert max(sizes) == 8
    assert sum(sizes) <= 100


def test_links_and_texts_to_copy_are_buttons_too():
    row = (Button("Explorer", url="https://example.org/tx/1"), Button("Address", copy="bc1q"))
    keyboard = render_keyboard(Message((Text("x"),), buttons=(row,)))
    assert keyboard is not None
    link, copy = keyboard.inline_keyboard[0]
    assert link.url == "https://example.org/tx/1"
    assert copy.copy_text is not None
    assert copy.copy_text.text == "bc1q"


async def test_what_is_brief_is_said_in_passing_alone(server):
    ada = server.person("Ada")

    async def seen(_):
        return words("✅ Acknowledged.", brief=True)

    async with running(server, seen) as platform:
        original = await sent(server, platform, ada.chat, alert(MUTE))
        assert await ada.presses(original, "Mute") == "✅ Acknowledged."
    assert len(server.messages(ada.chat)) == 1


async def test_a_refusal_that_comes_late_leaves_the_message_to_the_others(server):
    ada = server.person("Ada")

    async def slow(_):
        await asyncio.sleep(1.2)
        return words("Only an admin does that.", refusal=True)

    async with running(server, slow) as platform:
        original = await sent(server, platform, ada.chat, alert(MORE))
        assert await ada.presses(original, "More") == ""
        below = await server.next_message(ada.chat)
    assert below.text == "Only an admin does that."
    assert not original.edits
