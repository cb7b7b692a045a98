"""Bursts, and what was kept: many messages that leave as one."""

from sqlite_utils import Database

from storage.budget import tell_in_short
from storage.joining import group_into
from storage.model import Delivery
from storage.silence import settle

GROUPED_FROM = 3
"""So many alerts waiting for one chat become one message."""
GROUPED_AT_MOST = 30
"""As many lines as fit on a page that somebody still reads."""
_ALL = None


def group_burst(db: Database, delivery: Delivery, now: float) -> None:
    """Move the alerts of other messages that wait for the chat into this one, if many do.

    What was kept for later is many from two on, joins only what was kept, and all of it does:
    what is more than a page is told in short. A message that tells of a burst already,
    and is tried again, stays what it is, and so does one of which a part has arrived.
    """
    kept = kept_of(db, delivery.message) != ""
    told = _count_told(db, delivery.message)
    most = _ALL if kept else max(GROUPED_AT_MOST - told, 0)
    rows = _waiting(db, delivery, now, kept=kept)[:most]
    joining = [row for row in rows if settle(db, row[0], now).leaves]
    if len(joining) < (1 if kept else GROUPED_FROM - 1):
        return
    for other_delivery, other in joining:
        group_into(db, other_delivery, other, delivery.message, now)
    if kept and told + len(joining) > GROUPED_AT_MOST:
        tell_in_short(db, delivery.message, now)


def _count_told(db: Database, message: int) -> int:
    (told,) = db.conn.execute(
        "SELECT count(DISTINCT coalesce(nullif(a.transaction_hash, ''), a.id))"
        " FROM message_alerts m JOIN alerts a ON a.id = m.alert_id"
        " WHERE m.message_id = ? AND m.mute_id IS NULL",
        (message,),
    ).fetchone()
    return int(told)


def _waiting(db: Database, delivery: Delivery, now: float, *, kept: bool) -> list[tuple[int, int]]:
    """Other (delivery, message) that are due in the chat, of alerts that nobody has seen."""
    return list(
        db.conn.execute(
            "SELECT d.id, d.message_id FROM deliveries d JOIN messages m ON m.id = d.message_id"
            " WHERE d.chat_id = ? AND d.state = 'due' AND d.action = 'send' AND d.due_at <= ?"
            " AND m.body IS NULL AND m.reference = '' AND d.message_id != ?"
            " AND (d.kept != '') = ?"
            " AND NOT EXISTS (SELECT 1 FROM messages g WHERE g.grouped_into = m.id)"
            " ORDER BY d.priority, d.id",
            (delivery.chat.id, now, delivery.message, kept),
        ).fetchall()
    )


def kept_of(db: Database, message: int) -> str:
    """Why a message waited to be said together with others, "" where it did not."""
    (kept,) = db.conn.execute(
        "SELECT coalesce(max(kept), '') FROM deliveries WHERE message_id = ? AND action = 'send'",
        (message,),
    ).fetchone()
    return str(kept)
