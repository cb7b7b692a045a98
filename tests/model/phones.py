"""Where messages arrive: chats that keep what they were sent, and a platform that can fail."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from storage.model import Gone, Moved, Rejected, Retry, Sent

MARKS = {"⏳": "pending", "✅": "confirmed", "⚠": "replaced", "↩": "orphaned", "❔": "expired"}


@dataclass
class Post:
    """One message in a chat as it stands. `told`: what it ever named; `doubted`: what of that the
    sender does not know to have arrived; `stale`: a change was refused; `gone`: it can be
    changed no more.
    """

    reference: str
    chat: int
    message: Any
    answers: str
    stale: bool = False
    gone: bool = False
    told: set[str] = field(default_factory=set)
    doubted: set[str] = field(default_factory=set)

    def shows(self):
        """By transaction named, the state it is shown in, and the line that says so."""
        lines = ["".join(run.text for run in line) for line in self.message.lines]
        named = [
            (run.url.rpartition("/")[2], number)
            for number, line in enumerate(self.message.lines)
            for run in line
            if "/tx/" in run.url
        ]
        if len(named) == 1 and not self._is_grouped():
            ((hash_, _),) = named
            (line,) = [line for line in lines if _mark(line)]
            return {hash_: (_mark(line), line)}
        if self.answers:  # a verdict, a state and a link for each
            return {hash_: (_mark(lines[number - 1]), lines[number - 1]) for hash_, number in named}
        return {hash_: (_mark(lines[number]), lines[number]) for hash_, number in named}

    def _is_grouped(self):
        return "at once" in self.message.title[0].text


def _mark(line):
    return next((state for mark, state in MARKS.items() if line.startswith(mark)), "")


@dataclass
class Network:
    """The platform by one of its names: what it is asked to do, the phones do."""

    name: str
    phones: "Phones"

    async def turn(self, chat, priority):
        pass

    async def send(self, *said):
        return await self.phones.send(*said)


@dataclass
class Phones:
    """What is behind all platforms. `script` says what becomes of the next calls; after it all
    goes well.
    """

    posts: list[Post] = field(default_factory=list)
    script: list[str] = field(default_factory=list)
    rejected: list[tuple[int, Any]] = field(default_factory=list)
    store: Any = None
    lost: int = 0

    def __post_init__(self):
        self._numbers = itertools.count(1)

    async def send(self, chat, message, edits="", answers="", key=""):
        self.store.live()
        fate = self.script.pop(0) if self.script else "sent"
        if edits and self._post(edits).gone:
            return Gone("it is too old")
        verdict = getattr(self, f"_{fate.replace(' ', '_')}")(chat, message, edits, answers)
        self.store.live()
        return verdict

    def _post(self, reference):
        return next(post for post in self.posts if post.reference == reference)

    def _arrives(self, chat, message, edits, answers):
        if edits:
            post = self._post(edits)
            post.message, post.stale = message, False
        else:
            post = Post(str(next(self._numbers)), chat.id, message, answers)
            self.posts.append(post)
        post.told |= post.shows().keys()
        post.doubted -= post.shows().keys()
        return Sent(post.reference)

    def _arrives_in_doubt(self, chat, message, edits, answers):
        known = set(self._post(edits).told) if edits else set()
        post = self._post(self._arrives(chat, message, edits, answers).reference)
        post.doubted |= post.shows().keys() - known

    def _sent(self, chat, message, edits, answers):
        return self._arrives(chat, message, edits, answers)

    def _lost(self, chat, message, edits, answers):
        """It arrived, but the answer did not come back."""
        self.lost += 1
        self._arrives_in_doubt(chat, message, edits, answers)
        return Retry(5.0, "timed out")

    def _retry(self, chat, message, edits, answers):
        return Retry(3.0, "busy")

    def _rejected(self, chat, message, edits, answers):
        if edits:
            self._post(edits).stale = True
        else:
            post = Post("", chat.id, message, answers)
            self.rejected += [(chat.id, hash_) for hash_ in post.shows()]
        return Rejected("it is refused")

    def _parks(self, chat, message, edits, answers):
        return Rejected("blocked", parks=True)

    def _moved(self, chat, message, edits, answers):
        for post in self.posts:
            post.gone |= post.chat == chat.id
        return Moved(f"{chat.address}+")

    def _gone(self, chat, message, edits, answers):
        if not edits:
            return self._arrives(chat, message, edits, answers)
        self._post(edits).gone = True
        return Gone("it is too old")

    def _dies_before(self, chat, message, edits, answers):
        self.store.die()

    def _dies_after(self, chat, message, edits, answers):
        self._arrives_in_doubt(chat, message, edits, answers)
        self.store.die()
