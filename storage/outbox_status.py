"""What waits in the outbox and what became of the rest, for `/status`."""

from msgspec import Struct
from sqlite_utils import Database


class OutboxStatus(Struct, frozen=True):
    """How much waits and what became of the rest; `oldest_due_at` where anything waits.

    `kept` wait for the end of quiet hours or of a pause.
    """

    due: int
    kept: int
    sending: int
    parked: int
    oldest_due_at: float | None
    closed: dict[str, int]


def outbox_status(db: Database, since: int, now: float) -> OutboxStatus:
    """The outbox now, and what was closed since a time by its state."""
    waits, is_kept = "d.state = 'due' AND c.parked = ''", "(d.kept != '' AND d.due_at > ?)"
    due, kept, sending, parked, oldest = db.conn.execute(
        f"SELECT coalesce(sum({waits} AND NOT {is_kept}), 0),"
        f" coalesce(sum({waits} AND {is_kept}), 0),"
        " coalesce(sum(d.state = 'sending'), 0), coalesce(sum(c.parked != ''), 0),"
        f" min(CASE WHEN {waits} THEN d.due_at END)"
        " FROM deliveries d JOIN chats c ON c.id = d.chat_id"
        " WHERE d.state IN ('due', 'sending')",
        (now, now),
    ).fetchone()
    closed = dict(
        db.conn.execute(
            "SELECT state, count(*) FROM deliveries WHERE closed_at >= ? GROUP BY state", (since,)
        ).fetchall()
    )
    return OutboxStatus(due, kept, sending, parked, oldest, closed)
