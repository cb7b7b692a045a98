"""What is deleted when: raw rows after a while, in slices; keys and sums stay."""

from sqlite_utils import Database

from storage.buttons import forget_buttons
from storage.rollups import MINUTE

SLICE = 500
MINUTES_KEPT_SECONDS = 3 * 86400
BUTTONS_KEPT_SECONDS = 90 * 86400


def delete_old(db: Database, now: int, raw_seconds: int) -> bool:
    """Delete one slice of what is too old; True while there is more."""
    db.conn.execute(
        "DELETE FROM rollups WHERE span_seconds = ? AND start < ?",
        (MINUTE, now - MINUTES_KEPT_SECONDS),
    )
    forget_buttons(db, now - BUTTONS_KEPT_SECONDS)
    db.conn.execute("DELETE FROM prices WHERE time < ?", (now - raw_seconds,))
    chains = [chain for (chain,) in db.conn.execute("SELECT chain FROM checkpoints").fetchall()]
    return sum(_delete_transactions(db, chain, now - raw_seconds) for chain in chains) > 0


def _delete_transactions(db: Database, chain: str, before: int) -> bool:
    deleted = db.conn.execute(
        "DELETE FROM transactions WHERE id IN (SELECT id FROM transactions"
        " WHERE chain = ? AND seen_at < ? ORDER BY seen_at LIMIT ?)",
        (chain, before, SLICE),
    ).rowcount
    return bool(deleted)
