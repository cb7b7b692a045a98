"""What a chat platform is, and what it hands to the commands."""

from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from msgspec import Struct

from storage.model import Chat, Message, Verdict


class Incoming(Struct, frozen=True):
    """Something a person did: typed `text`, or pressed a button (then `pressed` is its token).

    `chat` and `person` are the platform's ids. `returned`: the person let the bot in
    again, so a parked chat can be revived.
    """

    platform: str
    chat: str
    person: str
    name: str
    thread: str = ""
    kind: Literal["private", "group", "channel"] = "private"
    chat_title: str = ""
    language: str = ""
    text: str = ""
    pressed: str = ""
    returned: bool = False


Dispatch = Callable[[Incoming], Awaitable[Message | None]]
"""Answers what a person did; None where nothing is to be said. It never raises."""


class Platform(Protocol):
    """Where people talk to the bot. Rendering, escaping and limits are its own affair."""

    name: str

    async def send(self, chat: Chat, message: Message, edits: str = "") -> Verdict:
        """Deliver once, without retrying; `edits` is the reference of what to change."""

    async def run(self, dispatch: Dispatch) -> None:
        """Listen until cancelled; answers go out by the platform's own way."""
