"""Where the strict Discord server lets the bot write, and what it tells when that changes."""

import pytest

from tests.png import draw_png


async def edit(caller, channel, message_id, **body):
    path = f"/channels/{channel.id}/messages/{message_id}"
    return await caller.call("PATCH", path, body)


async def test_a_deleted_channel_is_unknown(channel, caller):
    thread = channel.thread("x")
    channel.delete()
    for place in (channel, thread):
        status, told = await caller.say(place, content="x")
        assert (status, told["code"]) == (404, 10003)


async def test_after_being_kicked_there_is_no_access_until_invited_again(guild, channel, caller):
    guild.kick_bot()
    assert (await caller.say(channel, content="x"))[1]["code"] == 50001
    guild.invite_bot()
    assert (await caller.say(channel, content="x"))[0] == 200


async def test_a_guild_that_discord_cannot_serve_answers_503(guild, channel, caller):
    guild.go_unavailable()
    assert (await caller.say(channel, content="x"))[0] == 503
    guild.come_back()
    assert (await caller.say(channel, content="x"))[0] == 200


@pytest.mark.parametrize(
    ("taken", "body", "code"),
    [
        ("view_channel", {"content": "x"}, 50001),
        ("send_messages", {"content": "x"}, 50013),
        ("embed_links", {"embeds": [{"title": "t"}]}, 50013),
    ],
)
async def test_each_permission_is_needed_for_its_own(channel, caller, taken, body, code):
    channel.deny(taken)
    status, told = await caller.say(channel, **body)
    assert (status, told["code"]) == (403, code)
    channel.allow(taken)
    assert (await caller.say(channel, **body))[0] == 200


async def test_files_need_a_permission_of_their_own(channel, caller):
    import aiohttp

    channel.deny("attach_files")
    data = aiohttp.FormData(quote_fields=False)
    data.add_field("payload_json", '{"content": "x"}')
    data.add_field("files[0]", draw_png(5, 5), filename="a.png")
    path = f"/channels/{channel.id}/messages"
    assert (await caller.call("POST", path, data=data))[1]["code"] == 50013
    assert (await caller.say(channel, content="x"))[0] == 200


async def test_threads_have_their_own_permission(channel, caller):
    thread = channel.thread("x")
    channel.deny("send_messages_in_threads")
    assert (await caller.say(thread, content="x"))[1]["code"] == 50013
    channel.deny("send_messages")
    channel.allow("send_messages_in_threads")
    assert (await caller.say(thread, content="x"))[0] == 200


async def test_writing_opens_an_archived_thread_but_no_locked_one(channel, caller):
    thread = channel.thread("x")
    thread.archive()
    _, sent = await caller.say(thread, content="x")
    assert not thread.archived
    thread.archive()
    assert (await edit(caller, thread, sent["id"], content="y"))[1]["code"] == 50083
    thread.archive(locked=True)
    assert (await caller.say(thread, content="x"))[1]["code"] == 160005


async def test_a_person_who_takes_no_messages_cannot_be_written_to(discord, guild, caller):
    ada = guild.member("Ada")
    _, told = await caller.call("POST", "/users/@me/channels", {"recipient_id": str(ada.id)})
    assert told["id"] == str(ada.dm.id)
    assert (await caller.say(ada.dm, content="x"))[0] == 200
    ada.close_dms()
    status, told = await caller.say(ada.dm, content="x")
    assert (status, told["code"]) == (403, 50007)
    ada.open_dms()
    guild.kick_bot()
    assert (await caller.say(ada.dm, content="x"))[1]["code"] == 50007


async def test_who_has_added_the_bot_needs_no_common_guild(discord, caller):
    assert (await caller.say(discord.person("Eve").dm, content="x"))[0] == 200


async def test_messages_that_are_gone_or_were_never_there_are_unknown(channel, caller):
    _, sent = await caller.say(channel, content="x")
    path = f"/channels/{channel.id}/messages/{sent['id']}"
    assert await caller.call("DELETE", path) == (204, None)
    assert channel.messages == []
    assert (await edit(caller, channel, sent["id"], content="y"))[1]["code"] == 10008
    assert (await edit(caller, channel, 77, content="y"))[1]["code"] == 10008


async def test_an_edit_keeps_what_it_does_not_name(channel, caller):
    _, sent = await caller.say(channel, content="x", embeds=[{"title": "t"}])
    await edit(caller, channel, sent["id"], content="y")
    assert channel.texts == ["y\nt"]
    assert [old.text for old in channel.messages[0].edits] == ["x\nt"]


async def test_a_refused_edit_leaves_the_message_as_it_was(discord, channel, caller):
    _, sent = await caller.say(channel, content="x")
    assert (await edit(caller, channel, sent["id"], content=""))[1]["code"] == 50006
    assert channel.texts == ["x"]
    assert channel.messages[0].edits == []
    discord.forgive("empty")


async def test_old_messages_are_edited_seldom(discord, channel, caller):
    discord.old_edits = 1
    _, sent = await caller.say(channel, content="x")
    assert (await edit(caller, channel, sent["id"], content="1"))[0] == 200
    assert (await edit(caller, channel, sent["id"], content="2"))[0] == 200
    discord.advance(3601)
    assert (await edit(caller, channel, sent["id"], content="3"))[0] == 200
    status, told = await edit(caller, channel, sent["id"], content="4")
    assert (status, told["code"]) == (429, 30046)
    discord.advance(told["retry_after"] + 0.01)
    assert (await edit(caller, channel, sent["id"], content="5"))[0] == 200


async def test_an_enforced_nonce_is_remembered_for_minutes(discord, guild, channel, caller):
    said = {"content": "x", "nonce": "n", "enforce_nonce": True}
    _, first = await caller.say(channel, **said)
    _, again = await caller.say(guild.channel("other"), **said)
    assert (again["id"], len(discord.repeats)) == (first["id"], 1)
    await caller.say(channel, content="x", nonce="n")
    discord.advance(discord.nonce_seconds + 1)
    await caller.say(channel, **said)
    assert len(channel.messages) == 3


async def test_the_bot_is_told_what_changes(discord, guild, channel, caller):
    gate = await caller.connect()
    await gate.identify()
    await gate.until("GUILD_CREATE")
    channel.thread("x").archive()
    channel.deny("send_messages")
    guild.member("Ada").may(manage_guild=True)
    channel.delete()
    guild.go_unavailable()
    guild.come_back()
    guild.kick_bot()
    guild.channel("unseen")
    guild.invite_bot()
    await gate.send(1, 0)
    seen = []
    while (payload := await gate.next())["op"] == 0:
        seen.append(payload["t"])
    assert seen == [
        *("THREAD_CREATE", "THREAD_UPDATE", "CHANNEL_UPDATE", "GUILD_ROLE_CREATE"),
        *("GUILD_ROLE_UPDATE", "CHANNEL_DELETE", "GUILD_DELETE", "GUILD_CREATE"),
        *("GUILD_DELETE", "GUILD_CREATE"),
    ]
