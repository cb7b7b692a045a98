"""Discord servers ("guilds"), their roles and members."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.strict_discord.channels import TEXT, Channel
from tests.strict_discord.messages import Json, iso
from tests.strict_discord.people import Person
from tests.strict_discord.permissions import ALL, BITS, BOT, EVERYONE, bits, in_channel

if TYPE_CHECKING:
    from tests.strict_discord.world import World

JOINED = iso(1_700_000_000)


@dataclass(eq=False)
class Role:
    """A role; the one with the guild's id is everybody's."""

    id: int
    name: str
    permissions: int
    position: int = 1

    def as_json(self) -> Json:
        """The role of the API."""
        colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        told: Json = {"id": str(self.id), "name": self.name, "permissions": str(self.permissions)}
        told |= {"position": self.position, "color": 0, "colors": colors, "flags": 0}
        return told | {"hoist": False, "managed": False, "mentionable": False}


@dataclass(eq=False)
class Member(Person):
    """A person in a guild."""

    guild: "Guild" = field(kw_only=True)
    role: Role = field(kw_only=True)

    def may(self, **permissions: bool) -> None:
        """Grant and take permissions in the whole guild."""
        for name, granted in permissions.items():
            bit = bits([name])
            kept = self.role.permissions & ~bit
            self.role.permissions = kept | (bit if granted else 0)
        told = {"guild_id": str(self.guild.id), "role": self.role.as_json()}
        self.world.tell("GUILD_ROLE_UPDATE", told, self.guild)

    def as_member(self, channel: Channel | None = None) -> Json:
        """The member of the API; with a channel also what the member may do there."""
        told: Json = {"user": self.user, "roles": [str(self.role.id)], "joined_at": JOINED}
        told |= {"nick": None, "avatar": None, "banner": None, "premium_since": None, "flags": 0}
        told |= {"deaf": False, "mute": False, "pending": False}
        told["communication_disabled_until"] = None
        if channel is not None:
            told["permissions"] = str(channel.permissions_of(self))
        return told


@dataclass(eq=False)
class Guild:
    """A guild; `present` while the bot is a member, `available` while Discord serves it.

    `everyone_may_command`: its administrators have opened all commands to everybody, whatever
    the commands' `default_member_permissions` say.
    """

    world: "World"
    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    present: bool = True
    available: bool = True
    everyone_may_command: bool = False

    def __post_init__(self) -> None:
        self.roles[self.id] = Role(self.id, "@everyone", EVERYONE, 0)
        self.me = self._join(self.world.bot_user, bits(BOT))

    @property
    def channels(self) -> list[Channel]:
        """Its channels and threads."""
        return [c for c in self.world.channels.values() if c.guild is self and not c.deleted]

    def channel(self, name: str) -> Channel:
        """A text channel of this name, made when there is none."""
        for each in self.channels:
            if each.name == name and each.parent is None:
                return each
        channel = Channel(self.world, self.world.new_id(), TEXT, name, self)
        self.world.channels[channel.id] = channel
        self.world.tell("CHANNEL_CREATE", channel.as_json(), self)
        return channel

    def member(
        self, name: str, *, locale: str = "en-US", person: Person | None = None, **permissions: bool
    ) -> Member:
        """A new member, or a known person who joins, with these permissions."""
        user = self.world.new_user(name, locale) if person is None else person.user
        granted = bits(name for name, wanted in permissions.items() if wanted)
        member = self._join(user, granted)
        member.locale = locale
        return member

    def kick_bot(self) -> None:
        """Throw the bot out."""
        self.present = False
        self.world.tell("GUILD_DELETE", {"id": str(self.id)}, self)

    def invite_bot(self) -> None:
        """Let the bot in again."""
        self.present = True
        self.world.tell("GUILD_CREATE", self.as_json(), self)

    def go_unavailable(self) -> None:
        """Discord cannot serve the guild for a while."""
        self.available = False
        self.world.tell("GUILD_DELETE", {"id": str(self.id), "unavailable": True}, self)

    def come_back(self) -> None:
        """Discord serves the guild again."""
        self.available = True
        self.world.tell("GUILD_CREATE", self.as_json(), self)

    def permissions_in(self, place: Channel | None, member: Member) -> int:
        """What a member may do in a channel, or in the guild at large."""
        if member.id == self.owner_id:
            return ALL
        base = self.roles[self.id].permissions | member.role.permissions
        if place is None:
            return ALL if base & BITS["administrator"] else base
        return in_channel(base, place.overwrites, self.id, {member.role.id}, member.id)

    def as_json(self) -> Json:
        """The guild as GUILD_CREATE tells it."""
        channels = [c.as_json() for c in self.channels if c.parent is None]
        threads = [c.as_json() for c in self.channels if c.parent and not c.archived]
        told: Json = {"id": str(self.id), "name": self.name, "owner_id": str(self.owner_id)}
        told |= {"channels": channels, "threads": threads, "members": [self.me.as_member()]}
        told["roles"] = [role.as_json() for role in self.roles.values()]
        told |= dict.fromkeys(EMPTY, ()) | dict.fromkeys(ZERO, 0) | dict.fromkeys(NONE)
        told |= {"joined_at": JOINED, "large": False, "unavailable": False}
        told |= {"member_count": len(self.members), "preferred_locale": "en-US"}
        return told | {"premium_progress_bar_enabled": False, "afk_timeout": 300}

    def _join(self, user: Json, permissions: int) -> Member:
        role = Role(self.world.new_id(), str(user["username"]), permissions)
        self.roles[role.id] = role
        if self.id in self.world.guilds:
            told = {"guild_id": str(self.id), "role": role.as_json()}
            self.world.tell("GUILD_ROLE_CREATE", told, self)
        member = Member(self.world, user, guild=self, role=role)
        self.members[member.id] = member
        return member


EMPTY = (
    *("emojis", "stickers", "features", "voice_states", "presences", "stage_instances"),
    *("guild_scheduled_events", "soundboard_sounds"),
)
ZERO = (
    *("verification_level", "default_message_notifications", "explicit_content_filter"),
    *("mfa_level", "nsfw_level", "premium_tier", "system_channel_flags"),
)
NONE = (
    *("icon", "splash", "banner", "description", "afk_channel_id", "system_channel_id"),
    *("rules_channel_id", "public_updates_channel_id", "vanity_url_code", "discovery_splash"),
)
