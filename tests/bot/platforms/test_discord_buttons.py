"""Buttons on Discord: they work after a restart, and for those who may."""

import asyncio

import pytest

from storage.buttons import save_buttons
from storage.model import Button
from tests.bot.desk import ADDRESS
from tests.bot.platforms.discord_answering import (
    Scripted,
    answering,
    listening,
    no_completion,
    words,
)


async def test_a_button_changes_its_message_or_is_answered_below_it(discord, desk, channel, ada):
    async with answering(discord, desk, ada):
        await ada.command(channel, "alerts", do="here")
        shown = await ada.command(channel, "watch", address=ADDRESS)
        ended = await ada.press(shown.message, "Unwatch")
        undone = await ada.press(ended.message, "Undo")
    assert not ended.changed
    assert ended.ephemeral
    assert not undone.changed, "the others read what is told again"
    assert not undone.ephemeral
    assert "You are told again" in undone.text


@pytest.mark.usefixtures("_warm")
async def test_a_button_works_after_a_restart(discord, desk, channel, ada):
    async with answering(discord, desk, ada):
        chart = await ada.command(channel, "chart", kind="fees", timeout=30)
    async with answering(discord, desk, ada):
        volume = await ada.press(chart.message, "📊 Volume", timeout=30)
    assert volume.changed
    assert len(channel.messages) == 1


async def test_a_member_without_rights_who_presses_is_refused_alone(
    discord, desk, channel, ada, bob
):
    async with answering(discord, desk, ada):
        await ada.command(channel, "stats")  # admits the channel
    offer = words("A whale", buttons=((Button("Mute", "/mute 8h", replaces=True),),))
    async with listening(discord, Scripted(await with_tokens(desk, offer)), no_completion()):
        alert = await ada.command(channel, "stats")
    async with answering(discord, desk):
        answer = await bob.press(alert.message, "Mute")
    assert answer.ephemeral
    assert not answer.changed
    assert "A whale" in channel.texts[-1]


async def with_tokens(desk, message):
    return await desk.write(save_buttons, message, 0)


async def test_an_old_message_that_cannot_be_changed_is_answered_anew(discord, desk, channel, ada):
    offer = words("Old", buttons=((Button("More", "/stats 7d", replaces=True),),))
    dispatch = Scripted(await with_tokens(desk, offer), words("New"))
    async with listening(discord, dispatch, no_completion()):
        shown = await ada.command(channel, "stats")
        discord.fail_next(400, operation="create_interaction_response")
        answer = await ada.press(shown.message, "More")
    assert answer.text == "New"
    assert not answer.changed


async def test_a_slow_button_is_noted_at_once_and_changes_its_message_later(
    discord, desk, channel, ada
):
    offer = words("Old", buttons=((Button("More", "/stats 7d", replaces=True),),))
    dispatch = Scripted(await with_tokens(desk, offer), words("New"))
    async with listening(discord, dispatch, no_completion()):
        shown = await ada.command(channel, "stats")
        dispatch.free.clear()
        pressing = asyncio.create_task(ada.press(shown.message, "More"))
        await discord.until(lambda: len(dispatch.heard) == 2)
        await discord.until(lambda: list(discord.interactions.values())[1].callback is not None)
        dispatch.free.set()
        await pressing
        await discord.until(lambda: channel.texts == ["New"])


async def test_words_in_a_direct_message_are_answered_as_on_telegram(discord, desk, ada):
    async with answering(discord, desk, ada):
        ada.says(ADDRESS)
        said = await ada.dm.waits_for(lambda message: "A good Bitcoin address." in message.text)
        answer = await ada.press(said, "👁 Watch it")
    assert "Watching" in answer.text
    assert desk.interests.watching("bitcoin", ADDRESS)


async def test_a_list_is_shown_to_its_asker_and_what_they_change_in_it_to_all(
    discord, desk, channel, ada
):
    async with answering(discord, desk, ada):
        await ada.command(channel, "alerts", do="here")
        added = await ada.command(channel, "alerts", do="add", what="blocks")
        listed = await ada.command(channel, "alerts")
        one = await ada.press(listed.message, "⛏ 1…")
        before = len(channel.messages)
        changed = await ada.press(one.message, "🔈 silent")
    assert not added.ephemeral
    assert listed.ephemeral
    assert one.ephemeral
    assert not changed.ephemeral
    assert len(channel.messages) == before + 1
    assert "Rings: 🔈 silent" in channel.texts[-1]
