"""How interactions must be answered on the strict Discord server."""

import asyncio

import pytest

from tests.strict_discord.tests.script import follow_up, give, interaction_of, respond, rows


async def test_who_promised_an_ephemeral_answer_gives_one(caller, gate, ada, channel):
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(give(ada, channel))
        told = await interaction_of(gate)
        await respond(caller, told, {"type": 5, "data": {"flags": 64}})
        await follow_up(caller, told, {"content": "y"}, "PATCH", "/messages/@original")
        await follow_up(caller, told, {"content": "z"})
    answer = asked.result()
    assert (answer.deferred, answer.ephemeral, answer.text) == (True, True, "y")
    assert channel.texts == ["z"]


async def test_the_first_follow_up_keeps_the_promise(caller, gate, ada, channel):
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(give(ada, channel))
        told = await interaction_of(gate)
        await respond(caller, told, {"type": 5})
        await follow_up(caller, told, {"content": "y", "flags": 64})
    assert (asked.result().ephemeral, channel.texts) == (False, ["y"])


async def test_a_response_is_returned_where_it_is_wanted(caller, gate, ada, channel):
    async with asyncio.TaskGroup() as group:
        group.create_task(give(ada, channel))
        told = await interaction_of(gate)
        body = {"type": 4, "data": {"content": "y"}}
        status, answer = await respond(caller, told, body, with_response="true")
    assert status == 200
    assert answer["resource"]["message"]["content"] == "y"


async def test_an_answer_after_three_seconds_is_a_violation(discord, caller, gate, ada, channel):
    with pytest.raises(AssertionError, match="no answer"):
        await ada.command(channel, "word", text="x", timeout=0.1)
    told = await interaction_of(gate)
    discord.advance(3.1)
    status, answer = await respond(caller, told, {"type": 5})
    assert (status, answer["code"]) == (404, 10062)
    with pytest.raises(AssertionError, match=r"Ada: /word: answered .* too late"):
        discord.assert_clean()
    discord.forgive("too late")


async def test_two_answers_are_a_violation(discord, caller, gate, ada, channel):
    async with asyncio.TaskGroup() as group:
        group.create_task(give(ada, channel))
        told = await interaction_of(gate)
        await respond(caller, told, {"type": 4, "data": {"content": "y"}})
        status, answer = await respond(caller, told, {"type": 4, "data": {"content": "y"}})
    assert (status, answer["code"]) == (400, 40060)
    with pytest.raises(AssertionError, match="already been acknowledged"):
        discord.assert_clean()
    discord.forgive("acknowledged")
    assert len(channel.messages) == 1


async def test_an_answer_of_which_nothing_was_heard_may_be_repeated(
    discord, caller, gate, ada, channel
):
    discord.fail_next(502, operation="create_interaction_response", accept=True)
    async with asyncio.TaskGroup() as group:
        group.create_task(give(ada, channel))
        told = await interaction_of(gate)
        body = {"type": 4, "data": {"content": "y"}}
        assert (await respond(caller, told, body))[0] == 502
        assert (await respond(caller, told, body))[1]["code"] == 40060
    discord.assert_clean()
    assert channel.texts == ["y"]


async def test_what_happens_during_a_cut_need_not_be_answered_in_time(
    discord, caller, gate, ada, channel
):
    await discord.cut()
    with pytest.raises(AssertionError, match="no answer"):
        await ada.command(channel, "word", text="x", timeout=0.1)
    discord.advance(4)
    again = await caller.connect("/resume")
    session = discord.gateway.begun[0].id
    await again.send(6, {"token": discord.token, "session_id": session, "seq": 2})
    told = await interaction_of(again)
    assert (await respond(caller, told, {"type": 5}))[1]["code"] == 10062
    discord.assert_clean()


async def test_no_answer_is_a_violation(discord, gate, ada, channel):
    with pytest.raises(AssertionError, match="no answer"):
        await ada.command(channel, "word", text="x", timeout=0.1)
    with pytest.raises(AssertionError, match="Ada: /word: never answered"):
        discord.assert_clean()
    discord.forgive("/word")
    discord.assert_clean()


async def test_thinking_for_ever_is_a_violation(discord, caller, gate, ada, channel):
    async with asyncio.TaskGroup() as group:
        group.create_task(_deferred(caller, gate))
        with pytest.raises(AssertionError, match="thinking for ever"):
            await ada.command(channel, "word", text="x", timeout=2)
    with pytest.raises(AssertionError, match="thinking for ever"):
        discord.assert_clean()
    discord.forgive("/word")


async def _deferred(caller, gate):
    await respond(caller, await interaction_of(gate), {"type": 5})


async def test_a_token_ends_after_a_quarter_of_an_hour(discord, caller, gate, ada, channel):
    async with asyncio.TaskGroup() as group:
        group.create_task(give(ada, channel))
        told = await interaction_of(gate)
        await respond(caller, told, {"type": 4, "data": {"content": "y"}})
    discord.advance(discord.token_seconds - 5)
    assert (await follow_up(caller, told, {"content": "z"}))[0] == 200
    discord.advance(10)
    status, answer = await follow_up(caller, told, {"content": "z"})
    assert (status, answer["code"]) == (401, 50027)


async def test_unknown_interactions_and_tokens_are_refused(caller, gate):
    told = {"id": "5", "token": "t", "application_id": caller.stage.bot_id}
    assert (await respond(caller, told, {"type": 5}))[1]["code"] == 10062
    assert (await follow_up(caller, told, {"content": "x"}))[1]["code"] == 10015


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ({"type": 8, "data": {"choices": [{"name": "a", "value": "a"}] * 25}}, True),
        ({"type": 8, "data": {"choices": [{"name": "a", "value": "a"}] * 26}}, False),
        ({"type": 8, "data": {"choices": [{"name": "a", "value": 3}]}}, False),
        ({"type": 8, "data": {"choices": [{"name": "a" * 101, "value": "a"}]}}, False),
        ({"type": 5}, False),
        ({"type": 4, "data": {"content": "x"}}, False),
    ],
)
async def test_completion_offers_up_to_25_choices(
    discord, caller, gate, ada, channel, answer, right
):
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(_complete(ada, channel))
        told = await interaction_of(gate)
        status, _ = await respond(caller, told, answer)
    assert told["type"] == 4
    assert told["data"]["options"][-1] == {
        "name": "text",
        "type": 3,
        "value": "b",
        "focused": True,
    }
    assert (status == 204, bool(asked.result())) == (right, right)
    assert bool(discord.violations) is not right
    discord.forgive("create_interaction_response|completing")


async def _complete(ada, channel):
    try:
        return await ada.complete(channel, "word", focused="text", value="b", timeout=2)
    except AssertionError:
        return []


@pytest.mark.parametrize("deferred", [True, False])
async def test_a_button_changes_its_message(caller, gate, ada, channel, deferred):
    await caller.say(channel, content="x", components=rows("Mute…", "Why"))
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(ada.press(channel.messages[0], "Mute"))
        told = await interaction_of(gate)
        assert (told["message"]["content"], told["data"]["custom_id"]) == ("x", "Mute…")
        changed = {"content": "muted", "components": []}
        if deferred:
            await respond(caller, told, {"type": 6})
            await follow_up(caller, told, changed, "PATCH", "/messages/@original")
        else:
            await respond(caller, told, {"type": 7, "data": changed})
    assert asked.result().changed
    assert channel.texts == ["muted"]
    assert channel.messages[0].buttons == []


async def test_a_button_may_be_answered_apart_after_a_deferred_change(caller, gate, ada, channel):
    await caller.say(channel, content="x", components=rows("Why"))
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(ada.press(channel.messages[0], "Why"))
        told = await interaction_of(gate)
        await respond(caller, told, {"type": 6})
        await follow_up(caller, told, {"content": "because", "flags": 64})
    answer = asked.result()
    assert (answer.text, answer.changed, answer.ephemeral) == ("because", False, True)
    assert channel.texts == ["x"]
