"""What Discord tells of servers, channels and threads, told to the keeper."""

from collections.abc import Iterable
from itertools import chain
from typing import TypeAlias

import discord

from bot.language import marked
from bot.platforms.discord_permissions import missing_permissions
from bot.platforms.platform import Keeper
from watchers.model import sealed

Channel: TypeAlias = discord.abc.GuildChannel | discord.Thread
_LEFT = marked("the bot was removed from the server")
_DELETED = marked("it was deleted")
_CLOSED = marked("the thread is closed: open it again")
_BY_ITSELF = marked("{reason}; then I go on by myself")


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
            where = sealed("Discord server “{name}”", name=guild.name)
            await self._report(where, _LEFT, marked("{reason}; add it again to go on"))

    async def deleted(self, channel: int, title: str) -> None:
        """A channel or a thread is gone; the library tells of a channel's threads, too."""
        if await self._park(channel, _DELETED):
            await self._report(title, _DELETED, marked("{reason}; give /alerts here in another"))

    async def channels_changed(self, channels: Iterable[Channel]) -> None:
        """What the bot may do in some channels may have changed."""
        able: list[str] = []
        for channel in channels:
            if reason := obstacle_in(channel):
                if await self._park(channel.id, reason):
                    await self._report(title_of(channel), reason, _BY_ITSELF)
            else:
                able.append(str(channel.id))
        if able:
            await self._keeper.on_returned(able)

    async def refused(self, channel: Channel | None, address: str, reason: str) -> str:
        """A message was refused: tell the owners once; the reason, better if we know one."""
        better = (channel and obstacle_in(channel)) or reason
        if await self._keeper.on_parked(address, better):
            where = title_of(channel) if channel else marked("a Discord channel")
            await self._report(where, better, marked("{reason}; then give any command there"))
        return better

    async def _park(self, channel: int, reason: str) -> bool:
        return await self._keeper.on_parked(str(channel), reason)

    async def _report(self, where: str, reason: str, remedy: str) -> None:
        """`remedy` says what to do behind the `{reason}`."""
        what = sealed("nothing can be told in {where}", where=(where,))
        await self._keeper.on_trouble(what, sealed(remedy, reason=(reason,)))


def obstacle_in(channel: Channel) -> str:
    """Why the bot cannot write in a channel, sealed, as it can be mended; "" where it can."""
    if isinstance(channel, discord.Thread) and channel.archived and channel.locked:
        return _CLOSED
    missing = missing_permissions(channel)
    if not missing:
        return ""
    return sealed(
        "the bot lacks permissions: give it {permissions}", permissions=", ".join(missing)
    )


def title_of(channel: Channel) -> str:
    """A channel as its members know it, with its server; sealed."""
    return sealed("#{channel} of “{server}”", channel=channel.name, server=channel.guild.name)
