"""What people can do on the strict Discord server, and how the bot is told."""

import asyncio

import pytest

from tests.strict_discord.tests.script import give, interaction_of, respond, rows


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


async def test_only_what_is_completed_can_be_completed(gate, ada, channel):
    with pytest.raises(AssertionError, match="period is not completed"):
        await ada.complete(channel, "word", focused="period", value="x", text="y")


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
