"""A desk over a real database, and people who talk to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain as chained

from bot.arrival import Access
from bot.conversation import Conversation
from bot.desk import Desk
from bot.platforms.platform import Incoming
from bot.store import Store
from charts.render import render_chart
from detectors.interests import Interests
from storage.chats import Defaults
from tests.make import NOW
from watchers.registry import CHAINS

ADDRESS = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
OTHER_ADDRESS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
MISTYPED_ADDRESS = ADDRESS[:-1] + "p"
PRIVATE_KEY = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
DEFAULTS = Defaults("en", "UTC", "USD")
INVITED: Access = "invited"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return float(self.now)


async def draw(kind, series, theme):
    return render_chart(kind, series, theme)


@asynccontextmanager
async def make_desk(tmp_path, clock=None) -> AsyncIterator[Desk]:
    """A desk without sources, over a database of its own."""
    async with Store(tmp_path / "test.db") as store:
        yield Desk(
            chains=CHAINS,
            store=store,
            interests=Interests(),
            sources=[],
            draw=draw,
            clock=clock or Clock(),
            queued=lambda: 0,
            started_at=NOW - 3600,
            raw_days=14,
        )


class Talk:
    """One person in one chat: says things, presses buttons, and reads the plain text."""

    def __init__(self, desk, access=INVITED, **who):
        self.desk = desk
        self.conversation = Conversation(desk, access, DEFAULTS)
        self.who = Incoming("terminal", "local", "ada", "Ada")
        self.who = _changed(self.who, **who)

    def by(self, **who):
        """Somebody else, or the same person somewhere else, talking to the same bot."""
        other = object.__new__(Talk)
        other.desk, other.conversation = self.desk, self.conversation
        other.who = _changed(self.who, **who)
        return other

    async def send(self, text):
        return await self.conversation(_changed(self.who, text=text))

    async def say(self, text):
        """The answer as plain text, "" for none."""
        return plain(await self.send(text))

    async def press(self, message, label):
        return await self.press_token(button(message, label).token)

    async def press_token(self, token):
        return await self.conversation(_changed(self.who, pressed=token))


def _changed(incoming, **changes):
    values = {name: getattr(incoming, name) for name in incoming.__struct_fields__}
    return Incoming(**(values | changes))


def plain(message):
    """What a reader sees, with buttons in brackets."""
    if message is None:
        return ""
    lines = ["".join(run.text for run in line) for line in (message.title, *message.lines)]
    rows = ["".join(f"[{b.label}]" for b in row) for row in message.buttons]
    return "\n".join([*lines, *rows])


def button(message, label):
    """The button whose label holds a text."""
    for candidate in chained.from_iterable(message.buttons):
        if label in candidate.label:
            return candidate
    raise AssertionError(f"no button {label!r} in\n{plain(message)}")
