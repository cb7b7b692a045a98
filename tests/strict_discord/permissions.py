"""Who may do what where: bits, roles and overwrites.

Source: docs.discord.com/developers/topics/permissions, with its order of overwrites: everyone,
roles, the member. A thread has its parent's; who cannot see a channel can do nothing there.
"""

from collections.abc import Iterable
from dataclasses import dataclass

BITS = {
    "administrator": 1 << 3,
    "manage_channels": 1 << 4,
    "manage_guild": 1 << 5,
    "add_reactions": 1 << 6,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "manage_roles": 1 << 28,
    "use_application_commands": 1 << 31,
    "manage_threads": 1 << 34,
    "create_public_threads": 1 << 35,
    "send_messages_in_threads": 1 << 38,
}
ALL = sum(BITS.values())
PEOPLE = ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history")
EVERYONE = sum(BITS[name] for name in (*PEOPLE, "use_application_commands", "embed_links"))
# What the bot is invited with: no more than it needs.
BOT = ("view_channel", "send_messages", "send_messages_in_threads", "embed_links", "attach_files")


def bits(names: Iterable[str]) -> int:
    """The permissions as one number. Raises KeyError for a name that is not in `BITS`."""
    return sum(BITS[name] for name in set(names))


@dataclass
class Overwrite:
    """What a channel grants and takes from a role (kind 0) or a member (kind 1)."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0

    def as_json(self) -> dict[str, object]:
        """The overwrite of the API."""
        texts = {"allow": str(self.allow), "deny": str(self.deny)}
        return {"id": str(self.id), "type": self.kind, **texts}


def in_channel(
    base: int, overwrites: Iterable[Overwrite], everyone: int, roles: set[int], member: int
) -> int:
    """What a member with the `base` permissions may do in a channel."""
    if base & BITS["administrator"]:
        return ALL
    found = list(overwrites)
    for step in ({everyone}, roles, {member}):
        matching = [each for each in found if each.id in step]
        for each in matching:
            base &= ~each.deny
        for each in matching:
            base |= each.allow
    return base if base & BITS["view_channel"] else 0
