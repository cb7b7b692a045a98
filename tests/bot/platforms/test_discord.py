"""What the platform says on Discord, and what becomes of it."""

import asyncio
import json

import pytest
from discord import http

from bot.platforms import discord_rest
from storage.model import Button, Gone, Message, Picture, Priority, Rejected, Retry, Sent, Text
from tests.bot.platforms.discord_stage import chat_in, chat_with, discord_on, talking
from tests.bot.platforms.telegram_stage import Notes, words
from tests.png import draw_png
from tests.strict_discord.stage import Stage

CHART = Picture(draw_png(40, 30), "Volume of a week")


@pytest.fixture
async def stage():
    async with Stage(identify_seconds=0.1) as stage:
        yield stage


@pytest.fixture
def channel(stage):
    return stage.guild("Traders").channel("alerts")


@pytest.fixture
def chat(channel):
    return chat_in(channel)


@pytest.fixture
def ada(stage):
    return stage.guild("Traders").member("Ada")


@pytest.fixture
def notes():
    return Notes()


@pytest.fixture
async def discord(stage, channel, ada, notes):
    platform = discord_on(stage, notes)
    async with talking(platform):
        await stage.ready()
        await notes.until(lambda: str(channel.id) in notes.returned)  # it looked at the server
        yield platform


def said(channel):
    return [message.embeds[0]["title"] for message in channel.messages]


async def test_an_alert_has_its_chart_and_its_buttons(discord, channel, chat):
    buttons = ((Button("Mute", "/mute", token="b1"), Button("Explorer", url="https://e.org/1")),)
    alert = Message((Text("1,204 BTC moved"),), ((Text("bc1q", "code"),),), buttons, CHART)
    verdict = await discord.send(chat, alert, key="7")
    (message,) = channel.messages
    assert verdict == Sent(str(message.id))
    assert message.embeds[0] | {"image": ""} == {
        "title": "1,204 BTC moved", "description": "`bc1q`", "image": "",
    }  # fmt: skip
    assert message.buttons == [["Mute", "Explorer"]]
    assert [(file.data, file.description) for file in message.files] == [
        (CHART.png, CHART.description)
    ]


async def test_people_are_told_in_direct_messages_and_in_threads(discord, channel, ada):
    thread = channel.thread("whales")
    await discord.send(chat_with(ada), words("hello"), key="1")
    await discord.send(chat_with(ada), words("again"), key="2")
    await discord.send(chat_in(thread), words("there"), key="3")
    assert said(ada.dm) == ["hello", "again"]
    assert said(thread) == ["there"]


async def test_what_is_silent_makes_no_sound_and_a_reply_points_at_what_it_speaks_of(
    discord, channel, chat
):
    first = await discord.send(chat, words("first", silent=True), key="1")
    await discord.send(chat, words("second"), answers=first.reference, key="2")
    await discord.send(chat, words("third"), answers="1174109841002594305", key="3")
    assert [bool(message.flags) for message in channel.messages] == [True, False, False]
    assert [message.reply_to for message in channel.messages] == [None, int(first.reference), None]


async def test_a_repeat_is_said_once_and_tells_what_is_so_by_then(discord, stage, channel, chat):
    first = await discord.send(chat, words("seen"), key="1")
    assert await discord.send(chat, words("seen"), key="1") == first
    assert await discord.send(chat, words("confirmed", picture=CHART), key="1") == first
    assert said(channel) == ["confirmed"]
    assert len(stage.repeats) == 2
    assert len(channel.messages[0].files) == 1


async def test_an_edit_changes_the_message_and_takes_parts_away_that_it_does_not_need(
    discord, channel, chat
):
    long = Message((Text("T"),), ((Text("word " * 1500),),), picture=CHART)
    sent = await discord.send(chat, long, key="1")
    assert len(sent.reference.split(",")) == 2
    edited = await discord.send(chat, words("short"), edits=sent.reference)
    assert edited == Sent(sent.reference.split(",")[0])
    assert said(channel) == ["short"]
    assert channel.messages[0].files == []


async def test_a_message_that_is_gone_is_gone(discord, channel, chat):
    sent = await discord.send(chat, words("one"), key="1")
    channel.messages[0].deleted = True
    assert isinstance(await discord.send(chat, words("two"), edits=sent.reference), Gone)


async def test_an_old_message_that_discord_keeps_from_changing_is_gone(
    discord, stage, channel, chat
):
    sent = await discord.send(chat, words("one"), key="1")
    stage.old_edits, stage.old_edits_seconds = 0, 60.0
    stage.advance(4000)
    assert isinstance(await discord.send(chat, words("two"), edits=sent.reference), Gone)


async def test_an_old_message_is_given_up_after_one_brief_wait(discord, stage, channel, chat):
    sent = await discord.send(chat, words("one"), key="1")
    stage.old_edits, stage.old_edits_seconds = 0, 0.05
    stage.advance(4000)
    assert isinstance(await discord.send(chat, words("two"), edits=sent.reference), Gone)
    assert len([call for call in stage.calls if call.operation == "update_message"]) == 2
    assert said(channel) == ["one"]


async def test_an_old_message_that_may_be_changed_in_a_moment_is(discord, stage, channel, chat):
    sent = await discord.send(chat, words("one"), key="1")
    stage.old_edits, stage.old_edits_seconds = 1, 0.5
    stage.advance(4000)
    for word in ("two", "three"):
        assert await discord.send(chat, words(word), edits=sent.reference) == sent
    assert said(channel) == ["three"]


async def test_a_closed_door_is_found_once(discord, stage, ada, notes):
    ada.close_dms()
    verdict = await discord.send(chat_with(ada), words("hello"), key="1")
    assert isinstance(verdict, Rejected)
    assert verdict.parks
    assert notes.troubles == []
    assert stage.invalid_requests == 1


async def test_a_permission_that_is_taken_parks_the_channel_and_its_return_revives_it(
    discord, channel, chat, notes
):
    notes.parked.clear()
    channel.deny("embed_links", "attach_files")
    await notes.until(lambda: notes.parked)
    assert notes.parked == [(chat.address, "the bot lacks permissions: give it Embed Links")]
    verdict = await discord.send(chat, words("hello"), key="1")
    assert isinstance(verdict, Rejected)
    assert verdict.parks
    assert "Embed Links" in verdict.reason
    assert "#alerts" in notes.troubles[0]
    notes.returned.clear()
    channel.allow("embed_links", "attach_files")
    await notes.until(lambda: notes.returned == [chat.address])


async def test_a_channel_that_takes_no_charts_is_told_of_alerts(
    discord, stage, channel, chat, notes
):
    channel.deny("attach_files")
    other = stage.guild("Traders").channel("closed")
    other.deny("embed_links")
    await notes.until(lambda: notes.parked)
    assert [address for address, _ in notes.parked] == [str(other.id)]
    assert isinstance(await discord.send(chat, words("hello", picture=CHART), key="1"), Sent)
    assert said(channel) == ["hello"]


async def test_a_deleted_channel_is_parked_with_its_threads(discord, channel, chat, notes):
    thread = channel.thread("whales")
    thread.archive()
    thread.unarchive()
    await notes.until(lambda: str(thread.id) in notes.returned)
    channel.delete()
    await notes.until(lambda: len(notes.parked) == 2)
    assert {address for address, _ in notes.parked} == {chat.address, str(thread.id)}
    assert "#alerts of “Traders”: it was deleted" in notes.troubles[0]
    assert "#whales of “Traders”: it was deleted" in notes.troubles[1]
    verdict = await discord.send(chat, words("hello"), key="1")
    assert verdict == Rejected("the channel does not exist any more", parks=True)


async def test_a_locked_thread_is_parked_and_one_that_sleeps_is_woken(discord, channel, notes):
    thread = channel.thread("whales")
    thread.archive()
    assert isinstance(await discord.send(chat_in(thread), words("wake"), key="1"), Sent)
    thread.archive(locked=True)
    await notes.until(
        lambda: (str(thread.id), "the thread is closed: open it again") in notes.parked
    )
    verdict = await discord.send(chat_in(thread), words("hello"), key="2")
    assert isinstance(verdict, Rejected)
    notes.returned.clear()
    thread.unarchive()
    await notes.until(lambda: str(thread.id) in notes.returned)


async def test_a_server_that_throws_the_bot_out_and_lets_it_in_again(discord, stage, chat, notes):
    notes.returned.clear()
    stage.guild("Traders").kick_bot()
    await notes.until(lambda: notes.parked)
    assert notes.parked == [(chat.address, "the bot was removed from the server")]
    stage.guild("Traders").invite_bot()
    await notes.until(lambda: chat.address in notes.returned)


async def test_an_outage_of_one_server_parks_nothing(discord, stage, chat, notes):
    notes.returned.clear()
    stage.guild("Traders").go_unavailable()
    assert isinstance(await discord.send(chat, words("hello"), key="1"), Retry)
    stage.guild("Traders").come_back()
    await notes.until(lambda: chat.address in notes.returned)
    assert notes.parked == []


@pytest.mark.parametrize("fault", [502, "drop"])
async def test_what_discord_took_before_it_failed_is_said_once(
    discord, stage, channel, chat, fault
):
    stage.fail_next(fault, operation="create_message", accept=True)
    verdict = await discord.send(chat, words("hello"), key="1")
    if isinstance(verdict, Retry):
        verdict = await discord.send(chat, words("hello"), key="1")
    assert isinstance(verdict, Sent)
    assert said(channel) == ["hello"]


async def test_an_answer_that_makes_no_sense_is_asked_for_again(discord, stage, channel, chat, ada):
    stage.fail_next(200, operation="create_message", accept=True)
    assert isinstance(await discord.send(chat, words("hello"), key="1"), Retry)
    assert isinstance(await discord.send(chat, words("hello"), key="1"), Sent)
    assert said(channel) == ["hello"]
    stage.fail_next(200, operation="create_dm")
    assert isinstance(await discord.send(chat_with(ada), words("hello"), key="2"), Retry)
    assert isinstance(await discord.send(chat_with(ada), words("hello"), key="2"), Sent)


async def test_a_damaged_answer_is_asked_for_again(discord, channel, chat, monkeypatch):
    async def damaged(answer):
        await answer.read()
        return json.loads('{"id": 1')

    monkeypatch.setattr(http, "json_or_text", damaged)
    assert isinstance(await discord.send(chat, words("hello"), key="1"), Retry)
    monkeypatch.undo()
    assert isinstance(await discord.send(chat, words("hello"), key="1"), Sent)
    assert said(channel) == ["hello"]


async def test_a_long_pause_holds_up_its_channel_only(discord, stage, channel, chat, ada):
    stage.fail_next(429, operation="create_message", retry_after=600.0)
    first = await discord.send(chat, words("hello"), key="1")
    assert isinstance(first, Retry)
    assert first.after_seconds > 590
    calls = len(stage.calls)
    again = await discord.send(chat, words("hello"), key="1")
    assert isinstance(again, Retry)
    assert len(stage.calls) == calls
    other = stage.guild("Traders").channel("other")
    assert isinstance(await discord.send(chat_in(other), words("hello"), key="2"), Sent)


async def test_a_server_that_does_not_answer_holds_nothing_up_for_long(
    discord, stage, channel, chat, monkeypatch
):
    monkeypatch.setattr(discord_rest, "ANSWER_SECONDS", 0.3)
    stage.go_silent("create_message")
    assert isinstance(await discord.send(chat, words("hello"), key="1"), Retry)
    stage.recover()
    monkeypatch.undo()
    assert isinstance(await discord.send(chat, words("hello"), key="1"), Sent)
    assert said(channel) == ["hello"]


async def test_bursts_stay_ahead_of_the_limits(discord, stage, chat):
    chats = [chat_in(stage.guild("Traders").channel(f"c{n}")) for n in range(60)]

    async def tell(where, n):
        await discord.turn(where, Priority.BROADCAST)
        assert isinstance(await discord.send(where, words(f"{n}"), key=f"{n}"), Sent)

    await asyncio.gather(*(tell(where, n) for n, where in enumerate([*chats, *[chat] * 6])))
    assert [call.status for call in stage.calls if call.status == 429] == []


async def test_no_request_passes_by_the_gate(stage, channel, chat, ada, notes):
    """Those of the login, the library's own repeats, and what leaves without a turn."""
    chats = [chat_in(stage.guild("Traders").channel(f"c{n}")) for n in range(120)]
    stage.fail_next(502, operation="create_message")
    platform = discord_on(stage, notes)
    async with talking(platform):
        await stage.until(lambda: any(c.operation == "get_bot_gateway" for c in stage.calls))
        sends = (platform.send(each, words("x"), key=f"{n}") for n, each in enumerate(chats))
        verdicts = await asyncio.gather(*sends)
    assert all(isinstance(verdict, Sent) for verdict in verdicts)
    assert [call.status for call in stage.calls if call.status == 429] == []
    times = [call.time for call in stage.calls]
    assert max(sum(at <= other < at + 1 for other in times) for at in times) <= 50


async def test_many_people_are_told_although_discord_opens_few_private_channels_at_a_time(
    discord, stage, monkeypatch
):
    monkeypatch.setattr(discord_rest, "OPENING_SECONDS", 0.2)
    people = [stage.guild("Traders").member(f"P{n}") for n in range(32)]

    async def tell(person):
        await discord.turn(chat_with(person), Priority.PERSONAL)
        return await discord.send(chat_with(person), words("hello"), key=f"{person.id}")

    verdicts = await asyncio.gather(*map(tell, people))
    late = [p for p, verdict in zip(people, verdicts, strict=True) if isinstance(verdict, Retry)]
    assert late
    await stage.until(
        lambda: sum(call.operation == "create_dm" for call in stage.calls) == 32, timeout=20
    )
    assert all(isinstance(verdict, Sent) for verdict in await asyncio.gather(*map(tell, late)))
    assert [said(person.dm) for person in people] == [["hello"]] * 32
    assert [call.status for call in stage.calls if call.status == 429] == []


async def test_a_message_of_which_a_part_arrived_is_gone_on_with(discord, stage, channel, chat):
    long = Message((Text("T"),), ((Text("word " * 1500),),))
    first, *_ = await asyncio.gather(
        discord.send(chat, long, key="1"), fail_after_the_first(stage, channel)
    )
    assert isinstance(first, Retry)
    assert first.reference == str(channel.messages[0].id)
    stage.advance(stage.nonce_seconds + 1)
    again = await discord.send(chat, long, edits=first.reference, key="1")
    assert isinstance(again, Sent)
    assert len(channel.messages) == 2


async def fail_after_the_first(stage, channel):
    """Tear the call that says the second part."""
    await stage.until(lambda: channel.messages)
    stage.fail_next("drop", operation="create_message")
