"""How what is due leaves.

A delivery is 'due', is marked 'sending' before the call, and is closed by its verdict.
What is 'sending' when the process starts has an unknown outcome and is due again: this
may repeat a message, and never loses one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec
from sqlite_utils import Database

from storage._sqlite import is_trouble
from storage.chats import chat_by_id
from storage.listeners import step_in
from storage.model import Delivery, Message, Priority
from storage.ruling import Kept
from storage.silence import WISHES, settle

_CANDIDATES = 500
"""Spelled out in the statement: SQLite plans anew each time that a bound LIMIT is given."""
_AHEAD_SECONDS = 2 * 86400
_OPEN = (
    "deliveries d CROSS JOIN messages m ON m.id = d.message_id"
    " CROSS JOIN chats c ON c.id = d.chat_id WHERE d.state IN ('due', 'sending')"
)
"""CROSS and the index of these words let SQLite begin with what is open, not with all chats."""
_CAN_LEAVE = (
    "d.state = 'due' AND d.chat_id NOT IN (SELECT id FROM chats WHERE parked != '')"
    " AND (d.action != 'edit' OR m.reference != '')"
)
"""An edit waits for the message that it changes; `d` and `m` as in `_OPEN`.

What waits in parked chats may be much, and is passed over by the index alone.
"""


class UnsettledError(Exception):
    """It cannot be decided what happens to a delivery; its id, and the platform of its chat."""

    def __init__(self, delivery: int, platform: str) -> None:
        super().__init__(f"delivery {delivery}")
        self.delivery = delivery
        self.platform = platform


def reopen_unfinished(db: Database, now: float) -> int:
    """At the start: what was being sent when the process ended is due again.

    It may have arrived, so that its chat is given time anew before another one steps in.
    """
    return int(
        db.conn.execute(
            "UPDATE deliveries SET state = 'due', created_at = ?1, doubted_at = ?1,"
            " reason = 'the outcome was lost in a restart'"
            " WHERE state IN ('due', 'sending') AND state = 'sending'",
            (int(now),),
        ).rowcount
    )


def claim(db: Database, most: Mapping[str, int], now: float) -> list[Delivery]:
    """Mark what leaves next as 'sending': the most urgent first, one a chat at a time.

    `most` is how many may be 'sending' on each platform. What its chat does not want to hear
    now is kept, or closed, instead (`silence.settle`). Raises `UnsettledError` where that fails.
    """
    step_in(db, tuple(most), now)
    claimed: list[Delivery] = []
    left = {platform: room - _sending(db, platform) for platform, room in most.items()}
    while open_ := [platform for platform, free in left.items() if free > 0]:
        edited = [platform for platform in open_ if left[platform] > _no_edits(most[platform])]
        rows = _candidates(db, open_, edited, now)
        claimed += _claim(db, rows, now, left, most)
        if len(rows) < _CANDIDATES:
            break  # else one chat may hide the others: it is sending now, so look past it
    return claimed


def _sending(db: Database, platform: str) -> int:
    (count,) = db.conn.execute(
        f"SELECT count(*) FROM {_OPEN} AND d.state = 'sending' AND c.platform = ?",
        (platform,),
    ).fetchone()
    return int(count)


_Candidate: TypeAlias = tuple[
    int, int, int, str, Literal["send", "edit", "reply"], int, int, str, bool
]


def _no_edits(most: int) -> int:
    """How much of the room edits leave: each may wait for the turn of a busy group for a minute."""
    return most // 3


def _candidates(
    db: Database, platforms: Sequence[str], edited: Sequence[str], now: float
) -> list[_Candidate]:
    rows = db.conn.execute(
        "SELECT d.id, d.message_id, d.chat_id, c.platform, d.action, d.priority, d.attempts,"
        f" m.reference, {WISHES} FROM {_OPEN} AND {_CAN_LEAVE} AND d.due_at <= ?1"
        " AND c.platform IN (SELECT value FROM json_each(?2))"
        " AND (d.action != 'edit' OR c.platform IN (SELECT value FROM json_each(?3)))"
        " AND NOT EXISTS (SELECT 1 FROM deliveries s WHERE s.chat_id = d.chat_id"
        "  AND s.state = 'sending')"
        f" ORDER BY d.priority, d.due_at, d.id LIMIT {_CANDIDATES}",
        (now, *(msgspec.json.encode(names).decode() for names in (platforms, edited))),
    )
    return list(rows.fetchall())


def _claim(
    db: Database,
    rows: Iterable[_Candidate],
    now: float,
    left: dict[str, int],
    most: Mapping[str, int],
) -> list[Delivery]:
    """Claim as far as there is room `left`, of at `most`; it becomes less by it."""
    claimed: dict[int, Delivery] = {}
    for id_, message, chat, platform, action, priority, attempts, reference, held in rows:
        if not any(free > 0 for free in left.values()):
            break
        full_at = _no_edits(most[platform]) if action == "edit" else 0
        if chat in claimed or left[platform] <= full_at:
            continue
        if not held or _leaves(db, id_, platform, now):
            left[platform] -= 1
            claimed[chat] = _start(db, id_, message, chat, action, priority, attempts, reference)
    return list(claimed.values())


def _leaves(db: Database, delivery: int, platform: str, now: float) -> bool:
    try:
        return settle(db, delivery, now).leaves
    except Exception as error:  # the boundary around one delivery: others must leave
        if is_trouble(error):
            raise
        raise UnsettledError(delivery, platform) from error


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
    (arrived,) = db.conn.execute(
        "UPDATE deliveries SET state = 'sending', attempts = attempts + 1 WHERE id = ?"
        " RETURNING reference",
        (id_,),
    ).fetchone()
    there = chat_by_id(db, chat)
    return Delivery(
        id_, message, there, action, Priority(priority), attempts + 1, reference, arrived
    )


def put_back(db: Database, delivery: int, due_at: float) -> None:
    """What was claimed is due later, and has not been tried."""
    db.conn.execute(
        "UPDATE deliveries SET attempts = attempts - 1, state = 'due', due_at = ? WHERE id = ?",
        (due_at, delivery),
    )


def due_after_all(db: Database, now: float) -> None:
    """What a clock that was wrong for a while made due in days, or years, is due.

    Only a pause keeps anything for so long.
    """
    db.conn.execute(
        "UPDATE deliveries SET due_at = ?1 WHERE state IN ('due', 'sending') AND state = 'due'"
        " AND due_at > ?1 + ?2 AND kept != ?3",
        (now, _AHEAD_SECONDS, Kept.PAUSE),
    )


def put_off(db: Database, delivery: int, due_at: float, reason: str) -> None:
    """What cannot be claimed is tried again later."""
    db.conn.execute(
        "UPDATE deliveries SET due_at = ?, reason = ? WHERE id = ?", (due_at, reason, delivery)
    )


def due_now(db: Database, deliveries: Iterable[int], now: float) -> None:
    """What was put back may leave."""
    db.conn.executemany(
        "UPDATE deliveries SET due_at = min(due_at, ?) WHERE id = ? AND state = 'due'",
        [(now, delivery) for delivery in deliveries],
    )


def notice_of(db: Database, message: int) -> Message | None:
    """The body of a message that was written when it was enqueued; None for alerts."""
    (body,) = db.conn.execute("SELECT body FROM messages WHERE id = ?", (message,)).fetchone()
    return None if body is None else msgspec.json.decode(body, type=Message)


def shown_of(db: Database, message: int) -> str:
    """What the chat was last shown of a message: `HASH:STATE` for each transaction."""
    row = db.conn.execute("SELECT shown FROM messages WHERE id = ?", (message,)).fetchone()
    return str(row[0])


def next_due_at(db: Database, platforms: Iterable[str]) -> float | None:
    """When the next delivery of these platforms is due."""
    row = db.conn.execute(
        f"SELECT d.due_at FROM {_OPEN} AND {_CAN_LEAVE}"
        " AND c.platform IN (SELECT value FROM json_each(?)) ORDER BY d.due_at LIMIT 1",
        (msgspec.json.encode(list(platforms)).decode(),),
    ).fetchone()
    return None if row is None else float(row[0])
