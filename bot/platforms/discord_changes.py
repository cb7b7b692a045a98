"""What Discord tells of servers, channels and threads, told to the keeper."""

from collections.abc import Iterable
from itertools import chain
from typing import TypeAlias

import discord

from bot.platforms.discord_permissions import missing_permissions
from bot.platforms.platform import Keeper

Channel: TypeAlias = discord.abc.GuildChannel | discord.Thread
_LEFT = "the bot was removed from the server"
_DELETED = "it was deleted"


class Changes:
    """Parks chats that cannot be written to any more, and revives those that can again."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def guild_came(self, guild: discord.Guild) -> None:
        """A server is there, or what the bot may do in it has changed."""
        await self.channels_changed(chain(guild.channels, guild.threads))

    async def guild_left(self, guild: discord.Guild) -> None:
        """Nothing can be said in any of its channels."""
        ids = [each.id for each in chain(guild.channels, guild.threads)]
        if any([await self._park(each, _LEFT) for each in ids]):
            await self._tell(f"Discord server “{guild.name}”", _LEFT, "add it again to go on")

    async def deleted(self, channel: int, title: str) -> None:
        """A channel or a thread is gone; the library tells of a channel's threads, too."""
        if await self._park(channel, _DELETED):
            await self._tell(title, _DELETED, "give /alerts here in another")

    async def channels_changed(self, channels: Iterable[Channel]) -> None:
        """What the bot may do in some channels may have changed."""
        able: list[str] = []
        for channel in channels:
            if reason := obstacle_in(channel):
                if await self._park(channel.id, reason):
                    await self._tell(title_of(channel), reason, "then I go on by myself")
            else:
                able.append(str(channel.id))
        if able:
            await self._keeper.on_returned(able)

    async def refused(self, channel: Channel | None, address: str, reason: str) -> str:
        """A message was refused: tell the owners once; the reason, better if we know one."""
        better = (channel and obstacle_in(channel)) or reason
        if await self._keeper.on_parked(address, better):
            where = title_of(channel) if channel else "a Discord channel"
            await self._tell(where, better, "then give any command there")
        return better

    async def _park(self, channel: int, reason: str) -> bool:
        return await self._keeper.on_parked(str(channel), reason)

    async def _tell(self, where: str, reason: str, remedy: str) -> None:
        await self._keeper.on_trouble(f"nothing can be told in {where}", f"{reason}; {remedy}")


def obstacle_in(channel: Channel) -> str:
    """Why the bot cannot write in a channel, as one that can be mended; "" where it can."""
    if isinstance(channel, discord.Thread) and channel.archived and channel.locked:
        return "the thread is closed: open it again"
    missing = missing_permissions(channel)
    return f"the bot lacks permissions: give it {', '.join(missing)}" if missing else ""


def title_of(channel: Channel) -> str:
    """A channel as its members know it, with its server."""
    return f"#{channel.name} of “{channel.guild.name}”"
