"""The strict Discord server, driven by discord.py: what it takes and what it tells."""

from collections.abc import AsyncIterator

import pytest

from tests.strict_discord.stage import Stage
from tests.strict_discord.tests.small_bot import running


@pytest.fixture
async def discord() -> AsyncIterator[Stage]:
    async with Stage() as stage:
        yield stage


async def test_a_member_gives_a_command_and_is_answered(discord, channel, ada, monkeypatch):
    async with running(discord, monkeypatch):
        answer = await ada.command(channel, "hello", name="you", times=2)
    assert answer.text == "hello you hello you "
    assert answer.ephemeral
    assert not answer.deferred
    assert channel.messages == []


async def test_a_deferred_answer_comes_as_the_promised_message(discord, channel, ada, monkeypatch):
    async with running(discord, monkeypatch):
        answer = await ada.command(channel, "slow")
    assert answer.deferred
    assert answer.ephemeral
    assert answer.text == "slow"


async def test_a_button_changes_its_message(discord, channel, ada, monkeypatch):
    async with running(discord, monkeypatch):
        shown = await ada.command(channel, "keep")
        assert shown.message.buttons == [["Keep 7"]]
        answer = await ada.press(shown.message, "Keep…")
    assert answer.changed
    assert channel.texts == ["kept 7"]
    assert [old.text for old in answer.message.edits] == ["press"]


async def test_words_are_completed(discord, channel, ada, monkeypatch):
    async with running(discord, monkeypatch):
        offered = await ada.complete(channel, "word", focused="text", value="al")
    assert offered == ["Alpha", "Alps"]


async def test_the_bot_writes_into_a_channel(discord, channel, ada, monkeypatch):
    async with running(discord, monkeypatch) as bot:
        sent = await bot.get_partial_messageable(channel.id).send("hi", nonce="1")
        again = await bot.get_partial_messageable(channel.id).send("hi", nonce="1")
        await sent.edit(content="ho")
    assert sent.id == again.id
    assert channel.texts == ["ho"]
    assert discord.repeats == channel.messages
