"""Bursts, and what was kept: many messages that leave as one."""

from sqlite_utils import Database

from storage.joining import group_into
from storage.model import Delivery
from storage.silence import settle

GROUPED_FROM = 3
"""So many alerts waiting for one chat become one message."""
GROUPED_AT_MOST = 30
"""As many lines as fit on a page that somebody still reads."""


def group_burst(db: Database, delivery: Delivery, now: float) -> None:
    """Move the alerts of other messages that wait for the chat into this one, if many do.

    What was kept for later is many from two on. A message that tells of a burst already,
    and is tried again, stays what it is, and so does one of which a part has arrived.
    """
    (told,) = db.conn.execute(
        "SELECT count(DISTINCT coalesce(nullif(a.transaction_hash, ''), a.id))"
        " FROM message_alerts m JOIN alerts a ON a.id = m.alert_id"
        " WHERE m.message_id = ? AND m.mute_id IS NULL",
        (delivery.message,),
    ).fetchone()
    rows = db.conn.execute(
        "SELECT d.id, d.message_id FROM deliveries d JOIN messages m ON m.id = d.message_id"
        " WHERE d.chat_id = ? AND d.state = 'due' AND d.action = 'send' AND d.due_at <= ?"
        " AND m.body IS NULL AND m.reference = '' AND d.message_id != ?"
        " AND NOT EXISTS (SELECT 1 FROM messages g WHERE g.grouped_into = m.id)"
        f" ORDER BY d.priority, d.id LIMIT {GROUPED_AT_MOST}",
        (delivery.chat.id, now, delivery.message),
    ).fetchall()
    free = max(GROUPED_AT_MOST - told, 0)
    joining = [row for row in rows[:free] if settle(db, row[0], now).leaves]
    if len(joining) < (1 if kept_of(db, delivery.message) else GROUPED_FROM - 1):
        return
    for other_delivery, other in joining:
        group_into(db, other_delivery, other, delivery.message, now)


def kept_of(db: Database, message: int) -> str:
    """Why a message waited to be said together with others, "" where it did not."""
    (kept,) = db.conn.execute(
        "SELECT coalesce(max(kept), '') FROM deliveries WHERE message_id = ? AND action = 'send'",
        (message,),
    ).fetchone()
    return str(kept)


def still_kept(db: Database, delivery: Delivery, now: float) -> int:
    """How much of what was kept in its chat is to follow a delivery that is being sent."""
    (count,) = db.conn.execute(
        "SELECT count(*) FROM deliveries WHERE chat_id = ? AND state = 'due' AND action = 'send'"
        " AND kept != '' AND due_at <= ?",
        (delivery.chat.id, now),
    ).fetchone()
    return int(count) if delivery.action == "send" else 0
