"""What became of an alert in a chat: which subscription asked for it, and each step of its way.

A person's private chats are one here: an alert may stand in any of them.
"""

from typing import Literal

from msgspec import Struct
from sqlite_utils import Database

from detectors.model import Alert
from storage.alerts import Story, alerts_by_id, story_of
from storage.listeners import OURS
from storage.mutes import mute_from_row
from storage.ruling import Mute
from storage.subscriptions import Lasting, subscriptions_by_id

_BEFORE = "(m.created_at, m.id) < (?2, ?3)"
_AFTER = "(m.created_at, m.id) > (?2, ?3)"
_END = (2**62, 2**62)
_ALERTING = "m.body IS NULL AND m.grouped_into IS NULL"


class Step(Struct, frozen=True):
    """A delivery, as far as it came: see the table `deliveries`."""

    chat: int
    platform: str
    parked: str
    action: Literal["send", "edit", "reply"]
    state: str
    attempts: int
    reason: str
    kept: str
    due_at: float
    created_at: int
    closed_at: int | None


class Muting(Struct, frozen=True):
    """A mute that kept something back; `by` named who muted in a chat of many, "" for unknown."""

    mute: Mute
    ended_at: int | None
    by: str


class Part(Struct, frozen=True):
    """An alert of a message, what it answers to, and what kept it back."""

    alert: Alert
    asking: Lasting | None
    muting: Muting | None


class Telling(Struct, frozen=True):
    """A message with alerts, and its way; `collects`: it tells what is more than the budget.

    `earlier` and `later` are the messages with alerts before and after it.
    """

    message: int
    chat: int
    collects: bool
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    earlier: int | None = None
    later: int | None = None

    def of(self, story: Story) -> tuple[Part, ...]:
        """What of it makes a story."""
        return tuple(part for part in self.parts if part.alert in story.alerts)

    def about(self, hash_: str) -> tuple[Part, ...]:
        """What it tells of a transaction."""
        return tuple(part for part in self.parts if part.alert.transaction == hash_)


def newest_telling(db: Database, chat: int) -> int | None:
    """The number of the newest message with alerts, also of one that was not told."""
    found = [_beside(db, each, _BEFORE, "DESC", *_END) for each in _ours(db, chat)]
    return max((number for number in found if number is not None), default=None)


def telling_about(db: Database, chat: int, chain: str, hash_: str) -> int | None:
    """The number of the newest message about a transaction."""
    (number,) = db.conn.execute(
        "SELECT max(m.id) FROM alerts a JOIN message_alerts x ON x.alert_id = a.id"
        f" JOIN messages m ON m.id = x.message_id WHERE m.chat_id IN ({OURS})"
        " AND a.chain = ?2 AND a.transaction_hash = ?3",
        (chat, chain, hash_),
    ).fetchone()
    return None if number is None else int(number)


def telling(db: Database, chat: int, number: int) -> Telling | None:
    """What became of a message with alerts; None where the chat has none of this number."""
    row = db.conn.execute(
        "SELECT m.id, m.chat_id, m.created_at, m.collects_until IS NOT NULL FROM messages n"
        " JOIN messages m ON m.id = coalesce(n.grouped_into, n.id)"
        f" WHERE n.id = ?2 AND m.chat_id IN ({OURS}) AND m.body IS NULL",
        (chat, number),
    ).fetchone()
    if row is None:
        return None
    message, stands, created_at, collects = row
    beside = (created_at, message)
    ours = _ours(db, chat)
    before = [_beside(db, each, _BEFORE, "DESC", *beside) for each in ours]
    after = [_beside(db, each, _AFTER, "ASC", *beside) for each in ours]
    return Telling(
        message, stands, bool(collects), _parts(db, message), _steps(db, message),
        max((each for each in before if each is not None), default=None),
        min((each for each in after if each is not None), default=None),
    )  # fmt: skip


def stories_of_telling(db: Database, found: Telling, now: int) -> list[Story]:
    """What a message is about, also what of it was muted: a story a transaction, newest first."""
    grouped: dict[tuple[str, str, int], list[Alert]] = {}
    for index, part in enumerate(found.parts):
        alone = 0 if part.alert.transaction else index + 1
        key = (part.alert.chain, part.alert.transaction, alone)
        grouped.setdefault(key, []).append(part.alert)
    return [
        story_of(db, chain, hash_, tuple(alerts), "", now)
        for (chain, hash_, _), alerts in grouped.items()
    ]


def _ours(db: Database, chat: int) -> list[int]:
    return [id_ for (id_,) in db.conn.execute(OURS, (chat,)).fetchall()]


def _beside(
    db: Database, chat: int, where: str, order: str, created_at: int, message: int
) -> int | None:
    """The next message with alerts of one chat."""
    row = db.conn.execute(
        f"SELECT m.id FROM messages m WHERE m.chat_id = ?1 AND {_ALERTING} AND {where}"
        " AND EXISTS (SELECT 1 FROM message_alerts x WHERE x.message_id = m.id)"
        f" ORDER BY m.created_at {order}, m.id {order} LIMIT 1",
        (chat, created_at, message),
    ).fetchone()
    return None if row is None else int(row[0])


def _parts(db: Database, message: int) -> tuple[Part, ...]:
    """The alerts of a message, the newest first."""
    rows = db.conn.execute(
        "SELECT alert_id, subscription_id, mute_id FROM message_alerts WHERE message_id = ?"
        " ORDER BY alert_id DESC",
        (message,),
    ).fetchall()
    alerts = alerts_by_id(db, [alert for alert, _, _ in rows])
    asking = subscriptions_by_id(db, [subscription for _, subscription, _ in rows])
    mutes = {mute: _muting(db, mute) for _, _, mute in rows if mute is not None}
    return tuple(Part(alerts[a], asking.get(s), mutes.get(mute)) for a, s, mute in rows)


def _muting(db: Database, mute: int) -> Muting:
    *row, ended_at, by = db.conn.execute(
        "SELECT u.id, u.scope, u.chain, u.subject, u.since, u.until, u.ended_at,"
        " (SELECT a.name FROM audit a WHERE a.at = u.since AND a.chat_id = u.chat_id"
        "  AND a.command LIKE '/mute%' LIMIT 1) FROM mutes u WHERE u.id = ?",
        (mute,),
    ).fetchone()
    return Muting(mute_from_row(tuple(row)), ended_at, by or "")


def _steps(db: Database, message: int) -> tuple[Step, ...]:
    rows = db.conn.execute(
        "SELECT d.chat_id, c.platform, c.parked, d.action, d.state, d.attempts, d.reason, d.kept,"
        " d.due_at, d.created_at, d.closed_at FROM deliveries d JOIN chats c ON c.id = d.chat_id"
        " WHERE d.message_id = ? ORDER BY d.id",
        (message,),
    )
    return tuple(Step(*row) for row in rows)
