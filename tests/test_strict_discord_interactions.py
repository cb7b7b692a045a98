"""Interactions on the strict Discord server: who may do what, and how it must be answered."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.strict_discord.caller import Caller, calling
from tests.strict_discord.stage import Stage

WORD = {
    "name": "word",
    "description": "d",
    "options": [
        {"type": 3, "name": "text", "description": "d", "required": True, "autocomplete": True},
        {"type": 4, "name": "count", "description": "d", "min_value": 1, "max_value": 9},
        {
            "type": 3,
            "name": "period",
            "description": "d",
            "choices": [{"name": "one day", "value": "24h"}],
        },
        {"type": 7, "name": "where", "description": "d"},
    ],
}
ALERTS = {
    "name": "alerts",
    "description": "d",
    "default_member_permissions": "32",
    "contexts": [0],
    "options": [{"type": 1, "name": "here", "description": "d"}],
}


@pytest.fixture
async def discord() -> AsyncIterator[Stage]:
    async with Stage(limits=False, identify_seconds=0) as stage:
        yield stage


@pytest.fixture
async def caller(discord) -> AsyncIterator[Caller]:
    async with calling(discord) as client:
        path = f"/applications/{discord.bot_id}/commands"
        assert (await client.call("PUT", path, [WORD, ALERTS]))[0] == 200
        yield client


@pytest.fixture
async def gate(caller):
    gate = await caller.connect()
    await gate.identify()
    return gate


@pytest.fixture
def channel(discord):
    return discord.guild("Traders").channel("alerts")


@pytest.fixture
def ada(discord):
    return discord.guild("Traders").member("Ada", manage_guild=True)


async def interaction_of(gate):
    return (await gate.until("INTERACTION_CREATE"))["d"]


async def respond(caller, told, body, **query):
    path = f"/interactions/{told['id']}/{told['token']}/callback"
    return await caller.call("POST", path, body, params=query)


async def follow_up(caller, told, body, method="POST", tail=""):
    path = f"/webhooks/{told['application_id']}/{told['token']}{tail}"
    return await caller.call(method, path, body)


async def give(ada, channel, name="word", **options):
    options = options or {"text": "x"}
    return await ada.command(channel, name, timeout=5, **options)


async def test_a_command_comes_with_its_options_and_rights(caller, gate, ada, channel):
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(
            give(ada, channel, text=" x ", count=3, period="one day", where=channel)
        )
        told = await interaction_of(gate)
        await respond(caller, told, {"type": 4, "data": {"content": "y", "flags": 64}})
    assert [(o["name"], o["value"]) for o in told["data"]["options"]] == [
        ("text", "x"),
        ("count", 3),
        ("period", "24h"),
        ("where", str(channel.id)),
    ]
    assert int(told["member"]["permissions"]) & 1 << 5
    assert int(told["app_permissions"]) & 1 << 11
    assert (told["context"], told["guild_id"]) == (0, str(channel.guild.id))
    assert (asked.result().text, asked.result().ephemeral) == ("y", True)


async def test_a_subcommand_is_an_option_around_its_options(caller, gate, ada, channel):
    async with asyncio.TaskGroup() as group:
        group.create_task(ada.command(channel, "alerts here"))
        told = await interaction_of(gate)
        await respond(caller, told, {"type": 4, "data": {"content": "y"}})
    assert told["data"]["options"] == [{"name": "here", "type": 1, "options": []}]


async def test_in_a_direct_message_there_is_a_user_and_no_member(caller, gate, ada):
    async with asyncio.TaskGroup() as group:
        group.create_task(give(ada, ada.dm))
        told = await interaction_of(gate)
        await respond(caller, told, {"type": 4, "data": {"content": "y"}})
    assert (told["context"], told["user"]["username"]) == (1, "ada")
    assert "member" not in told
    assert "guild_id" not in told


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"count": 3},
        {"text": 3},
        {"text": ""},
        {"text": "x", "count": 10},
        {"text": "x", "count": 0},
        {"text": "x", "count": "many"},
        {"text": "x", "count": True},
        {"text": "x", "period": "two days"},
        {"text": "x", "where": "alerts"},
        {"text": "x", "other": "y"},
    ],
)
async def test_what_cannot_be_filled_in_is_not_sent(gate, ada, channel, options):
    with pytest.raises(AssertionError, match="word"):
        await ada.command(channel, "word", timeout=1, **options)


async def test_commands_are_hidden_from_who_may_not_see_them(discord, gate, ada, channel):
    ben = channel.guild.member("Ben")
    with pytest.raises(AssertionError, match="not shown to Ben"):
        await ben.command(channel, "alerts here")
    with pytest.raises(AssertionError, match="not shown there"):
        await ada.command(ada.dm, "alerts here")
    with pytest.raises(AssertionError, match="there is no /nothing"):
        await ada.command(channel, "nothing", timeout=0.1)


async def test_administrators_can_open_a_command_to_all(caller, gate, channel):
    channel.guild.everyone_may_command = True
    ben = channel.guild.member("Ben")
    async with asyncio.TaskGroup() as group:
        group.create_task(ben.command(channel, "alerts here"))
        told = await interaction_of(gate)
        await respond(caller, told, {"type": 4, "data": {"content": "no"}})
    assert not int(told["member"]["permissions"]) & 1 << 5


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
            await ada.command(channel, "word", text="x", timeout=0.5)
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
        return await ada.complete(channel, "word", focused="text", value="b", timeout=0.5)
    except AssertionError:
        return []


async def test_only_what_is_completed_can_be_completed(gate, ada, channel):
    with pytest.raises(AssertionError, match="period is not completed"):
        await ada.complete(channel, "word", focused="period", value="x", text="y")


def rows(*labels, **more):
    buttons = [
        {"type": 2, "style": 2, "label": label, "custom_id": label} | more for label in labels
    ]
    return [{"type": 1, "components": buttons}]


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


async def test_buttons_that_are_not_there_or_not_for_all_cannot_be_pressed(
    caller, gate, ada, channel
):
    await caller.say(channel, content="x", components=rows("Why", disabled=True))
    with pytest.raises(AssertionError, match="disabled"):
        await ada.press(channel.messages[0], "Why")
    with pytest.raises(AssertionError, match="0 buttons 'Mute'"):
        await ada.press(channel.messages[0], "Mute")
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(give(ada, channel))
        told = await interaction_of(gate)
        data = {"content": "y", "flags": 64, "components": rows("Undo")}
        await respond(caller, told, {"type": 4, "data": data})
    ben = channel.guild.member("Ben")
    with pytest.raises(AssertionError, match="only who asked"):
        await ben.press(asked.result().message, "Undo")
    own = f"/channels/{channel.id}/messages/{asked.result().message.id}"
    assert (await caller.call("PATCH", own, {"content": "z"}))[1]["code"] == 10008
