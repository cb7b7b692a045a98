"""Bursts, and what was kept: many messages that leave as one."""

from typing import NamedTuple

from sqlite_utils import Database

from storage.budget import tell_in_short
from storage.joining import group_into
from storage.model import Delivery
from storage.silence import settle

GROUPED_FROM = 3
"""So many alerts waiting for one chat become one message."""
GROUPED_AT_MOST = 30
"""As many lines as fit on a page that somebody still reads."""
DOUBTED_SECONDS = 300
"""For so long what may have arrived is said again as it was, or not at all."""
_NO_LIMIT = -1
_TOLD = (
    "(SELECT count(DISTINCT coalesce(nullif(a.transaction_hash, ''), a.id))"
    " FROM message_alerts x JOIN alerts a ON a.id = x.alert_id"
    " WHERE x.message_id = m.id AND x.mute_id IS NULL)"
)
"""How many transactions and other events a message `m` tells of."""
_PARTS = "(SELECT 1 + count(*) FROM messages g WHERE g.grouped_into = m.id)"
"""How many messages `m` was before they became one."""


class _Waiting(NamedTuple):
    """What is due in a chat beside a message that leaves."""

    delivery: int
    message: int
    told: int
    parts: int


def group_burst(db: Database, delivery: Delivery, now: float) -> None:
    """Move the alerts of other messages that wait for the chat into this one, if many do.

    What was kept for later is many from two on, joins only what was kept, and all of it does:
    what is more than a page is told in short. Else so much joins as fits on the page, a burst
    that was refused whole or not at all. What has arrived in part stays what it is, and so does
    what may have arrived a moment ago: a repeat is told by its own key.
    """
    kept = kept_of(db, delivery.message) != ""
    waiting = _waiting(db, delivery, now, kept=kept)
    if not waiting:
        return
    told, parts = _measured(db, delivery.message)
    joining, room = [], GROUPED_AT_MOST - told
    for other in waiting:
        if (kept or other.told <= room) and settle(db, other.delivery, now).leaves:
            joining.append(other)
            room -= other.told
    if not joining or (not kept and parts + sum(o.parts for o in joining) < GROUPED_FROM):
        return
    for other in joining:
        group_into(db, other.delivery, other.message, delivery.message, now)
    if room < 0:
        tell_in_short(db, delivery.message, now)


def _measured(db: Database, message: int) -> tuple[int, int]:
    row = db.conn.execute(f"SELECT {_TOLD}, {_PARTS} FROM messages m WHERE m.id = ?", (message,))
    told, parts = row.fetchone()
    return int(told), int(parts)


def _waiting(db: Database, delivery: Delivery, now: float, *, kept: bool) -> list[_Waiting]:
    """What is due in the chat, of alerts that nobody has seen."""
    rows = db.conn.execute(
        f"SELECT d.id, d.message_id, {_TOLD}, {_PARTS}"
        " FROM deliveries d JOIN messages m ON m.id = d.message_id"
        " WHERE d.chat_id = ? AND d.state = 'due' AND d.action = 'send' AND d.due_at <= ?"
        " AND m.body IS NULL AND m.reference = '' AND d.message_id != ?"
        " AND (d.kept != '') = ? AND coalesce(d.doubted_at, 0) <= ?"
        f" ORDER BY d.priority, d.id LIMIT {_NO_LIMIT if kept else GROUPED_AT_MOST}",
        (delivery.chat.id, now, delivery.message, kept, now - DOUBTED_SECONDS),
    )
    return [_Waiting(*row) for row in rows.fetchall()]


def kept_of(db: Database, message: int) -> str:
    """Why a message waited to be said together with others, "" where it did not."""
    (kept,) = db.conn.execute(
        "SELECT coalesce(max(kept), '') FROM deliveries WHERE message_id = ? AND action = 'send'",
        (message,),
    ).fetchone()
    return str(kept)
