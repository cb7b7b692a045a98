"""An office with somebody who has a private chat there and asks why."""

from contextlib import asynccontextmanager

from bot.desk import Desk
from detectors.model import Kind, Subscription
from tests.bot.desk import Talk, draw, plain
from tests.bot.outlet.test_delivery import opened
from tests.make import NOW
from watchers.registry import CHAINS


def desk_of(office):
    """A desk beside an outbox that is being emptied."""
    return Desk(
        CHAINS, office.store, office.interests, [], draw, lambda: office.now, int, NOW, 14,
        wake=office.delivery.wake,
    )  # fmt: skip


class Asking:
    """Ada on Telegram, the office that tells her, and her rules."""

    def __init__(self, office, talk, chat):
        self.office, self.talk, self.chat = office, talk, chat

    async def rule(self, kind=Kind.WHALES, unit="BTC", chat=None, **about):
        """One of her rules."""
        wish = Subscription(0, chat or self.chat, kind, "bitcoin", unit=unit, **about)
        return await self.talk.desk.subscribe(wish)

    async def take(self, *events, sent=None):
        """What comes in, until all is said, or so many messages are."""
        await self.office.take(*events)
        if sent is not None:
            await self.office.until_sent(sent)
        await self.office.until(self.office.idle)

    async def why(self, what=""):
        """The answer's lines."""
        return (await self.talk.say(f"/why {what}".strip())).splitlines()

    def told(self, number=-1):
        """What was said, as plain text."""
        return plain(self.office.platform.sent[number][2])


@asynccontextmanager
async def asking(path, **who):
    """Ada, or whoever, in a chat of her own unless it says otherwise."""
    async with opened(path) as office:
        incoming = {"platform": "telegram", "chat": "7", "person": "7", "name": "Ada"} | who
        talk = Talk(desk_of(office), "open", **incoming)
        await talk.send("/start")
        ((chat,),) = await office.rows("SELECT id FROM chats")
        yield Asking(office, talk, chat)
