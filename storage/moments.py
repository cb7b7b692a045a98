"""What a detector was told at each moment that it judged by: once a minute, and at each price."""

from msgspec import Struct
from sqlite_utils import Database

from storage.blocks import heard_at
from storage.statistics import recent_fee_rate


class Moment(Struct, frozen=True):
    """A moment: when the source was last heard, and the usual fee rate (None: unknown)."""

    at: int
    heard_at: int | None
    fee_rate: int | None


def save_moment(db: Database, chain: str, now: int) -> None:
    """Note what is so now."""
    db.conn.execute(
        "INSERT OR REPLACE INTO moments VALUES (?, ?, ?, ?)",
        (chain, now, heard_at(db, chain), recent_fee_rate(db, chain, now)),
    )


def moments_between(db: Database, chain: str, since: int, until: int) -> list[Moment]:
    """The moments of [since, until), oldest first."""
    rows = db.conn.execute(
        "SELECT at, heard_at, fee_rate FROM moments"
        " WHERE chain = ? AND at >= ? AND at < ? ORDER BY at",
        (chain, since, until),
    )
    return [Moment(*row) for row in rows]


def first_moment(db: Database, chain: str) -> int | None:
    """The oldest moment that is kept."""
    row = db.conn.execute("SELECT min(at) FROM moments WHERE chain = ?", (chain,)).fetchone()
    return None if row[0] is None else int(row[0])
