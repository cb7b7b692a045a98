"""What the bot must be allowed on Discord, and what it lacks."""

import discord

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
)
"""Never more: nobody has to trust the bot with what it does not need."""
INSTALL_URL = "https://discord.com/oauth2/authorize"
_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
}
"""Without these nothing can be told; without files only a chart cannot be shown."""


def install_url(application: int) -> str:
    """The address at which whoever manages a server adds the bot to it."""
    scopes = "bot+applications.commands"
    return f"{INSTALL_URL}?client_id={application}&scope={scopes}&permissions={NEEDED.value}"


def missing_permissions(channel: discord.abc.GuildChannel | discord.Thread) -> tuple[str, ...]:
    """What the bot still needs so that it can tell things there, by the names people see."""
    granted = channel.permissions_for(channel.guild.me)
    return missing_in(granted, thread=isinstance(channel, discord.Thread))


def missing_in(granted: discord.Permissions, *, thread: bool) -> tuple[str, ...]:
    """The same of permissions that Discord tells; `thread`: of those in a thread."""
    spare = "send_messages" if thread else "send_messages_in_threads"
    needed = (name for name in _NAMES if name != spare)
    return tuple(_NAMES[name] for name in needed if not getattr(granted, name))
