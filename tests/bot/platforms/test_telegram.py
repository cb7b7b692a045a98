"""The Telegram platform, with the real library against the strict server: people talk to it."""

import asyncio
import time

import pytest

from bot.platforms.platform import Incoming
from storage.model import Message, Picture, Text
from tests.bot.platforms.telegram_stage import Notes, echo, platform_on, running, words
from tests.png import draw_png
from tests.strict_telegram.server import StrictTelegram


@pytest.fixture
async def server():
    async with StrictTelegram() as strict:
        yield strict
        strict.assert_clean()


class Listener:
    """A dispatcher that keeps what came, and answers like `echo`."""

    def __init__(self):
        self.heard: list[Incoming] = []

    async def __call__(self, incoming):
        self.heard.append(incoming)
        return await echo(incoming)


async def test_whatever_is_said_in_private_is_answered(server):
    ada = server.person("Ada", "de")
    listener = Listener()
    async with running(server, listener):
        await ada.says("hello <b>there</b>")
        message = await server.next_message(ada.chat)
    assert message.text == "You said hello <b>there</b>"
    assert message.html == "<b>You said hello &lt;b&gt;there&lt;/b&gt;</b>"
    person = str(ada.id)
    assert listener.heard == [
        Incoming(
            "telegram",
            person,
            person,
            "Ada",
            chat_title="Ada",
            language="de",
            text="hello <b>there</b>",
        )
    ]


async def test_what_came_while_nobody_listened_is_answered(server):
    ada = server.person("Ada")
    await ada.says("/one")
    await ada.says("/two")
    async with running(server):
        assert (await server.next_message(ada.chat)).text == "You said /one"
        assert (await server.next_message(ada.chat)).text == "You said /two"


async def test_an_answer_is_given_once_although_the_bot_starts_again(server):
    ada = server.person("Ada")
    await ada.says("/one")
    async with running(server):
        await server.next_message(ada.chat)
        await server.until(lambda: not server.updates.pending)
    async with running(server):
        await ada.says("/two")
        assert (await server.next_message(ada.chat)).text == "You said /two"


async def test_the_menu_shows_every_command(server):
    async with running(server):
        await server.until(lambda: server.descriptions.get(("short_description", "")))
    menu = [
        {"command": "start", "description": "Begin"},
        {"command": "watch", "description": "Watch an address"},
    ]
    assert server.commands["all_private_chats", ""] == menu
    assert server.commands["all_group_chats", ""] == menu
    assert server.menu_buttons[None] == {"type": "commands"}
    assert server.descriptions["description", ""]


async def test_a_menu_that_is_right_is_not_set_again(server):
    async with running(server):
        await server.until(lambda: server.descriptions.get(("short_description", "")))
    server.descriptions.clear()
    server.calls.clear()
    async with running(server):
        await server.until(lambda: server.descriptions.get(("short_description", "")))
    asked = {call.method for call in server.calls}
    assert "getMyCommands" in asked
    assert "setMyCommands" not in asked


async def test_a_command_with_the_bots_name_is_answered_in_a_group(server):
    group = server.group("Whales")
    ada = server.person("Ada")
    listener = Listener()
    async with running(server, listener):
        asked = await ada.says("/watch@spyhop_test_bot bc1q", chat=group)
        message = await server.next_message(group)
    assert message.text == "You said /watch bc1q"
    assert message.reply_to == asked
    (heard,) = listener.heard
    assert (heard.kind, heard.chat_title) == ("group", "Whales")
    assert (heard.chat, heard.person) == (str(group.id), str(ada.id))


async def test_what_is_not_meant_for_the_bot_is_left_alone_in_a_group(server):
    group = server.group("Whales")
    ada = server.person("Ada")
    server.set_bot_status(group, ada, "administrator")  # now it hears every word
    listener = Listener()
    async with running(server, listener):
        await ada.says("/watch@OtherBot bc1q", chat=group)
        await ada.says("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", chat=group)
        await ada.says("/last", chat=group)
        await server.next_message(group)
    assert [incoming.text for incoming in listener.heard] == ["/last"]


async def test_a_reply_to_the_bot_is_heard_in_a_group(server):
    group = server.group("Whales")
    ada = server.person("Ada")
    async with running(server):
        await ada.says("/threshold", chat=group)
        question = await server.next_message(group)
        await ada.says("500 BTC", chat=group, reply_to=question)
        assert (await server.next_message(group)).text == "You said 500 BTC"


async def test_the_answer_stays_in_its_topic(server):
    forum = server.group("Forum", forum=True)
    thread = server.topic(forum, "Alerts")
    ada = server.person("Ada")
    listener = Listener()
    async with running(server, listener):
        await ada.says("/start", chat=forum, thread=thread)
        assert (await server.next_message(forum)).thread == thread
        await ada.says("/start", chat=forum)
        assert (await server.next_message(forum)).thread is None
    assert [incoming.thread for incoming in listener.heard] == [str(thread), ""]


async def test_an_anonymous_administrator_is_the_group(server):
    group = server.group("Whales")
    listener = Listener()
    async with running(server, listener):
        await server.anonymous(group).says("/start", chat=group)
        await server.next_message(group)
    (heard,) = listener.heard
    assert (heard.person, heard.name) == (str(group.id), "anonymous admin")


async def test_an_edited_message_is_no_new_command(server):
    ada = server.person("Ada")
    listener = Listener()
    async with running(server, listener):
        number = await ada.says("/one")
        await server.next_message(ada.chat)
        edited = {**ada.chat.heard[number], "text": "/edited", "edit_date": int(time.time())}
        server.updates.push("edited_message", edited)
        await ada.says("/two")
        await server.next_message(ada.chat)
    assert [incoming.text for incoming in listener.heard] == ["/one", "/two"]


async def test_nothing_is_said_where_there_is_no_answer(server):
    ada = server.person("Ada")

    async def half(incoming):
        return await echo(incoming) if incoming.text == "/two" else None

    async with running(server, half):
        await ada.says("/one")
        await ada.says("/two")
        assert (await server.next_message(ada.chat)).text == "You said /two"


async def test_one_chat_is_answered_in_order_while_others_are_answered_too(server):
    ada, bob = server.person("Ada"), server.person("Bob")
    release = asyncio.Event()

    async def slow_for_ada(incoming):
        if incoming.text == "/slow":
            await release.wait()
        return await echo(incoming)

    async with running(server, slow_for_ada):
        await ada.says("/slow")
        await ada.says("/fast")
        await bob.says("/fast")
        await server.next_message(bob.chat)
        assert not server.messages(ada.chat)
        release.set()
        said = [(await server.next_message(ada.chat)).text for _ in range(2)]
    assert said == ["You said /slow", "You said /fast"]


async def test_a_slow_answer_is_preceded_by_typing(server):
    forum = server.group("Forum", forum=True)
    thread = server.topic(forum, "Alerts")
    release = asyncio.Event()

    async def slow(incoming):
        await release.wait()
        return await echo(incoming)

    def typing():
        return [call for call in server.calls if call.method == "sendChatAction"]

    async with running(server, slow):
        await server.person("Ada").says("/start", chat=forum, thread=thread)
        await server.until(typing)
        assert not server.messages(forum)
        release.set()
        await server.next_message(forum)
    assert typing()[0].params["message_thread_id"] == thread


async def test_a_pause_that_is_asked_for_while_typing_is_shown_is_kept(server):
    ada = server.person("Ada")
    release = asyncio.Event()

    async def slow(incoming):
        await release.wait()
        return await echo(incoming)

    server.fail_next("sendChatAction", 429, retry_after=2)
    async with running(server, slow):
        await ada.says("/start")
        await server.until(lambda: server.refusals)
        release.set()
        await server.next_message(ada.chat)
    server.assert_clean()


async def test_a_fault_in_one_answer_ends_no_other(server):
    ada = server.person("Ada")

    async def faulty(incoming):
        if incoming.text == "/bad":
            raise RuntimeError("a fault")
        return await echo(incoming)

    async with running(server, faulty):
        await ada.says("/bad")
        await ada.says("/good")
        assert (await server.next_message(ada.chat)).text == "You said /good"


async def test_a_picture_comes_with_its_words_and_a_name(server):
    ada = server.person("Ada")
    png = draw_png(200, 100)

    async def chart(incoming):
        lines = ((Text("per hour"),),)
        return Message((Text("Volume"),), lines, picture=Picture(png, "a chart"))

    async with running(server, chart):
        await ada.says("/chart")
        message = await server.next_message(ada.chat)
    assert message.photo == png
    assert message.caption == "Volume\nper hour"
    (call,) = (call for call in server.calls if call.method == "sendPhoto")
    assert call.params["photo"].name == "chart.png"


async def test_a_long_text_below_a_picture_goes_on_in_a_reply(server):
    ada = server.person("Ada")

    async def chart(incoming):
        lines = tuple((Text(f"line {number:04}"),) for number in range(200))
        return Message((Text("Volume"),), lines, picture=Picture(draw_png(200, 100), "a chart"))

    async with running(server, chart):
        await ada.says("/chart")
        photo = await server.next_message(ada.chat)
        rest = await server.next_message(ada.chat)
    assert photo.caption.startswith("Volume\nline 0000")
    assert rest.text.endswith("line 0199")
    assert rest.reply_to == photo.id


@pytest.mark.parametrize("status", [502, "drop"])
async def test_of_an_answer_in_parts_only_what_did_not_arrive_is_said_again(server, status):
    ada = server.person("Ada")

    async def chart(incoming):
        lines = tuple((Text(f"line {number:04}"),) for number in range(200))
        return Message((Text("Volume"),), lines, picture=Picture(draw_png(200, 100), "a chart"))

    server.fail_next("sendMessage", status, times=2)
    async with running(server, chart):
        await ada.says("/chart")
        photo = await server.next_message(ada.chat)
        rest = await server.next_message(ada.chat, timeout=30)
    assert rest.text.endswith("line 0199")
    assert rest.reply_to == photo.id
    assert [call.method for call in server.calls].count("sendPhoto") == 1


async def test_a_blocked_chat_is_parked_and_comes_back(server):
    ada = server.person("Ada")
    notes, listener = Notes(), Listener()
    async with running(server, listener, notes=notes):
        server.block(ada)
        await notes.until(lambda: notes.parked)
        server.unblock(ada)
        await ada.says("/start")
        await server.next_message(ada.chat)
        await notes.until(lambda: notes.returned)
    assert notes.parked == [(str(ada.id), "the bot was blocked")]
    assert notes.returned == [str(ada.id)]
    assert listener.heard[0].returned
    assert listener.heard[0].chat == str(ada.id)
    assert not listener.heard[1].returned


async def test_a_bot_put_out_of_a_group_and_let_in_again_is_noticed(server):
    group = server.group("Whales")
    ada = server.person("Ada")
    notes, listener = Notes(), Listener()
    async with running(server, listener, notes=notes):
        server.set_bot_status(group, ada, "kicked")
        await notes.until(lambda: notes.parked)
        server.set_bot_status(group, ada, "member")
        await server.next_message(group)
    assert notes.parked == [(str(group.id), "the bot may not write there")]
    assert [(heard.returned, heard.chat) for heard in listener.heard] == [(True, str(group.id))]


async def test_a_promotion_is_no_return(server):
    group = server.group("Whales")
    ada = server.person("Ada")
    listener = Listener()
    async with running(server, listener):
        server.set_bot_status(group, ada, "administrator")
        await ada.says("/start", chat=group)
        await server.next_message(group)
    assert [heard.returned for heard in listener.heard] == [False]


async def test_a_group_that_moves_is_followed(server):
    group = server.group("Whales", supergroup=False)
    notes = Notes()
    async with running(server, notes=notes):
        new = server.migrate(group)
        await notes.until(lambda: len(notes.moved) == 2)
    assert notes.moved == [(str(group.id), str(new.id))] * 2


async def test_an_answer_follows_the_group(server):
    group = server.group("Whales", supergroup=False)
    ada = server.person("Ada")
    notes = Notes()
    release = asyncio.Event()

    async def slow(incoming):
        await release.wait()
        return words("At last")

    async with running(server, slow, notes=notes):
        await ada.says("/start", chat=group)
        await server.until(lambda: server.updates.pending == [])
        new = server.migrate(group)
        release.set()
        assert (await server.next_message(new)).text == "At last"
    assert (str(group.id), str(new.id)) in notes.moved


async def test_an_answer_to_a_chat_that_blocked_the_bot_parks_it(server):
    ada = server.person("Ada")
    notes = Notes()
    async with running(server, notes=notes):
        ada.chat.blocked = True
        await ada.says("/start")
        await notes.until(lambda: notes.parked)
    assert notes.parked == [(str(ada.id), "Forbidden: bot was blocked by the user")]


@pytest.mark.parametrize("status", [502, 429, "drop"])
async def test_an_answer_is_tried_until_it_is_said(server, status):
    ada = server.person("Ada")
    server.fail_next("sendMessage", status, retry_after=1, times=2)
    async with running(server):
        await ada.says("/start")
        assert (await server.next_message(ada.chat, timeout=30)).text == "You said /start"


async def test_an_invitation_is_a_link_once_the_bot_knows_its_name(server):
    assert not platform_on(server).invitation_url("q3Zk9")
    ada = server.person("Ada")
    async with running(server) as platform:
        await ada.says("hello")
        await server.next_message(ada.chat)
        assert platform.invitation_url("q3Zk9") == "https://t.me/spyhop_test_bot?start=q3Zk9"
