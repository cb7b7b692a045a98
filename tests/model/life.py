"""What every history lives on: the product, its surroundings, and what it has committed."""

import tempfile
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from storage.chats import Defaults, save_chat
from storage.persons import save_person
from tests.make import NOW
from tests.model.phones import Phones
from tests.model.product import Product
from tests.model.source import BTC, Source

ADDRESSES = ("ada", "bob", "cy")
LISTENERS = ((1,), (2,), (3,), (4, 5))
"""Chats by whom they belong to: the last two are one person's, on two platforms."""
CHATS = tuple(chat for chats in LISTENERS for chat in chats)
PLATFORM = "test"
PLATFORMS = {5: "other"}

picks = st.integers(0, 10**6)
chats = st.sampled_from(CHATS)
amounts = st.sampled_from((1, 2, 10, 50)).map(lambda n: n * BTC)


class Life(RuleBasedStateMachine):
    """The product, its surroundings, and the history of what it has committed."""

    def __init__(self):
        super().__init__()
        shared = Path("/dev/shm")  # not for speed alone: each commit is synced
        self.folder = Path(tempfile.mkdtemp(dir=shared if shared.is_dir() else None))
        self.now = NOW
        self.source = Source()
        self.phones = Phones()
        self.product = Product(self.folder, lambda: float(self.now))
        self.history = []
        self.read = 0
        self.is_connected = False
        self.cut_at = None
        self.excused = set()
        self.silent = set()
        self.minutes_since = 0
        self.compared: tuple | None = None
        self.steps = 0
        self.product.write(move_in)

    def note(self):
        """Take what the product has committed since into the history."""
        for change, arguments in self.product.committed[self.read :]:
            self.history += self._entries(change, arguments)
        self.read = len(self.product.committed)

    def _entries(self, change, arguments):
        match getattr(change, "__name__", type(change).__name__), arguments:
            case "Ingest", (step, now):
                yield from self._step(step, now)
            case "save_subscription", (wish, now):
                amount = wish.amount
                yield "wish", now, wish.chat, str(wish.kind), wish.address or wish.unit, amount
            case "end_subscription", (wish, now):
                yield "wish", now, wish.chat, str(wish.kind), wish.address or wish.unit, None
            case "save_mute", (chat, now, until):
                yield from (("mute", now, one, until) for one in listener(chat))
            case "end_mutes", (chat, now):
                yield from (("mute", now, one, 0) for one in listener(chat))

    def _step(self, step, now):
        match type(step).__name__:
            case "Pending":
                yield "announced", now, step.transactions
            case "Slice":
                yield "part", now, step.block, step.transactions, step.last
            case "Reorg":
                yield "reorg", now, step.ancestor
            case "Price":
                yield "price", now, step

    def happens(self, *events):
        """The source says something: it is heard where there is a connection."""
        if self.is_connected and self.product.take(events):
            self.lose_connection()
        self.note()

    def lose_connection(self):
        if self.is_connected:
            self.is_connected, self.cut_at = False, self.now


def move_in(db):
    """All chats, and the person who has two of them."""
    for listener_ in LISTENERS:
        person = None
        if len(listener_) > 1:
            person = save_person(db, PLATFORM, f"chat{listener_[0]}", "Ada", NOW).id
        for chat in listener_:
            made = save_chat(
                db, PLATFORMS.get(chat, PLATFORM), f"chat{chat}", "", "private", "",
                Defaults("en", "UTC", "USD"), NOW, person=person,
            )  # fmt: skip
            assert made.id == chat


def listener(chat):
    """All chats of whoever listens in one."""
    return next(chats for chats in LISTENERS if chat in chats)
