"""What people were promised by the answers to what they asked, and what a database keeps of it."""

import math
import re
from collections import defaultdict
from typing import NamedTuple

BTC = 10**8


class Said(NamedTuple):
    """Something that was asked (`by_bot` is false) or answered, and when."""

    time: float
    by_bot: bool
    text: str


ASKED = (
    ("threshold", re.compile(r"/threshold whales (\S+) BTC"), None),
    ("watch", re.compile(r"/watch \S+ (\S+)"), True),
    ("watch", re.compile(r"/unwatch (\S+)"), False),
    ("mute", re.compile(r"/mute"), True),
    ("mute", re.compile(r"/unmute"), False),
)
ANSWERED = (
    ("threshold", re.compile(r"Whale alerts from (\S+) BTC on\."), None),
    ("watch", re.compile(r"Watching (label\d+)\."), True),
    ("watch", re.compile(r"(label\d+) is watched already\."), True),
    ("watch", re.compile(r"No longer watching (label\d+)\."), False),
    ("mute", re.compile(r"Muted until"), True),
    ("mute", re.compile(r"Alerts are on again|Nothing is muted here"), False),
)
"""What it is about, how it reads, and what is so then: None where the text names it."""


def promises(chat, talk):
    """By what was answered in a chat, all that may be so by now.

    An answer settles what it is about; a question without an answer may have been heard or not.
    """
    settled: dict = {}
    open_: dict = defaultdict(list)
    for said in sorted(talk):
        for subject, value in _meant(chat, said):
            waiting = open_[subject]
            if not said.by_bot:
                waiting.append(value)
                continue
            settled[subject] = value
            if value in waiting:  # answers come in the order of the questions
                del waiting[: waiting.index(value) + 1]
    return {subject: {value, *open_[subject]} for subject, value in settled.items()}


def _meant(chat, said):
    for kind, pattern, value in ANSWERED if said.by_bot else ASKED:
        for found in pattern.finditer(said.text):
            about = found[1] if kind == "watch" else chat
            yield (kind, about), found[1] if value is None else value


def kept(rows):
    """What a database says of the same; what it does not name is False. `rows` runs a query."""
    return (
        {
            ("watch", label): True
            for (label,) in rows(
                "SELECT label FROM subscriptions WHERE until IS NULL AND kind = 'watch'"
            )
        }
        | {
            ("threshold", chat): in_btc(int(amount))
            for chat, amount in rows(
                "SELECT CAST(c.address AS INTEGER), s.amount FROM subscriptions s"
                " JOIN chats c ON c.id = s.chat_id WHERE s.until IS NULL AND s.kind = 'whales'"
            )
        }
        | {
            ("mute", chat): True
            for (chat,) in rows(
                "SELECT CAST(c.address AS INTEGER) FROM mutes m JOIN chats c"
                " ON c.id = m.chat_id OR c.person_id = m.person_id"
                " WHERE m.ended_at IS NULL AND m.until > unixepoch()"
            )
        }
    )


def forgotten(crowd, rows, until=math.inf):
    """Answered commands whose effect is not in the database, by what they were about."""
    now = kept(rows)
    return [
        (subject, values)
        for member in crowd.members
        for subject, values in promises(member.person.id, crowd.talk(member, until)).items()
        if now.get(subject, False) not in values
    ]


def in_btc(amount):
    """An exact amount as people write it."""
    return f"{amount // BTC}.{amount % BTC:08d}".rstrip("0").rstrip(".")
