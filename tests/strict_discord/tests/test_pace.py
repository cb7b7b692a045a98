"""The pace that the strict Discord server enforces, and the faults that a test may order."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.strict_discord.limits import MOST_INVALID, Pacer
from tests.strict_discord.stage import Stage
from tests.strict_discord.tests.small_bot import running


@pytest.fixture
async def discord() -> AsyncIterator[Stage]:
    async with Stage(identify_seconds=0) as stage:
        yield stage


async def test_the_sixth_message_in_five_seconds_waits(discord, channel, caller):
    path = f"/channels/{channel.id}/messages"
    answers = [await caller.full("POST", path, {"content": str(n)}) for n in range(6)]
    assert [status for status, _, _ in answers] == [200] * 5 + [429]
    remaining = [headers["X-RateLimit-Remaining"] for _, _, headers in answers]
    assert remaining == ["4", "3", "2", "1", "0", "0"]
    _, told, headers = answers[-1]
    assert 0 < told["retry_after"] <= 5
    assert told["global"] is False
    assert (headers["X-RateLimit-Scope"], "Via" in headers) == ("user", True)
    assert abs(float(headers["X-RateLimit-Reset"]) - discord.now() - told["retry_after"]) < 1
    assert discord.invalid_requests == 1
    discord.advance(told["retry_after"])
    assert (await caller.say(channel, content="6"))[0] == 200


async def test_channels_have_the_same_bucket_and_their_own_count(channel, caller):
    other = channel.guild.channel("other")
    for place in (channel, other):
        path = f"/channels/{place.id}/messages"
        _, _, headers = await caller.full("POST", path, {"content": "x"})
        assert headers["X-RateLimit-Remaining"] == "4"
        buckets = {headers["X-RateLimit-Bucket"]}
    assert len(buckets) == 1


async def test_calling_again_before_the_time_is_a_violation(discord, channel, caller):
    for number in range(6):
        await caller.say(channel, content=str(number))
    discord.advance(2)
    assert (await caller.say(channel, content="early"))[0] == 429
    with pytest.raises(AssertionError, match="before retry_after was over"):
        discord.assert_clean()
    discord.forgive("retry_after")


async def test_the_library_waits_for_its_turn_and_loses_nothing(discord, channel, monkeypatch):
    async with running(discord, monkeypatch) as bot:
        place = bot.get_partial_messageable(channel.id)
        async with asyncio.TaskGroup() as group:
            for number in range(7):
                group.create_task(place.send(str(number)))
    assert sorted(channel.texts) == [str(number) for number in range(7)]
    assert discord.invalid_requests == 0


def test_more_than_fifty_calls_a_second_are_too_many_except_for_interactions():
    pacer = Pacer()
    paths = [{"channel_id": str(number)} for number in range(51)]
    passes = [pacer.enter("create_message", path, 100.0) for path in paths]
    assert [each.wait_seconds for each in passes] == [0.0] * 50 + [1.0]
    assert passes[-1].everywhere
    assert passes[-1].headers["X-RateLimit-Scope"] == "global"
    answer = {"interaction_id": "1", "interaction_token": "t"}
    assert not pacer.enter("create_interaction_response", answer, 100.0).wait_seconds
    assert not pacer.enter("create_message", {"channel_id": "99"}, 101.0).wait_seconds


def test_ten_thousand_invalid_requests_are_a_ban():
    pacer = Pacer()
    banned = [pacer.count_answer(403, 1.0) for _ in range(MOST_INVALID)]
    assert banned.index(True) == MOST_INVALID - 1
    assert not pacer.count_answer(404, 602.0)
    assert pacer.counted_invalid == MOST_INVALID


async def test_a_fault_is_answered_as_often_as_ordered(discord, channel, caller):
    discord.fail_next(502, times=2, operation="create_message")
    assert (await caller.call("GET", "/users/@me"))[0] == 200
    statuses = [(await caller.say(channel, content="x"))[0] for _ in range(3)]
    assert statuses == [502, 502, 200]
    assert len(channel.messages) == 1


async def test_a_fault_may_come_after_the_call_was_carried_out(discord, channel, caller):
    discord.fail_next("drop", operation="create_message", accept=True)
    with pytest.raises(aiohttp.ClientError):
        await caller.say(channel, content="x")
    assert channel.texts == ["x"]


async def test_silence_ends_with_recovery(discord, channel, caller):
    discord.go_silent("create_message")
    with pytest.raises(TimeoutError):
        await caller.call(
            "POST",
            f"/channels/{channel.id}/messages",
            {"content": "x"},
            timeout=aiohttp.ClientTimeout(total=0.2),
        )
    discord.recover()
    assert (await caller.say(channel, content="y"))[0] == 200
    assert channel.texts == ["y"]


async def test_an_ordered_429_may_be_for_all_calls(discord, channel, caller):
    discord.fail_next(429, retry_after=7.5, everywhere=True)
    _, told = await caller.say(channel, content="x")
    assert (told["retry_after"], told["global"]) == (7.5, True)


async def test_when_it_is_down_nothing_answers_until_it_recovers(discord, channel, caller):
    await discord.go_down()
    for attempt in (caller.say(channel, content="x"), caller.connect()):
        with pytest.raises(aiohttp.ClientError):
            await attempt
    discord.recover()
    assert (await caller.say(channel, content="x"))[0] == 200
    assert await caller.connect()


async def test_the_library_resends_what_met_a_502(discord, channel, monkeypatch):
    async with running(discord, monkeypatch) as bot:
        discord.fail_next(502, operation="create_message")
        await bot.get_partial_messageable(channel.id).send("x")
    assert channel.texts == ["x"]


async def test_what_is_said_twice_is_counted(discord, channel, caller):
    other = channel.guild.channel("other")
    for place, text in ((channel, "a"), (other, "a"), (channel, "b"), (channel, "a")):
        await caller.say(place, content=text)
    assert [(each.channel.name, each.text) for each in discord.doubles()] == [("alerts", "a")] * 2
    assert len(discord.messages("a")) == 3


async def test_every_call_is_on_record(discord, channel, caller):
    await caller.say(channel, content="x")
    await caller.say(channel.guild.channel("gone"), content="")
    calls = [(each.operation, each.status, each.code) for each in discord.calls]
    assert calls == [("create_message", 200, 0), ("create_message", 400, 50006)]
    assert discord.calls[0].body == {"content": "x"}
    assert abs(discord.calls[0].time - time.time()) < 60
    discord.forgive("empty")
