"""The platform's life: it is let in or not, is cut off, and goes on."""

import asyncio

import pytest

from bot.platforms import discord as platform_module
from bot.platforms.platform import PlatformRefusedError
from storage.model import Retry, Sent
from tests.bot.platforms.discord_stage import chat_in, discord_on, talking
from tests.bot.platforms.telegram_stage import Notes, echo, words
from tests.strict_discord.stage import Stage


@pytest.fixture
async def stage():
    async with Stage(identify_seconds=0.1) as stage:
        yield stage


@pytest.fixture
def channel(stage):
    return stage.guild("Traders").channel("alerts")


def said(channel):
    return [message.embeds[0]["title"] for message in channel.messages]


async def test_a_token_that_discord_refuses_ends_it_with_a_sentence(stage):
    platform = discord_on(stage, Notes(), token="a.wrong.token")
    with pytest.raises(PlatformRefusedError, match="DISCORD_TOKEN"):
        await platform.run(echo)


async def test_without_a_connection_messages_wait(stage, channel):
    platform = discord_on(stage, Notes())
    verdict = await platform.send(chat_in(channel), words("hello"), key="1")
    assert isinstance(verdict, Retry)


async def test_a_first_connection_that_fails_kills_nothing(stage, channel, monkeypatch):
    monkeypatch.setattr(platform_module, "_backoff_seconds", lambda _: 0.1)
    stage.fail_next("drop", operation="get_my_user", times=1)
    stage.fail_next("drop", operation="get_bot_gateway", times=1)
    stage.refuse_connections(1)
    async with talking(discord_on(stage, Notes())):
        await stage.ready(timeout=30)


async def test_commands_that_discord_takes_only_later_end_nothing(stage, channel, caplog):
    stage.fail_next(429, retry_after=60.0, operation="list_application_commands")
    platform = discord_on(stage, Notes())
    async with talking(platform):
        await stage.until(lambda: "takes the commands later" in caplog.text)
        assert isinstance(await platform.send(chat_in(channel), words("hello"), key="1"), Sent)


async def test_commands_are_not_told_over_a_login_that_has_ended(stage, monkeypatch, caplog):
    monkeypatch.setattr(platform_module, "_backoff_seconds", lambda _: 0.5)
    stage.fail_next("drop", operation="list_application_commands", times=2)
    async with talking(discord_on(stage, Notes())):
        await stage.until(lambda: "could not be told of the commands" in caplog.text)
        for socket in list(stage.gateway.sockets):
            socket.close(4004)  # the library takes that for the end of the client
        await stage.until(lambda: stage.commands)
        await stage.ready()


async def test_messages_leave_while_the_gateway_cannot_be_reached_and_the_owners_are_told(
    stage, channel
):
    notes = Notes()
    platform = discord_on(stage, notes, patience_seconds=0.5)
    async with talking(platform):
        await stage.ready()
        stage.refuse_connections(3)
        await stage.cut()
        assert isinstance(await platform.send(chat_in(channel), words("hello"), key="1"), Sent)
        await notes.until(lambda: notes.troubles)
        (trouble,) = notes.troubles
        assert trouble.startswith("Discord cannot be reached, trying on: since ")
        await stage.ready(timeout=30)
        assert notes.troubles == [trouble]
    assert said(channel) == ["hello"]


@pytest.mark.parametrize("how", ["cut", "ask_to_reconnect", "resume", "new session", "forgotten"])
async def test_a_cut_in_a_burst_loses_nothing_and_repeats_nothing(stage, channel, how):
    platform = discord_on(stage, Notes())
    async with talking(platform):
        await stage.ready()
        sending = [
            asyncio.create_task(platform.send(chat_in(channel), words(f"{n}"), key=f"{n}"))
            for n in range(5)
        ]
        match how:
            case "cut":
                await stage.cut()
            case "ask_to_reconnect":
                await stage.ask_to_reconnect()
            case "resume":
                await stage.invalidate(resumable=True)
            case "new session":
                await stage.invalidate()
            case _:
                stage.forget_sessions()
                await stage.cut()
        verdicts = await asyncio.gather(*sending)
        await stage.ready(timeout=30)
        assert isinstance(await platform.send(chat_in(channel), words("5"), key="5"), Sent)
    assert all(isinstance(verdict, Sent) for verdict in verdicts)
    assert sorted(said(channel)) == [f"{n}" for n in range(6)]
