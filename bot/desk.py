"""What a command may use: the store, the charts, the clock and what the sources say."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, Self, TypeVar

from sqlite_utils import Database

from bot.store import Store
from bot.units import CURRENCIES
from charts.model import Drawn, Table
from charts.report import render_report
from detectors.interests import Interests
from detectors.model import Subscription
from storage.audit import Act, save_act
from storage.chats import bind_chat
from storage.model import Chat
from storage.subscriptions import all_subscriptions, end_subscription, save_subscription
from watchers.model import Chain
from watchers.watcher import Watcher

T = TypeVar("T")


class Publish(Protocol):
    """Makes a PDF beside the bot: `charts.report.render_report` in the worker."""

    async def __call__(self, title: str, pages: Sequence[Drawn | Table]) -> bytes:
        """The document."""


class Draw(Protocol):
    """Draws a chart beside the bot: `charts.render.render_chart` in the worker."""

    async def __call__(self, kind: str, series: object, theme: str) -> bytes:
        """The picture as PNG."""


async def publish_here(title: str, pages: Sequence[Drawn | Table]) -> bytes:
    """The `publish` of a bot without a worker."""
    return render_report(title, pages)


async def nobody_teaches(chain: str, chat: int) -> bool:
    """The `train` of a bot without a process to train in."""
    del chain, chat
    return False


def no_link(code: str) -> str:
    """The `invitation_url` of a bot that no link opens."""
    del code
    return ""


async def nobody_knows(platform: str, chat: str, person: str) -> bool | None:
    """The `is_admin` of a bot without platforms."""
    del platform, chat, person
    return None


def no_outbox() -> None:
    """The `wake` of a bot that delivers nothing."""


def nobody(chat: Chat) -> None:
    """The `met` of a bot in which nobody cares."""
    del chat


@dataclass(frozen=True)
class Desk:
    """What the composition root hands to every command.

    `read` and `write` take a function of `storage` and its arguments after the database:
    `await desk.read(checkpoint_of, "bitcoin")`. A read runs in its own short transaction,
    a write on the one database thread, and is durable when it returns.
    """

    chains: Mapping[str, Chain]
    store: Store
    interests: Interests
    sources: Sequence[Watcher]
    draw: Draw
    clock: Callable[[], float]
    queued: Callable[[], int]
    started_at: float
    raw_days: int
    invitation_url: Callable[[str], str] = no_link
    """The address that opens the bot with `/start CODE`, "" where none is known."""
    wake: Callable[[], None] = no_outbox
    """Tells delivery that more may be due."""
    met: Callable[[Chat], None] = nobody
    """Takes note of a chat in which whoever is there may ask."""
    is_admin: Callable[[str, str, str], Awaitable[bool | None]] = nobody_knows
    """What a platform says of a person in a chat: `Platform.is_admin`, by its name."""
    publish: Publish = publish_here
    """Makes a PDF of charts and tables."""
    train: Callable[[str, int], Awaitable[bool]] = nobody_teaches
    """Begins to train a model of a chain, and tells a chat of it; False while one is trained."""
    currencies: Sequence[str] = CURRENCIES
    """In which prices are always kept, so that anybody can choose them."""
    act: Act | None = None
    """The command that is being answered, where it changes something: kept with the change."""

    def noting(self, act: Act) -> Self:
        """The same desk, which keeps that somebody did this in the transaction that does it."""
        return replace(self, act=act)

    async def read(self, query: Callable[..., T], *arguments: object) -> T:
        """Ask storage."""
        return await self.store.read(query, *arguments)

    async def write(self, change: Callable[..., T], *arguments: object) -> T:
        """Change storage."""
        return await self._write(change, *arguments)

    async def _write(
        self,
        change: Callable[..., T],
        *arguments: object,
        then: Callable[[T], object] | None = None,
    ) -> T:
        noted = change if self.act is None else partial(_noted, self.act, change)
        return await self.store.write(noted, *arguments, then=then)

    async def subscribe(self, subscription: Subscription) -> Subscription:
        """Begin a subscription (its id is given here); what it replaces ends."""
        _, saved = await self._write(
            save_subscription, subscription, int(self.clock()), then=self._replace
        )
        self._tell_sources(saved.chain)
        return saved

    def _replace(self, change: tuple[Sequence[Subscription], Subscription]) -> None:
        ended, begun = change
        for one in ended:
            self._forget(one)
        self.interests.add(begun)

    async def unsubscribe(self, subscription: Subscription) -> Subscription | None:
        """End what the chat has about the same thing; returns what ended."""
        ended = await self._write(
            end_subscription, subscription, int(self.clock()), then=self._forget
        )
        self._tell_sources(subscription.chain)
        return ended

    async def bind(self, chat: int, *, bound: bool) -> None:
        """Tell a chat what it asked for, or keep all of that and tell it nothing."""
        await self.change_who_is_told(partial(bind_chat, chat=chat, bound=bound))

    async def change_who_is_told(self, change: Callable[..., object], *arguments: object) -> None:
        """Change storage where chats begin or cease to be told what they asked for."""
        await self._write(
            partial(_with_subscriptions, change), *arguments, then=self.interests.renew
        )
        for chain in self.chains:
            self._tell_sources(chain)

    def _forget(self, ended: Subscription | None) -> None:
        if ended is not None:
            self.interests.remove(ended)

    def _tell_sources(self, chain: str) -> None:
        addresses = frozenset(self.interests.addresses(chain))
        currencies = self.interests.currencies(chain)
        for source in self.sources:
            if source.feed.chain == chain:
                source.set_watching(addresses, currencies)


def _with_subscriptions(
    change: Callable[..., object], db: Database, *arguments: object
) -> list[Subscription]:
    change(db, *arguments)
    return all_subscriptions(db)


def _noted(act: Act, change: Callable[..., Any], db: Database, *arguments: object) -> Any:
    """What a change returns; the act is kept where there was anything to change."""
    before = db.conn.total_changes
    result = change(db, *arguments)
    if db.conn.total_changes > before:
        save_act(db, act)
    return result
