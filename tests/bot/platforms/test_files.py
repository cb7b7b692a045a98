"""Files that people send: on Telegram, on Discord and at the terminal."""

import asyncio

import discord
import pytest

from bot.commands.registry import COMMANDS
from bot.platforms.discord_commands import slash_tree
from bot.platforms.platform import AttachedError
from bot.platforms.terminal_files import attached_by
from tests.bot.platforms.discord_stage import discord_on
from tests.bot.platforms.discord_stage import talking as talking_discord
from tests.bot.platforms.telegram_stage import Notes, running, words
from tests.bot.platforms.test_discord_commands import Nobody
from tests.strict_discord.messages import File
from tests.strict_discord.stage import Stage
from tests.strict_telegram.server import StrictTelegram
from watchers.registry import CHAINS

CSV = b"address,label\nx,y\n"


class Reader:
    """A dispatcher that reads the file."""

    def __init__(self):
        self.heard: asyncio.Queue = asyncio.Queue()

    async def __call__(self, incoming):
        file = incoming.file
        told = (file.name, file.size, await file.read()) if file else None
        self.heard.put_nowait((incoming.text, told))
        return words("Read.")


@pytest.mark.parametrize("caption", ["", "/import", "look at this"])
async def test_a_file_in_a_telegram_chat_is_read(caption):
    reader = Reader()
    async with StrictTelegram() as server:
        ada = server.person("Ada")
        async with running(server, reader):
            await ada.sends(CSV, "list.csv", caption)
            async with asyncio.timeout(10):
                text, told = await reader.heard.get()
        assert told == ("list.csv", len(CSV), CSV)
        assert text in {"", "/import"}
        server.assert_clean()


async def test_a_file_in_direct_messages_is_read_on_discord(monkeypatch):
    async def read(attachment, **_):
        assert attachment.url.startswith("https://cdn.discordapp.com/")
        return CSV

    monkeypatch.setattr(discord.Attachment, "read", read)
    reader = Reader()
    async with Stage(identify_seconds=0.1) as stage:
        ada = stage.guild("Traders").member("Ada")
        platform = discord_on(stage, Notes())
        async with talking_discord(platform, reader):
            await stage.ready()
            ada.says("", File(5, "list.csv", CSV, "text/csv"))
            async with asyncio.timeout(10):
                _, told = await reader.heard.get()
    assert told == ("list.csv", len(CSV), CSV)


def test_discord_shows_a_field_for_the_file():
    client = discord.Client(intents=discord.Intents.none())
    tree = slash_tree(client, COMMANDS, CHAINS, Nobody())
    (told,) = (c.to_dict(tree) for c in tree.get_commands() if c.name == "import")
    kinds = {option["name"]: option["type"] for option in told["options"]}
    assert kinds == {"number": 4, "file": 11}


async def test_a_path_at_the_terminal_is_read(tmp_path):
    path = tmp_path / "my list.csv"
    path.write_bytes(CSV)
    for line in (f"/import {path}", f"import '{path}'"):
        file = attached_by(line)
        assert file is not None
        assert (file.name, file.size, await file.read()) == ("my list.csv", len(CSV), CSV)
    assert attached_by("/import") is None
    assert attached_by("/import 7") is None
    missing = attached_by(f"/import {tmp_path / 'none.csv'}")
    assert missing is not None
    with pytest.raises(AttachedError, match="I cannot read"):
        await missing.read()
