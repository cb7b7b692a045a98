"""The end of deliveries of which nothing more comes."""

from sqlite_utils import Database

from storage.model import Delivery


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


def close_needless(db: Database, delivery: Delivery, now: float) -> None:
    """Close an edit that would change nothing."""
    close_delivery(db, delivery.id, "needless", "", now)
