"""The library's client, with everything off that the bot does not need."""

from collections.abc import Awaitable, Callable
from functools import partial

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket

from bot.language import marked
from bot.platforms.discord_changes import Changes, title_of
from bot.platforms.discord_link import Link


class Client(discord.AutoShardedClient):
    """One login: no privileged intent, no cache of members or messages, no mention ever.

    `prepare` is called once logged in, before anything is heard from Discord; `hear` with
    what is written to the bot alone, which takes no privileged intent.
    """

    def __init__(
        self,
        link: Link,
        changes: Changes,
        prepare: Callable[["Client"], Awaitable[None]],
        hear: Callable[[discord.Message], Awaitable[None]],
        paced: aiohttp.ClientMiddlewareType,
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it never speaks
        intents = discord.Intents.none()
        intents.guilds = True
        intents.dm_messages = True
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=30.0,
        )
        # The library has no other place where all of them pass.
        self.http.request = partial(  # type: ignore[method-assign]
            self.http.request, middlewares=(paced,)
        )
        self._link = link
        self._changes = changes
        self._prepare = prepare
        self._hear = hear

    async def setup_hook(self) -> None:
        """Once logged in."""
        await self._prepare(self)

    async def launch_shards(self) -> None:
        """Ask for the gateway's address, and take it for new sessions after a cut, too.

        The library would go to its built-in address then.
        """
        self.shard_count, address, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)
        await super().launch_shards()

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote to the bot alone: of others Discord tells nothing."""
        await self._hear(message)

    async def on_shard_connect(self, shard_id: int) -> None:
        """A new session."""
        self._link.up(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """The old session goes on."""
        self._link.up(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """The library connects again by itself."""
        self._link.down(shard_id, marked("the connection was cut"))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """At the start, and after an outage of Discord's."""
        await self._changes.guild_came(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Somebody added the bot to a server."""
        await self._changes.guild_came(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server, or the server deleted."""
        await self._changes.guild_left(guild)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Its threads are told of one by one."""
        await self._changes.deleted(channel.id, title_of(channel))

    async def on_guild_channel_update(
        self, _: discord.abc.GuildChannel, channel: discord.abc.GuildChannel
    ) -> None:
        """Permissions may have changed."""
        await self._changes.channels_changed([channel])

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread that was archived is not in the cache."""
        title = title_of(payload.thread) if payload.thread else marked("a Discord thread")
        await self._changes.deleted(payload.thread_id, title)

    async def on_thread_update(self, _: discord.Thread, thread: discord.Thread) -> None:
        """It may be locked, or open again."""
        await self._changes.channels_changed([thread])

    async def on_thread_join(self, thread: discord.Thread) -> None:
        """One that was archived is not in the cache: it is open, or locked, as if it were new."""
        await self._changes.channels_changed([thread])

    async def on_guild_role_update(self, _: discord.Role, role: discord.Role) -> None:
        """Permissions may have changed."""
        await self._changes.guild_came(role.guild)

    async def on_member_update(self, _: discord.Member, member: discord.Member) -> None:
        """Without the members intent Discord tells of the bot itself only."""
        await self._changes.guild_came(member.guild)
