"""How many blocks came, and how long each let wait for it."""

from collections.abc import Sequence

from msgspec import Struct
from sqlite_utils import Database


class Blocks(Struct, frozen=True):
    """The main chain's blocks of a window, and the waits between neighbours in seconds."""

    count: int
    mean_wait: int | None
    longest_wait: int | None
    longest_wait_end: int | None
    difficulty: float | None


def blocks_between(db: Database, chain: str, since: int, until: int) -> Blocks:
    """How many blocks came, and how long each let wait for it.

    A wait is counted where the block before is known, too: it may lie before the window.
    """
    count, mean, longest, end = db.conn.execute(
        # SQLite takes a bare column beside max() from the row that has it
        "SELECT count(*), avg(b.time - p.time), max(b.time - p.time), b.time"
        " FROM blocks b LEFT JOIN blocks p ON p.chain = b.chain AND p.hash = b.parent"
        " WHERE b.chain = ? AND b.canonical = 1 AND b.time >= ? AND b.time < ?",
        (chain, since, until),
    ).fetchone()
    if longest is None:
        return Blocks(count, None, None, None, _difficulty(db, chain))
    return Blocks(count, round(mean), longest, end, _difficulty(db, chain))


def _difficulty(db: Database, chain: str) -> float | None:
    row = db.conn.execute(
        "SELECT difficulty FROM blocks WHERE chain = ? AND canonical = 1"
        " ORDER BY height DESC LIMIT 1",
        (chain,),
    ).fetchone()
    return row[0] if row else None


def block_times(db: Database, chain: str, since: int, until: int) -> Sequence[int]:
    """When the main chain's blocks of [since, until) were mined."""
    rows = db.conn.execute(
        "SELECT time FROM blocks WHERE chain = ? AND canonical = 1 AND time >= ? AND time < ?"
        " ORDER BY time",
        (chain, since, until),
    )
    return [time for (time,) in rows]
