"""What a chat platform is, and what it hands to the commands."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from storage.model import Chat, Message, Priority, Verdict


class AttachedError(Exception):
    """A file that was sent cannot be had; the message says why, for the reader."""


class Attached(Struct, frozen=True):
    """A file that somebody sent, of `size` bytes: `read` fetches it when it is wanted.

    `read` raises `AttachedError`.
    """

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]]


class Incoming(Struct, frozen=True):
    """Something a person did: typed `text`, pressed a button, or gave a command in a form.

    A button's token is in `pressed`; a form's `command` comes with its `options` by name.
    `chat` and `person` are the platform's ids, and `server` is what holds the chat with
    others that are admitted together ("" where it stands alone). `returned`: the person let
    the bot in again, so a parked chat can be revived. `admin`: whether the person may change
    the chat's settings there; None where the platform did not say (`Platform.is_admin` is
    asked when it matters). `bound`: such a chat is told things from the first word on; else
    `/alerts here` begins it. `cannot` names, as a reader there knows them, the permissions
    that the bot lacks in the chat. `foreign`: they speak as another chat, and not as a person.
    `file` came with it; by itself it is meant for `/import`.
    """

    platform: str
    chat: str
    person: str
    name: str
    thread: str = ""
    kind: Literal["private", "group", "channel", "thread"] = "private"
    chat_title: str = ""
    language: str = ""
    text: str = ""
    pressed: str = ""
    command: str = ""
    options: Mapping[str, str] = {}
    returned: bool = False
    server: str = ""
    admin: bool | None = None
    bound: bool = True
    cannot: tuple[str, ...] = ()
    foreign: bool = False
    file: Attached | None = None


Dispatch = Callable[[Incoming], Awaitable[Message | None]]
"""Answers what a person did; None where nothing is to be said. It never raises."""


class PlatformRefusedError(RuntimeError):
    """The platform will not have us and trying again is of no use; the message says what to do."""


class Platform(Protocol):
    """Where people talk to the bot. Rendering, escaping and limits are its own affair."""

    name: str

    async def turn(self, chat: Chat, priority: Priority) -> None:
        """Wait until the platform's limits let a message leave, the more urgent first.

        Take one before each `send`, and compose the message after it.
        """

    async def send(
        self, chat: Chat, message: Message, edits: str = "", answers: str = "", key: str = ""
    ) -> Verdict:
        """Deliver once, without retrying.

        `edits` is the reference of what to change, `answers` of what it speaks of
        (`LEFT_BEHIND` where that stands at an address that the chat has left). `key` is
        the same whenever the same delivery is tried, so that a platform that can will not
        say it twice.
        """

    async def run(self, dispatch: Dispatch) -> None:
        """Listen until cancelled; answers go out by the platform's own way.

        Raises `PlatformRefusedError`.
        Sending ends with it, so it is cancelled after the last delivery.
        """

    def invitation_url(self, code: str) -> str:
        """The address that opens the bot with `/start CODE`, "" where there is none."""

    async def is_admin(self, chat: str, person: str) -> bool | None:
        """Whether a person may change a chat's settings there; None where that is not known.

        Asked only where an `Incoming` does not say.
        """


class Keeper(Protocol):
    """Who is told what a platform learns about chats while it listens and answers."""

    async def language(self, address: str) -> str:
        """In which language a chat is spoken to, "" where it is not known yet."""

    async def on_parked(self, address: str, reason: str) -> bool:
        """Nothing can be delivered to this chat until it comes back.

        Whether something was delivered there until now.
        """

    async def on_returned(self, addresses: Sequence[str]) -> None:
        """These chats, as far as they are known, can be delivered to again."""

    async def on_moved(self, old: str, new: str) -> None:
        """The chat has a new address; may be told more than once."""

    async def on_trouble(self, what: str, why: str) -> None:
        """Something that the person who runs the bot must know; `what` tells kinds apart.

        Both are marked or sealed.
        """
