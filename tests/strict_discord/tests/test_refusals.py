"""What the strict Discord server refuses, each with Discord's own code, and what it counts."""

import base64
import io

import aiohttp
import pytest

from tests.png import draw_png
from tests.strict_discord.stage import Stage
from tests.strict_discord.tests.caller import AGENT, calling

PICTURE = draw_png(60, 40)


def form(**parts: bytes) -> aiohttp.FormData:
    data = aiohttp.FormData(quote_fields=False)
    for name, value in parts.items():
        if name == "payload_json":
            data.add_field(name, value.decode(), content_type="application/json")
        else:
            field = name.replace("_", "[") + "]"
            file = io.BytesIO(value)
            data.add_field(field, file, filename="chart.png", content_type="image/png")
    return data


def button(label="Why", custom_id: str | None = "why", **more):
    return {"type": 2, "style": 2, "label": label, "custom_id": custom_id} | more


def rows(*buttons):
    return [{"type": 1, "components": list(buttons)}]


WRONG = {
    "a title of 257": {"embeds": [{"title": "x" * 257}]},
    "a description of 4097": {"embeds": [{"description": "x" * 4097}]},
    "26 fields": {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]},
    "a field's name of 257": {"embeds": [{"fields": [{"name": "n" * 257, "value": "v"}]}]},
    "a field's value of 1025": {"embeds": [{"fields": [{"name": "n", "value": "v" * 1025}]}]},
    "a field without a value": {"embeds": [{"fields": [{"name": "n", "value": ""}]}]},
    "a footer of 2049": {"embeds": [{"title": "t", "footer": {"text": "x" * 2049}}]},
    "an author of 257": {"embeds": [{"title": "t", "author": {"name": "x" * 257}}]},
    "6001 over two embeds": {"embeds": [{"description": "x" * 4000}, {"description": "y" * 2001}]},
    "11 embeds": {"embeds": [{"title": "t"}] * 11},
    "an embed with nothing in it": {"embeds": [{"color": 1}]},
    "content of 2001": {"content": "x" * 2001},
    "6 rows": {"content": "x", "components": [r for n in range(6) for r in rows(button(f"{n}"))]},
    "6 buttons in a row": {
        "content": "x",
        "components": rows(*(button("b", f"id{n}") for n in range(6))),
    },
    "a custom_id of 101": {"content": "x", "components": rows(button(custom_id="x" * 101))},
    "a custom_id twice": {"content": "x", "components": rows(button("a"), button("b"))},
    "a label of 81": {"content": "x", "components": rows(button("x" * 81))},
    "a button without a custom_id": {"content": "x", "components": rows(button(custom_id=None))},
    "a button without a label": {"content": "x", "components": rows(button(label=None))},
    "an unknown field": {"content": "x", "colour": 3},
    "text where a number belongs": {"content": "x", "flags": "64"},
    "an ephemeral message": {"content": "x", "flags": 64},
    "a nonce of 26": {"content": "x", "nonce": "x" * 26},
    "a picture that is not attached": {
        "embeds": [{"title": "t", "image": {"url": "attachment://chart.png"}}]
    },
    "an attachment without its part": {
        "content": "x",
        "attachments": [{"id": "0", "filename": "chart.png"}],
    },
    "an answer to nothing": {"content": "x", "message_reference": {"message_id": "5"}},
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
async def test_a_wrong_body_is_refused_and_fails_the_stage(discord, channel, caller, body):
    status, told = await caller.say(channel, **body)
    assert (status, told["code"]) == (400, 50035)
    assert channel.messages == []
    with pytest.raises(AssertionError, match="create_message"):
        discord.assert_clean()
    discord.forgive("create_message")


RIGHT = {
    "all limits at once": {
        "content": "x" * 2000,
        "embeds": [{"title": "t" * 256, "fields": [{"name": "n", "value": "v" * 1024}] * 5}],
        "components": [
            row for n in range(5) for row in rows(*(button("b" * 80, f"{n}{m}") for m in range(5)))
        ],
    },
    "a link": {
        "content": "x",
        "components": rows(button(custom_id=None, style=5, url="https://a.org")),
    },
    "ids as numbers": {"content": "x", "allowed_mentions": {"users": [1], "parse": []}},
    "silence": {"content": "x", "flags": 1 << 12},
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
async def test_a_right_body_is_taken(channel, caller, body):
    status, _ = await caller.say(channel, **body)
    assert status == 200
    assert len(channel.messages) == 1


async def test_an_empty_message_is_refused(discord, channel, caller):
    status, told = await caller.say(channel, content=" ")
    assert (status, told["code"]) == (400, 50006)
    discord.forgive("empty message")


async def test_a_picture_is_attached_and_shown_in_the_embed(channel, caller):
    told = b'{"attachments": [{"id": 0, "filename": "chart.png", "description": "fees"}],'
    told += b'"embeds": [{"title": "t", "image": {"url": "attachment://chart.png"}}]}'
    path = f"/channels/{channel.id}/messages"
    data = form(payload_json=told, files_0=PICTURE)
    status, answer = await caller.call("POST", path, data=data)
    assert status == 200
    assert [file.data for file in channel.messages[0].files] == [PICTURE]
    attached = answer["attachments"][0]
    assert (attached["width"], attached["description"]) == (60, "fees")
    assert answer["embeds"][0]["image"]["url"] == attached["url"]


async def test_a_picture_that_is_none_is_refused(discord, channel, caller):
    data = form(payload_json=b'{"content": "x"}', files_0=b"no picture")
    status, _ = await caller.call("POST", f"/channels/{channel.id}/messages", data=data)
    assert status == 400
    discord.forgive("is no PNG")


async def test_a_file_may_have_ten_megabytes(discord, channel, caller):
    data = form(payload_json=b'{"content": "x"}', files_0=bytes(10 * 1024 * 1024 + 1))
    status, told = await caller.call("POST", f"/channels/{channel.id}/messages", data=data)
    assert (status, told["code"]) == (413, 40005)
    discord.forgive("too large")


async def test_files_of_a_message_are_kept_unless_an_edit_leaves_them_out(channel, caller):
    data = form(payload_json=b'{"content": "x"}', files_0=PICTURE)
    _, told = await caller.call("POST", f"/channels/{channel.id}/messages", data=data)
    path = f"/channels/{channel.id}/messages/{told['id']}"
    _, kept = await caller.call("PATCH", path, {"content": "y"})
    _, left = await caller.call("PATCH", path, {"attachments": []})
    assert (len(kept["attachments"]), len(left["attachments"])) == (1, 0)


async def test_only_json_bears_the_name_of_json(discord, channel, caller):
    headers = {"Content-Type": "application/json; charset=utf-8"}
    path = f"/channels/{channel.id}/messages"
    status, _ = await caller.call("POST", path, {"content": "x"}, headers=headers)
    assert status == 400
    discord.forgive("Content-Type")


async def test_what_is_no_json_is_refused(discord, channel, caller):
    headers = {"Content-Type": "application/json"}
    path = f"/channels/{channel.id}/messages"
    status, told = await caller.call("POST", path, data="{", headers=headers)
    assert (status, told["code"]) == (400, 50109)
    discord.forgive("invalid JSON")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/channels/1/nothing", 404),
        ("PUT", "/channels/1/messages", 404),
        ("GET", "/channels/abc", 400),
        ("GET", "/channels/1/messages?limit=1000", 400),
        ("GET", "/users/@me?x=1", 400),
        ("GET", "/guilds/1/audit-logs", 501),
    ],
)
async def test_an_address_that_is_wrong_or_missing_here_is_a_violation(
    discord, caller, method, path, status
):
    assert (await caller.call(method, path))[0] == status
    assert len(discord.violations) == 1
    discord.violations.clear()


async def test_a_wrong_token_is_refused_and_counted(discord, caller):
    assert (await caller.call("GET", "/users/@me", token="other"))[0] == 401
    assert discord.invalid_requests == 1


async def test_a_caller_without_a_name_is_a_violation(discord, caller):
    await caller.call("GET", "/users/@me", headers={"User-Agent": "python"})
    assert "User-Agent" in discord.violations[0]
    discord.violations.clear()


async def test_a_token_says_whose_it_is(discord):
    first = discord.token.split(".")[0]
    assert int(base64.urlsafe_b64decode(first + "==")) == discord.bot_id
    assert AGENT.startswith("DiscordBot (")


async def test_leaving_the_stage_fails_for_every_violation():
    with pytest.raises(AssertionError, match="no such address"):
        async with Stage() as stage, calling(stage) as caller:
            await caller.call("GET", "/nothing")


async def test_leaving_the_stage_does_not_hide_why_a_test_failed():
    with pytest.raises(AssertionError, match="404 == 200"):
        async with Stage() as stage, calling(stage) as caller:
            assert (await caller.call("GET", "/nothing"))[0] == 200
