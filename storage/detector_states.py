"""What detectors remember from one batch to the next."""

from sqlite_utils import Database


def load_state(db: Database, detector: str, chain: str) -> bytes:
    """What a detector remembered last, empty at first."""
    row = db.conn.execute(
        "SELECT state FROM detector_states WHERE detector = ? AND chain = ?", (detector, chain)
    ).fetchone()
    return bytes(row[0]) if row else b""


def save_state(db: Database, detector: str, chain: str, state: bytes) -> None:
    """Keep what a detector wants to remember."""
    db.conn.execute(
        "INSERT OR REPLACE INTO detector_states VALUES (?, ?, ?)", (detector, chain, state)
    )
