"""One message that tells what another was to."""

from sqlite_utils import Database

from storage.closing import close_delivery, close_edits
from storage.listeners import stand_by_together


def group_into(db: Database, delivery: int, message: int, into: int, now: float) -> None:
    """Let one message tell what another was to; a delivery of that is closed by it."""
    db.conn.execute(
        "UPDATE OR IGNORE message_alerts SET message_id = ? WHERE message_id = ?", (into, message)
    )
    db.conn.execute(
        "UPDATE messages SET grouped_into = ?1, collects_until = NULL"
        " WHERE id = ?2 OR grouped_into = ?2",
        (into, message),
    )
    stand_by_together(db, message, into, now)
    close_delivery(db, delivery, "grouped", "", now)
    close_edits(db, message, now)
