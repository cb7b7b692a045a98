"""What detectors remember from one batch to the next."""

from sqlite_utils import Database


def load_state(db: Database, detector: str, chain: str) -> bytes:
    """What a detector remembered last, empty at first."""
    row = db.conn.execute(
        "SELECT state FROM detector_states WHERE detector = ? AND chain = ?", (detector, chain)
    ).fetchone()
    return bytes(row[0]) if row else b""


class States:
    """What detectors remember, for whoever scores batch after batch on one database.

    Some remember megabytes: those are read once, and again where the database has another
    version of them, as after a transaction that was rolled back.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[int, bytes]] = {}

    def load(self, db: Database, chain: str) -> dict[str, bytes]:
        """What is remembered of a chain, by detector; who remembers nothing is not in it."""
        found = {}
        stored = "SELECT detector, version FROM detector_states WHERE chain = ?"
        for detector, version in db.conn.execute(stored, (chain,)).fetchall():
            known = self._known.get((detector, chain))
            if known is None or known[0] != version:
                known = self._known[detector, chain] = version, load_state(db, detector, chain)
            found[detector] = known[1]
        return found

    def save(self, db: Database, detector: str, chain: str, state: bytes) -> None:
        """Keep what a detector wants to remember; in a transaction in which it was loaded."""
        version = self._known.get((detector, chain), (0, b""))[0] + 1
        db.conn.execute(
            "INSERT OR REPLACE INTO detector_states VALUES (?, ?, ?, ?)",
            (detector, chain, version, state),
        )
        self._known[detector, chain] = version, state
