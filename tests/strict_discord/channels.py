"""Places to write in: text channels, threads and direct messages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.strict_discord.messages import Json, Message, iso
from tests.strict_discord.permissions import ALL, Overwrite, bits

if TYPE_CHECKING:
    from tests.strict_discord.guilds import Guild, Member
    from tests.strict_discord.people import Person
    from tests.strict_discord.world import World

TEXT, DM, THREAD = 0, 1, 11


@dataclass(eq=False)
class Channel:
    """A channel; one with a `parent` is a thread, one with a `person` a direct message."""

    world: "World"
    id: int
    kind: int
    name: str
    guild: "Guild | None" = None
    parent: "Channel | None" = None
    person: "Person | None" = None
    overwrites: list[Overwrite] = field(default_factory=list)
    archived: bool = False
    locked: bool = False
    deleted: bool = False
    history: dict[int, Message] = field(default_factory=dict)

    @property
    def messages(self) -> list[Message]:
        """What everybody there can read now, oldest first."""
        return [m for m in self.history.values() if not m.deleted and not m.ephemeral]

    @property
    def texts(self) -> list[str]:
        """The messages as text."""
        return [message.text for message in self.messages]

    @property
    def place(self) -> "Channel":
        """The channel whose permissions count: a thread has its parent's."""
        return self.parent or self

    async def waits_for(
        self,
        predicate: Callable[[Message], Any] = lambda _: True,
        *,
        timeout: float = 10,  # noqa: ASYNC109 - a test names its patience
    ) -> Message:
        """The first message that was not handed out by this method yet and for which this holds.

        Raises AssertionError with what was said instead when none comes.
        """

        def untaken() -> list[Message]:
            return [m for m in self.messages if not m.taken and predicate(m)]

        if not await self.world.bell.wait_until(untaken, timeout):
            raise AssertionError(f"no such message in {self.name}; so far {self.texts}")
        message = untaken()[0]
        message.taken = True
        return message

    def thread(self, name: str) -> "Channel":
        """Open a thread."""
        assert self.guild is not None, "a direct message has no threads"
        thread = Channel(self.world, self.world.new_id(), THREAD, name, self.guild, self)
        self.world.channels[thread.id] = thread
        self.world.tell("THREAD_CREATE", thread.as_json() | {"newly_created": True}, self.guild)
        return thread

    def archive(self, *, locked: bool = False) -> None:
        """Put a thread away; who writes opens it again, unless it is locked."""
        self.archived, self.locked = True, locked
        self.changed()

    def unarchive(self) -> None:
        """Open a thread again."""
        self.archived = self.locked = False
        self.changed()

    def deny(self, *names: str, who: "Member | None" = None) -> None:
        """Take permissions from a member here, from the bot unless another is named."""
        overwrite = self._overwrite(who)
        overwrite.deny |= bits(names)
        overwrite.allow &= ~bits(names)
        self.changed()

    def allow(self, *names: str, who: "Member | None" = None) -> None:
        """Grant permissions to a member here, to the bot unless another is named."""
        overwrite = self._overwrite(who)
        overwrite.allow |= bits(names)
        overwrite.deny &= ~bits(names)
        self.changed()

    def delete(self) -> None:
        """Remove it, with its threads."""
        assert self.guild is not None, "nobody deletes a direct message"
        for each in [c for c in self.world.channels.values() if c.parent is self]:
            each.deleted = True
        self.deleted = True
        event = "THREAD_DELETE" if self.parent else "CHANNEL_DELETE"
        self.world.tell(event, self.as_json(), self.guild)

    def changed(self) -> None:
        """Tell the bot the present state."""
        event = "THREAD_UPDATE" if self.parent else "CHANNEL_UPDATE"
        self.world.tell(event, self.as_json(), self.guild)

    def permissions_of(self, member: "Member") -> int:
        """What a member may do here."""
        return ALL if self.guild is None else self.guild.permissions_in(self.place, member)

    def as_json(self) -> Json:
        """The channel of the API."""
        told: Json = {"id": str(self.id), "type": self.kind, "flags": 0}
        told["last_message_id"] = str(max(self.history)) if self.history else None
        if self.person is not None:
            return told | {"recipients": [self.person.user]}
        assert self.guild is not None
        told |= {"guild_id": str(self.guild.id), "name": self.name, "rate_limit_per_user": 0}
        return told | (self._as_thread(self.parent) if self.parent else self._as_text())

    def _as_text(self) -> Json:
        overwrites = [each.as_json() for each in self.overwrites]
        told: Json = {"position": 0, "permission_overwrites": overwrites, "nsfw": False}
        return told | {"topic": None, "parent_id": None}

    def _as_thread(self, parent: "Channel") -> Json:
        assert self.guild is not None
        metadata = {
            "archived": self.archived,
            "locked": self.locked,
            "archive_timestamp": iso(self.world.now()),
            "auto_archive_duration": 1440,
        }
        count = len(self.messages)
        counts = {"message_count": count, "total_message_sent": count, "member_count": 1}
        owner = {"owner_id": str(self.guild.owner_id), "parent_id": str(parent.id)}
        return counts | owner | {"thread_metadata": metadata}

    def _overwrite(self, who: "Member | None") -> Overwrite:
        assert self.guild is not None, "direct messages have no overwrites"
        assert self.parent is None, "a thread has its parent's overwrites"
        member_id = self.world.bot_id if who is None else who.id
        for overwrite in self.overwrites:
            if overwrite.id == member_id:
                return overwrite
        self.overwrites.append(Overwrite(member_id, 1))
        return self.overwrites[-1]
