"""What the server knows: the bot, people, guilds, messages, and what the bot did wrong."""

import base64
import itertools
import time
from dataclasses import dataclass, field

from tests.bell import Bell
from tests.strict_discord.channels import DM, Channel
from tests.strict_discord.gateway import Gateway
from tests.strict_discord.guilds import Guild
from tests.strict_discord.interaction import Interaction
from tests.strict_discord.messages import File, Json, Message
from tests.strict_discord.people import Person
from tests.strict_discord.refusal import Refusal, missing_access, unknown

# The milliseconds at which ids begin: docs.discord.com/developers/reference#snowflakes.
EPOCH = 1_420_070_400_000


@dataclass(eq=False, repr=False)
class World:
    """The state behind the server.

    `token_seconds` is how long an interaction can be answered, `answer_seconds` how long until
    the first answer, `nonce_seconds` how long a nonce is remembered, and `old_edits` how many
    messages of more than an hour may be edited in a channel in `old_edits_seconds`. `uploads` are
    served at `cdn`, by their paths. `sent` are
    all messages of the bot in their order, `edited` when which was changed, and `repeats` those
    that were returned instead of a new one with the same nonce.
    """

    bot_id: int = 1_100_000_000_000_000_001
    bot_name: str = "spyhop"
    token_seconds: float = 900.0
    answer_seconds: float = 3.0
    nonce_seconds: float = 300.0
    old_edits: int = 3
    old_edits_seconds: float = 20.0
    ahead_seconds: float = 0.0
    violations: list[str] = field(default_factory=list)
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    interactions: dict[int, Interaction] = field(default_factory=dict)
    commands: dict[int, list[Json]] = field(default_factory=dict)
    sent: list[Message] = field(default_factory=list)
    edited: list[tuple[float, Message]] = field(default_factory=list)
    repeats: list[Message] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    cdn: str = ""

    def __post_init__(self) -> None:
        self.bell = Bell()
        self.gateway = Gateway(self)
        self.numbers = itertools.count(1)
        self.owner = _user(self.new_id(), "Owner")
        self.bot_user = _user(self.bot_id, self.bot_name) | {"bot": True}
        first = base64.urlsafe_b64encode(str(self.bot_id).encode()).decode().rstrip("=")
        self.token = f"{first}.Gstric.t_test_token_of_a_strict_local_server"

    def now(self) -> float:
        """Unix seconds on the server's clock."""
        return time.time() + self.ahead_seconds

    def new_id(self, at: float = 1_700_000_000.0) -> int:
        """An id that tells its time; one after the other, so that guilds spread over shards."""
        number = next(self.numbers)
        return (int(at * 1000) - EPOCH + (number if at == 1_700_000_000.0 else 0)) << 22 | number

    def upload(self, file: File, channel: Channel) -> Json:
        """Keep a file that somebody sends; the attachment, with its signed address."""
        path = f"/attachments/{channel.id}/{file.id}/{file.name}"
        self.uploads[path] = file.data
        url = f"{self.cdn}{path}?ex=6a&is=69&hm=5f"
        return file.as_json(channel.id) | {"url": url, "proxy_url": url, "ephemeral": True}

    def new_user(self, name: str, locale: str = "en-US") -> Json:
        """A user who is known from now on."""
        user = _user(self.new_id(), name)
        self.people[int(user["id"])] = Person(self, user, locale)
        return user

    def dm_of(self, person: Person) -> Channel:
        """The direct messages of a person."""
        for channel in self.channels.values():
            if channel.kind == DM and channel.person is person:
                return channel
        channel = Channel(self, self.new_id(), DM, f"dm {person.user['username']}", person=person)
        self.channels[channel.id] = channel
        return channel

    def is_reachable(self, person: Person) -> bool:
        """Whether the bot may write to a person: they allow it and share a guild, or added it."""
        shared = [guild for guild in self.guilds.values() if person.id in guild.members]
        return person.takes_dms and (not shared or any(guild.present for guild in shared))

    def tell(self, event: str, told: Json, guild: Guild | None = None) -> None:
        """Tell the bot of an event, unless it is not in the guild."""
        if guild is None or guild.present or event == "GUILD_DELETE":
            self.gateway.dispatch(event, told, None if guild is None else guild.id)
        self.bell.ring()

    def accuse(self, what: str) -> None:
        """The bot broke a rule."""
        self.violations.append(what)
        self.bell.ring()

    def find_channel(self, channel_id: str) -> Channel:
        """A channel that the bot can see. Raises the refusal of any other."""
        channel = self.channels.get(int(channel_id))
        if channel is None or channel.deleted:
            raise unknown("Channel")
        guild = channel.guild
        if guild is not None and not (guild.present and channel.permissions_of(guild.me)):
            raise missing_access()
        if guild is not None and not guild.available:
            raise Refusal(503, 0, "503: Service Unavailable")
        return channel

    def find_message(self, channel: Channel, message_id: str) -> Message:
        """A message of a channel. Raises the refusal of an unknown one."""
        message = channel.history.get(int(message_id))
        if message is None or message.deleted or message.ephemeral:
            raise unknown("Message")
        return message

    def keep(self, message: Message) -> Message:
        """Add a message of the bot to its channel."""
        message.channel.history[message.id] = message
        self.sent.append(message)
        if not message.ephemeral:
            guild = message.channel.guild
            of_guild = {"guild_id": str(guild.id)} if guild else {}
            self.tell("MESSAGE_CREATE", message.as_json() | of_guild, guild)
        self.bell.ring()
        return message

    def change(self, message: Message) -> Message:
        """A message was changed."""
        message.edited = self.now()
        self.edited.append((message.edited, message))
        self.bell.ring()
        return message


def _user(user_id: int, name: str) -> Json:
    told: Json = {"id": str(user_id), "username": name.lower(), "global_name": name}
    told |= {"discriminator": "0", "avatar": None, "public_flags": 0, "flags": 0}
    return told | {"primary_guild": None}
