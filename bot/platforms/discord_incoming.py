"""What people do on Discord, read from its interactions and direct messages: pure."""

from typing import Literal

import discord
from discord import Client, Interaction

from bot.language import _
from bot.platforms.discord_permissions import missing_in
from bot.platforms.platform import Attached, AttachedError, Incoming

NAME = "discord"


def parse_interaction(interaction: "Interaction[Client]") -> Incoming:
    """Who did something where, with nothing said yet.

    A private chat has the address of its person, any other that of its channel or thread.
    """
    user, guild = interaction.user, interaction.guild
    private = interaction.guild_id is None
    granted, thread = interaction.app_permissions, isinstance(interaction.channel, discord.Thread)
    kind: Literal["thread", "channel"] = "thread" if thread else "channel"
    return Incoming(
        platform=NAME,
        chat=str(user.id if private else interaction.channel_id or interaction.guild_id),
        person=str(user.id),
        name=user.display_name,
        kind="private" if private else kind,
        chat_title=user.display_name if private else _title(guild, interaction.channel),
        language=str(interaction.locale),
        server="" if private else str(interaction.guild_id),
        admin=None if private else interaction.permissions.manage_guild,
        bound=private,
        cannot=() if private else missing_in(granted, thread=thread),
    )


def parse_direct(message: discord.Message) -> Incoming | None:
    """What somebody wrote to the bot alone; None for what is no message of a person."""
    spoken = message.type in {discord.MessageType.default, discord.MessageType.reply}
    file = attached(message.attachments[0]) if message.attachments else None
    if message.guild is not None or message.author.bot or not spoken:
        return None
    if not (message.content or file):
        return None
    person, name = str(message.author.id), message.author.display_name
    return Incoming(NAME, person, person, name, chat_title=name, text=message.content, file=file)


def attached(attachment: discord.Attachment) -> Attached:
    """A file that somebody sent."""

    async def read() -> bytes:
        try:
            return await attachment.read()
        except (discord.HTTPException, OSError) as error:
            withheld = _("{platform} does not hand the file over: {reason}.")
            raise AttachedError(withheld.format(platform="Discord", reason=error)) from None

    return Attached(attachment.filename, attachment.size, read)


def _title(guild: discord.Guild | None, channel: object) -> str:
    """`Traders #alerts`, as far as Discord has told the names."""
    name = getattr(channel, "name", None)
    server = guild.name if guild and not guild.unavailable else ""
    return " ".join(filter(None, (server, name and f"#{name}")))
