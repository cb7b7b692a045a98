"""A small bot on discord.py, for the tests of this server itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

from tests.strict_discord.stage import Stage


class Keep(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"keep:(?P<n>\d+)"):
    """A button that outlives the process."""

    def __init__(self, number: int) -> None:
        super().__init__(discord.ui.Button(label=f"Keep {number}", custom_id=f"keep:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(cls, interaction, item, match):
        return cls(int(match["n"]))

    async def callback(self, interaction):
        await interaction.response.edit_message(content=f"kept {self.number}", view=None)


class SmallBot(discord.AutoShardedClient):
    """Answers a few commands, each in another way."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.tree = app_commands.CommandTree(self)
        self.failed: list[str] = []
        self.seen: list[str] = []
        _add_commands(self)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Keep)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for nothing: the stage says how long one must."""

    async def on_socket_event_type(self, event: str) -> None:
        self.seen.append(event)


def _add_commands(bot: SmallBot) -> None:
    @bot.tree.command(description="Answer at once")
    async def hello(interaction: discord.Interaction, name: str, times: int = 1) -> None:
        await interaction.response.send_message(f"hello {name} " * times, ephemeral=True)

    @bot.tree.command(description="Answer after a while")
    @app_commands.guild_only()
    async def slow(interaction: discord.Interaction, seconds: float = 0.0) -> None:
        await interaction.response.defer(ephemeral=True)
        await asyncio.sleep(seconds)
        await interaction.followup.send(embed=discord.Embed(title="slow"), ephemeral=True)

    @bot.tree.command(description="Show a button")
    async def keep(interaction: discord.Interaction) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(Keep(7))
        await interaction.response.send_message("press", view=view)

    @bot.tree.command(description="Complete a word")
    async def word(interaction: discord.Interaction, text: str) -> None:
        await interaction.response.send_message(text)

    @word.autocomplete("text")
    async def words(interaction: discord.Interaction, current: str):
        found = [each for each in ("alpha", "alps", "beta") if each.startswith(current)]
        return [app_commands.Choice(name=each.title(), value=each) for each in found]


@asynccontextmanager
async def running(
    stage: Stage, monkeypatch, intents: discord.Intents | None = None
) -> AsyncIterator[SmallBot]:
    """The bot, connected to the stage."""
    monkeypatch.setattr(discord.http.Route, "BASE", stage.api)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"{stage.gateway.url}/"))
    bot = SmallBot(intents)
    async with bot, asyncio.TaskGroup() as group:
        task = group.create_task(bot.start(stage.token))
        await stage.ready()
        yield bot
        await bot.close()
        with suppress(asyncio.CancelledError):
            await task
