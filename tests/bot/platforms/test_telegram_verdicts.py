"""What became of a delivery on Telegram: each outcome, from the real answer to the verdict."""

import asyncio

import pytest
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.outlet.pacer import Limits
from bot.platforms.telegram_verdicts import asked_seconds, parse_verdict
from storage.model import (
    Document,
    Gone,
    Message,
    Moved,
    Picture,
    Priority,
    Rejected,
    Retry,
    Sent,
    Text,
)
from tests.bot.platforms.telegram_stage import chat_of, platform_on, words
from tests.png import draw_png
from tests.strict_telegram.server import StrictTelegram

LONG = Message((Text("All"),), tuple((Text(f"line {n:04}"),) for n in range(1000)))
SHORT = words("Nothing left")


@pytest.fixture
async def server():
    async with StrictTelegram() as strict:
        yield strict


@pytest.fixture
def platform(server):
    return platform_on(server)


@pytest.fixture
def ada(server):
    return server.person("Ada")


async def test_what_arrived_is_sent_with_its_id(server, platform, ada):
    verdict = await platform.send(chat_of(ada.chat), words("Hello"))
    message = await server.next_message(ada.chat)
    assert verdict == Sent(str(message.id))
    assert not message.silent
    (call,) = server.calls
    assert call.params["link_preview_options"] == {"is_disabled": True}
    server.assert_clean()


async def test_what_is_silent_makes_no_sound(server, platform, ada):
    await platform.send(chat_of(ada.chat), words("Hello", silent=True))
    assert (await server.next_message(ada.chat)).silent


async def test_a_message_can_be_changed(server, platform, ada):
    sent = await platform.send(chat_of(ada.chat), words("Pending"))
    assert await platform.send(chat_of(ada.chat), words("Confirmed"), sent.reference) == sent
    (message,) = server.messages(ada.chat)
    assert message.text == "Confirmed"


async def test_a_change_to_the_same_is_sent(server, platform, ada):
    sent = await platform.send(chat_of(ada.chat), words("Pending"))
    assert await platform.send(chat_of(ada.chat), words("Pending"), sent.reference) == sent


async def test_a_message_that_is_gone_cannot_be_changed(server, platform, ada):
    sent = await platform.send(chat_of(ada.chat), words("Pending"))
    (await server.next_message(ada.chat)).deleted = True
    verdict = await platform.send(chat_of(ada.chat), words("Confirmed"), sent.reference)
    assert isinstance(verdict, Gone)


async def test_a_long_message_is_one_chain_that_is_changed_as_a_whole(server, platform, ada):
    sent = await platform.send(chat_of(ada.chat), LONG)
    first, second, third = server.messages(ada.chat)
    assert sent == Sent(f"{first.id},{second.id},{third.id}")
    assert (second.reply_to, third.reply_to) == (first.id, first.id)
    assert [message.silent for message in (first, second, third)] == [False, True, True]
    assert await platform.send(chat_of(ada.chat), SHORT, sent.reference) == Sent(str(first.id))
    assert [message.text for message in server.messages(ada.chat)] == ["Nothing left"]
    server.assert_clean()


async def test_a_change_that_is_longer_goes_on_in_new_messages(server, platform, ada):
    sent = await platform.send(chat_of(ada.chat), SHORT)
    grown = await platform.send(chat_of(ada.chat), LONG, sent.reference)
    ids = [str(message.id) for message in server.messages(ada.chat)]
    assert grown == Sent(",".join(ids))
    assert len(ids) == 3


async def test_a_picture_is_changed_with_its_words(server, platform, ada):
    pictures = [Picture(draw_png(width, 100), "a chart") for width in (100, 200)]
    charts = [words("Volume", picture=picture) for picture in pictures]
    sent = await platform.send(chat_of(ada.chat), charts[0])
    assert await platform.send(chat_of(ada.chat), charts[1], sent.reference) == sent
    (message,) = server.messages(ada.chat)
    assert message.photo == pictures[1].png
    server.assert_clean()


async def test_the_words_below_a_picture_are_changed(server, platform, ada):
    chart = words("Volume", picture=Picture(draw_png(100, 100), "a chart"))
    sent = await platform.send(chat_of(ada.chat), chart)
    verdict = await platform.send(chat_of(ada.chat), LONG, sent.reference)
    photo, *rest = server.messages(ada.chat)
    assert photo.caption.startswith("All\nline 0000")
    assert rest[-1].text.endswith("line 0999")
    assert verdict.reference.split(",")[0] == str(photo.id)


async def test_too_many_requests_come_again_when_telegram_says_so(server, platform, ada):
    server.fail_next("sendMessage", 429, retry_after=17)
    verdict = await platform.send(chat_of(ada.chat), words("Hello"))
    assert isinstance(verdict, Retry)
    assert 17 <= verdict.after_seconds < 18


async def test_too_many_requests_halt_every_chat(server, ada):
    platform = platform_on(server, limits=Limits(gap_seconds=0))
    bob = server.person("Bob")
    server.fail_next("sendMessage", 429, retry_after=1)
    loop = asyncio.get_running_loop()
    told_at = loop.time()
    await platform.send(chat_of(ada.chat), words("Hello"))
    await platform.turn(chat_of(bob.chat), Priority.ANSWER)
    assert loop.time() - told_at >= 1.0


async def test_in_a_long_pause_nothing_is_asked_and_all_comes_again_after_it(server, platform, ada):
    bob = server.person("Bob")
    server.fail_next("sendMessage", 429, retry_after=3600)
    await platform.send(chat_of(ada.chat), words("Hello"))
    asked = len(server.calls)
    await platform.turn(chat_of(bob.chat), Priority.ANSWER)
    verdict = await platform.send(chat_of(bob.chat), words("Hello"))
    assert isinstance(verdict, Retry)
    assert 3590 < verdict.after_seconds < 3602
    assert len(server.calls) == asked


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (b'{"ok":false,"parameters":{"retry_after":7}}', 7.5),
        (b'{"ok":false,"parameters":{}}', 0.0),
        (b'{"ok":false}', 0.0),
        (b'{"ok":false,"parameters":{"retry_after":"soon"}}', 0.0),
        (b"<html>Too Many Requests</html>", 0.0),
        (b"\xff", 0.0),
    ],
)
def test_the_pause_that_an_answer_asks_for_is_read(body, seconds):
    assert asked_seconds(body) == seconds


async def test_what_has_its_turn_already_waits_for_the_end_of_a_pause_too(server, platform, ada):
    """As many calls as may be under way are, so that one that had its turn could not leave."""
    server.latency_seconds = 0.5
    server.fail_next("sendMessage", 429, retry_after=3)
    refused = platform.send(chat_of(ada.chat), words("Hello"))
    others = [server.person(f"Person {number}").chat for number in range(29)]
    sent = [platform.send(chat_of(chat), words("Hello")) for chat in others]
    verdicts = await asyncio.gather(refused, *sent, platform.send(chat_of(ada.chat), words("!")))
    assert isinstance(verdicts[0], Retry)
    assert isinstance(verdicts[-1], Sent)
    server.assert_clean()


async def test_our_own_pace_meets_no_limit():
    async with StrictTelegram(limits=True) as server:
        platform = platform_on(server, limits=Limits())
        chats = [server.person(f"Person {number}").chat for number in range(40)]
        group = server.group("Whales")

        async def say(chat):
            await platform.turn(chat_of(chat), Priority.PERSONAL)
            return await platform.send(chat_of(chat), words("Hello"))

        verdicts = await asyncio.gather(*map(say, [*chats, group, group, group, chats[0]]))
        assert all(isinstance(verdict, Sent) for verdict in verdicts)
        assert server.refusals == []
        server.assert_clean()


async def test_a_long_message_waits_out_a_limit_and_says_its_first_part_once(server, platform, ada):
    sending = asyncio.create_task(platform.send(chat_of(ada.chat), LONG))
    await server.next_message(ada.chat)
    server.fail_next("sendMessage", 429, retry_after=1)
    await sending
    assert len(server.messages(ada.chat)) == 3
    server.assert_clean()


async def test_a_chat_that_blocked_the_bot_is_parked(server, platform, ada):
    server.block(ada)
    verdict = await platform.send(chat_of(ada.chat), words("Hello"))
    assert verdict == Rejected("Forbidden: bot was blocked by the user", parks=True)


async def test_an_unknown_chat_is_parked(server, platform, ada):
    del server.chats[ada.chat.id]
    verdict = await platform.send(chat_of(ada.chat), words("Hello"))
    assert verdict == Rejected("Chat not found", parks=True)


async def test_a_group_that_moved_tells_where(server, platform):
    group = server.group("Whales", supergroup=False)
    new = server.migrate(group)
    assert await platform.send(chat_of(group), words("Hello")) == Moved(str(new.id))


async def test_a_topic_that_is_gone_is_left_for_the_main_thread(server, platform):
    forum = server.group("Forum", forum=True)
    thread = server.topic(forum, "Alerts")
    del forum.topics[thread]
    assert isinstance(await platform.send(chat_of(forum, str(thread)), words("Hello")), Sent)
    assert (await server.next_message(forum)).thread is None


async def test_a_topic_is_kept(server, platform):
    forum = server.group("Forum", forum=True)
    thread = server.topic(forum, "Alerts")
    await platform.send(chat_of(forum, str(thread)), words("Hello"))
    assert (await server.next_message(forum)).thread == thread


@pytest.mark.parametrize("status", [500, 502, 503, "drop"])
@pytest.mark.parametrize("accept", [False, True])
async def test_what_nobody_knows_the_outcome_of_comes_again(server, platform, ada, status, accept):
    server.fail_next("sendMessage", status, accept=accept)
    verdict = await platform.send(chat_of(ada.chat), words("Hello"))
    assert isinstance(verdict, Retry)
    assert len(server.messages(ada.chat)) == int(accept)


async def test_markup_that_telegram_cannot_read_goes_out_plain(server, platform, ada, monkeypatch):
    broken = lambda message, first=0: ["<b>5 &lt; 6"]  # noqa: E731
    monkeypatch.setattr("bot.platforms.telegram_part.render_html", broken)
    assert isinstance(await platform.send(chat_of(ada.chat), words("5 < 6")), Sent)
    assert (await server.next_message(ada.chat)).text == "5 < 6"
    assert platform.plain_resends == 1


async def test_a_picture_that_telegram_refuses_is_rejected(server, platform, ada):
    chart = words("Volume", picture=Picture(b"no picture", "a chart"))
    verdict = await platform.send(chat_of(ada.chat), chart)
    assert isinstance(verdict, Rejected)
    assert not verdict.parks


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("photos", {"picture": Picture(draw_png(8, 8), "a chart")}),
        ("documents", {"document": Document(b"a", "list.csv", "a list")}),
    ],
)
async def test_where_only_words_are_allowed_the_words_are_said(server, platform, kind, shown):
    group = server.group("Whales")
    group.forbidden = {kind}
    verdict = await platform.send(chat_of(group), words("Volume", **shown))
    (message,) = server.messages(group)
    assert verdict == Sent(str(message.id))
    assert message.text == f"Volume\n🚫 Not enough rights to send {kind} to the chat"
    server.assert_clean()


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (BadRequest("Not enough rights to send text messages to the chat"), "parks"),
        (BadRequest("Message can't be edited"), Gone),
        (BadRequest("Something else"), Rejected),
        (NetworkError("Request Entity Too Large"), Rejected),
        (NetworkError("Bad Gateway"), Retry),
        (TimedOut(), Retry),
        (RetryAfter(3), Retry),
        (InvalidToken(), Retry),
    ],
)
def test_each_error_has_its_verdict(error, verdict):
    parsed = parse_verdict(error)
    if verdict == "parks":
        assert isinstance(parsed, Rejected)
        assert parsed.parks
    else:
        assert isinstance(parsed, verdict)
