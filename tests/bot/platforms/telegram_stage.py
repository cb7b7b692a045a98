"""A Telegram platform on the strict server, with a dispatcher that a test writes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from bot.outlet.pacer import Limits, Pacer
from bot.platforms.platform import Dispatch, Incoming
from bot.platforms.telegram import Telegram
from storage.model import Chat, Message, Text
from tests.strict_telegram import chats
from tests.strict_telegram.server import StrictTelegram
from watchers.model import unsealed

HASTE = Limits(gap_seconds=0, chat_gap_seconds=0, group_calls=10_000)


@dataclass
class Summary:
    """A command as far as the menu is concerned."""

    name: str
    summary: str
    parameters: tuple = ()
    examples: tuple = ()
    changes: bool = False
    personal: bool = False

    async def reply(self, call, desk):
        raise NotImplementedError


COMMANDS = [Summary("start", "Begin"), Summary("watch", "Watch an address")]


@dataclass
class Notes:
    """A keeper that keeps what it is told."""

    parked: list[tuple[str, str]] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def language(self, address):
        return ""

    async def on_parked(self, address, reason):
        self.parked.append((address, unsealed(reason)))
        self.changed.set()
        return True

    async def on_returned(self, addresses):
        self.returned.extend(addresses)
        self.changed.set()

    async def on_moved(self, old, new):
        self.moved.append((old, new))
        self.changed.set()

    async def on_trouble(self, what, why):
        self.troubles.append(f"{unsealed(what)}: {unsealed(why)}")
        self.changed.set()

    async def until(self, predicate: Callable[[], object]) -> None:
        """Wait until the keeper was told what makes the predicate true."""
        async with asyncio.timeout(20):
            while not predicate():
                self.changed.clear()
                await self.changed.wait()


def words(text: str, **more) -> Message:
    """A message with a title alone."""
    return Message((Text(text),), **more)


async def echo(incoming: Incoming) -> Message:
    """Answers with what was said or pressed."""
    return words(f"You said {incoming.text or incoming.pressed}")


def chat_of(chat: chats.Chat, thread: str = "") -> Chat:
    """The chat of the strict server as ours."""
    kind: Literal["private", "group"] = "group" if chat.is_group else "private"
    return Chat(1, "telegram", str(chat.id), thread, kind, chat.name, "en", "UTC", "USD")


@asynccontextmanager
async def running(
    server: StrictTelegram,
    dispatch: Callable[[Incoming], Awaitable[Message | None]] = echo,
    *,
    notes: Notes | None = None,
    limits: Limits = HASTE,
) -> AsyncIterator[Telegram]:
    """A platform that listens while the block runs, polling for a second at a time."""
    platform = platform_on(server, notes, limits)
    async with listening(platform, dispatch):
        yield platform


def platform_on(
    server: StrictTelegram, notes: Notes | None = None, limits: Limits = HASTE
) -> Telegram:
    """A platform that speaks to the server and does not listen yet."""
    return Telegram(
        server.token,
        server.base,
        COMMANDS,
        notes or Notes(),
        pacer=Pacer(limits),
        poll_seconds=1,
    )


@asynccontextmanager
async def listening(platform: Telegram, dispatch: Dispatch) -> AsyncIterator[None]:
    """The platform's `run`, cancelled at the end."""
    run = asyncio.create_task(platform.run(dispatch))
    try:
        yield
    finally:
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run
