"""How what is due leaves.

A delivery is 'due', is marked 'sending' before the call, and is closed by its verdict.
What is 'sending' when the process starts has an unknown outcome and is due again: this
may repeat a message, and never loses one.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from storage.chats import chat_by_id
from storage.listeners import stand_by_together, stand_down, step_in
from storage.model import Delivery, Message, Priority

GROUPED_FROM = 3
"""So many alerts waiting for one chat become one message."""
GROUPED_AT_MOST = 30
"""As many lines as fit on a page that somebody still reads."""
_CANDIDATES = 500
_CAN_LEAVE = "d.state = 'due' AND c.parked = '' AND (d.action != 'edit' OR m.reference != '')"
"""An edit waits for the message that it changes; `d`, `c` and `m` as in `claim`."""


def reopen_unfinished(db: Database) -> int:
    """At the start: what was being sent when the process ended is due again."""
    return int(
        db.conn.execute(
            "UPDATE deliveries SET state = 'due', reason = 'the outcome was lost in a restart'"
            " WHERE state = 'sending'"
        ).rowcount
    )


def claim(db: Database, room: Mapping[str, int], now: float) -> list[Delivery]:
    """Mark what leaves next as 'sending': the most urgent first, one a chat at a time.

    `room` is how many may leave on each platform. What is due in a chat that is muted, or
    told nothing, is closed as such.
    """
    step_in(db, tuple(room), now)
    claimed: list[Delivery] = []
    left = dict(room)
    while open_ := [platform for platform, free in left.items() if free > 0]:
        rows = _candidates(db, open_, now)
        claimed += _claim(db, rows, now, left)
        if len(rows) < _CANDIDATES:
            break  # else one chat may hide the others: it is sending now, so look past it
    return claimed


_Candidate: TypeAlias = tuple[
    int, int, int, str, Literal["send", "edit", "reply"], int, int, str, bool, bool
]


def _candidates(db: Database, platforms: Iterable[str], now: float) -> list[_Candidate]:
    rows = db.conn.execute(
        "SELECT d.id, d.message_id, d.chat_id, c.platform, d.action, d.priority, d.attempts,"
        " m.reference, m.body IS NULL, NOT c.bound OR EXISTS (SELECT 1 FROM mutes u WHERE"
        "  (u.chat_id = c.id OR u.person_id = c.person_id) AND u.ended_at IS NULL AND u.until > ?1)"
        " FROM deliveries d JOIN messages m ON m.id = d.message_id"
        " JOIN chats c ON c.id = d.chat_id"
        f" WHERE {_CAN_LEAVE} AND d.due_at <= ?1"
        " AND c.platform IN (SELECT value FROM json_each(?2))"
        " AND NOT EXISTS (SELECT 1 FROM deliveries s WHERE s.chat_id = d.chat_id"
        "  AND s.state = 'sending')"
        " ORDER BY d.priority, d.due_at, d.id LIMIT ?3",
        (now, msgspec.json.encode(list(platforms)).decode(), _CANDIDATES),
    )
    return list(rows.fetchall())


def _claim(
    db: Database, rows: Iterable[_Candidate], now: float, left: dict[str, int]
) -> list[Delivery]:
    """Claim as far as there is room `left`, which becomes less by it."""
    claimed: dict[int, Delivery] = {}
    for id_, message, chat, platform, action, priority, attempts, reference, alert, muted in rows:
        if not any(left.values()):
            break
        if muted and alert and action != "edit":
            close_muted(db, id_, message, now)
        elif chat not in claimed and left[platform] > 0:
            left[platform] -= 1
            claimed[chat] = _start(db, id_, message, chat, action, priority, attempts, reference)
    return list(claimed.values())


def close_muted(db: Database, delivery: int, message: int, now: float) -> None:
    """Keep back what is due in a chat that wants silence.

    A mute is that of all private chats of a person; where only this chat is told nothing,
    another one may still step in.
    """
    close_delivery(db, delivery, "muted", "", now)
    (bound,) = db.conn.execute(
        "SELECT c.bound FROM deliveries d JOIN chats c ON c.id = d.chat_id WHERE d.id = ?",
        (delivery,),
    ).fetchone()
    if bound:
        stand_down(db, message, now)
    close_edits(db, message, now)


def _start(
    db: Database,
    id_: int,
    message: int,
    chat: int,
    action: Literal["send", "edit", "reply"],
    priority: int,
    attempts: int,
    reference: str,
) -> Delivery:
    db.conn.execute(
        "UPDATE deliveries SET state = 'sending', attempts = attempts + 1 WHERE id = ?", (id_,)
    )
    return Delivery(
        id_, message, chat_by_id(db, chat), action, Priority(priority), attempts + 1, reference
    )


def group_burst(db: Database, delivery: Delivery, now: float) -> None:
    """Move the alerts of other messages that wait for the chat into this one, if many do.

    A message that tells of a burst already, and is tried again, stays what it is.
    """
    (told,) = db.conn.execute(
        "SELECT count(DISTINCT a.transaction_hash) FROM message_alerts m"
        " JOIN alerts a ON a.id = m.alert_id WHERE m.message_id = ?",
        (delivery.message,),
    ).fetchone()
    rows = db.conn.execute(
        "SELECT d.id, d.message_id FROM deliveries d JOIN messages m ON m.id = d.message_id"
        " WHERE d.chat_id = ? AND d.state = 'due' AND d.action = 'send' AND d.due_at <= ?"
        " AND m.body IS NULL AND d.message_id != ?"
        " AND NOT EXISTS (SELECT 1 FROM messages g WHERE g.grouped_into = m.id)"
        " ORDER BY d.priority, d.id LIMIT ?",
        (delivery.chat.id, now, delivery.message, max(GROUPED_AT_MOST - told, 0)),
    ).fetchall()
    if len(rows) < GROUPED_FROM - 1:
        return
    for other_delivery, other in rows:
        _group(db, other, delivery.message)
        stand_by_together(db, other, delivery.message, now)
        close_delivery(db, other_delivery, "grouped", "", now)
        close_edits(db, other, now)


def _group(db: Database, message: int, into: int) -> None:
    db.conn.execute(
        "UPDATE OR IGNORE message_alerts SET message_id = ? WHERE message_id = ?", (into, message)
    )
    db.conn.execute("UPDATE messages SET grouped_into = ? WHERE id = ?", (into, message))


def close_delivery(db: Database, delivery: int, state: str, reason: str, now: float) -> None:
    """Nothing more comes of a delivery; the state and the reason say why."""
    db.conn.execute(
        "UPDATE deliveries SET state = ?, reason = ?, closed_at = ? WHERE id = ?",
        (state, reason, int(now), delivery),
    )


def close_edits(db: Database, message: int, now: float) -> None:
    """What is not said needs no change."""
    db.conn.execute(
        "UPDATE deliveries SET state = 'needless', closed_at = ? WHERE message_id = ?"
        " AND action = 'edit' AND state = 'due'",
        (int(now), message),
    )


def notice_of(db: Database, message: int) -> Message | None:
    """The body of a message that was written when it was enqueued; None for alerts."""
    (body,) = db.conn.execute("SELECT body FROM messages WHERE id = ?", (message,)).fetchone()
    return None if body is None else msgspec.json.decode(body, type=Message)


def shown_of(db: Database, message: int) -> str:
    """What the chat was last shown of a message: `HASH:STATE` for each transaction."""
    row = db.conn.execute("SELECT shown FROM messages WHERE id = ?", (message,)).fetchone()
    return str(row[0])


def close_needless(db: Database, delivery: Delivery, now: float) -> None:
    """Close an edit that would change nothing."""
    close_delivery(db, delivery.id, "needless", "", now)


class OutboxStatus(Struct, frozen=True):
    """How much waits and what became of the rest; `oldest_due_at` where anything waits."""

    due: int
    sending: int
    parked: int
    oldest_due_at: float | None
    closed: dict[str, int]


def outbox_status(db: Database, since: int) -> OutboxStatus:
    """The outbox now, and what was closed since a time by its state."""
    due, sending, parked, oldest = db.conn.execute(
        "SELECT coalesce(sum(d.state = 'due' AND c.parked = ''), 0),"
        " coalesce(sum(d.state = 'sending'), 0), coalesce(sum(c.parked != ''), 0),"
        " min(CASE WHEN d.state = 'due' AND c.parked = '' THEN d.due_at END)"
        " FROM deliveries d JOIN chats c ON c.id = d.chat_id"
        " WHERE d.state IN ('due', 'sending')"
    ).fetchone()
    closed = dict(
        db.conn.execute(
            "SELECT state, count(*) FROM deliveries WHERE closed_at >= ? GROUP BY state", (since,)
        ).fetchall()
    )
    return OutboxStatus(due, sending, parked, oldest, closed)


def next_due_at(db: Database, platforms: Iterable[str]) -> float | None:
    """When the next delivery of these platforms is due."""
    row = db.conn.execute(
        "SELECT min(d.due_at) FROM deliveries d JOIN messages m ON m.id = d.message_id"
        f" JOIN chats c ON c.id = d.chat_id WHERE {_CAN_LEAVE}"
        " AND c.platform IN (SELECT value FROM json_each(?))",
        (msgspec.json.encode(list(platforms)).decode(),),
    ).fetchone()
    return None if row[0] is None else float(row[0])


def muted_since(db: Database, chat: int, since: int) -> int:
    """How many alerts a mute kept back, in a chat or in all private chats of its person."""
    row = db.conn.execute(
        "SELECT count(*) FROM chats c JOIN chats o ON o.id = c.id OR o.person_id = c.person_id"
        " JOIN deliveries d ON d.chat_id = o.id"
        " WHERE c.id = ? AND d.state = 'muted' AND d.closed_at >= ?",
        (chat, since),
    ).fetchone()
    return int(row[0])
