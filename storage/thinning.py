"""How much of the feature store is kept: all of the newest day, a sample of what is older.

Which transactions are in the sample their hashes say (the last digits of a hash in hexadecimal
are as if drawn by chance), so that it is the same whoever draws it, and a smaller one is a part
of a larger. It is halved whenever a chain has more rows than `MOST_ROWS`. What was told as odd
stays beside it, for `/why`; who reads a sample never meets it but where its hash says so.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct
from sqlite_utils import Database

from storage.features import selected, values_of

MOST_ROWS = 1_000_000
"""About 400 MB a chain."""
WHOLE_SECONDS = 86400
"""So long everything is kept, where that is not more than half of `MOST_ROWS`."""
SLICE = 500
COUNTED_SECONDS = 3600
"""Rows are counted when a slice begins another hour: that takes a while."""
RAREST = 1_024
"""A smaller sample than one in so many would tell nothing of what was."""
_TOLD = 100
"""One in so many and rarer is told."""
_DIGITS = 8
KEY = f"substr(hash, -{_DIGITS})"
"""A transaction's place in the sample: those before a limit are in it."""
_END = "g"
"""Past every key."""


class Sample(Struct, frozen=True):
    """One in so many of what came before `until` is kept."""

    one_in: int = 1
    until: int = 0

    @property
    def end(self) -> str:
        """The keys before this one are in the sample."""
        return _END if self.one_in == 1 else f"{16**_DIGITS // self.one_in:0{_DIGITS}x}"


class DrawnRow(NamedTuple):
    """When a transaction was met, in Unix seconds, what it is by its hash, and its features."""

    time: int
    hash: str
    values: tuple[float, ...]


class Drawn(Struct, frozen=True):
    """Rows of a sample, oldest first; `last` is the largest of their keys."""

    rows: Sequence[DrawnRow]
    last: str


def sample_of(db: Database, chain: str) -> Sample:
    """What is kept of a chain."""
    row = db.conn.execute("SELECT one_in, until FROM samples WHERE chain = ?", (chain,)).fetchone()
    return Sample(*row) if row else Sample()


def draw(
    db: Database,
    chain: str,
    names: Sequence[str],
    span: tuple[int, int],
    most: int,
    after: str = "",
) -> Drawn:
    """At most `most` rows of a span [since, until), those whose keys come first `after` a key.

    Each transaction of the time has the same chance to be among them, young or old.
    """
    rows = db.conn.execute(
        f"SELECT {KEY} AS key, time, id, hash, {selected(db, names)} FROM features"
        " WHERE chain = ? AND time >= ? AND time < ? AND key < ? AND key > ? ORDER BY key LIMIT ?",
        (chain, *span, sample_of(db, chain).end, after, most),
    ).fetchall()
    last = rows[-1][0] if rows else after
    rows.sort(key=lambda row: row[1:3])
    return Drawn([DrawnRow(time, hash_, values_of(row)) for _, time, _, hash_, *row in rows], last)


def thin_features(db: Database, chain: str, now: int) -> bool:
    """Thin a slice of what is no longer kept whole; True where there was one."""
    sample, whole = sample_of(db, chain), _whole_since(db, chain, now)
    edge = _edge(db, chain, sample.until, whole)
    if edge is None:
        return False
    db.conn.execute(
        f"DELETE FROM features WHERE chain = ? AND time >= ? AND time < ? AND {KEY} >= ?"
        " AND coalesce(rate, 0) < ?",
        (chain, sample.until, edge, sample.end, _TOLD),
    )
    _save(db, chain, Sample(sample.one_in, edge))
    another_hour = edge // COUNTED_SECONDS > sample.until // COUNTED_SECONDS
    caught_up = another_hour and _edge(db, chain, edge, whole) is None
    if caught_up and sample.one_in < RAREST and _rows(db, chain) > MOST_ROWS:
        _save(db, chain, Sample(sample.one_in * 2))
    return True


def _whole_since(db: Database, chain: str, now: int) -> int:
    """Since when all is kept: by the ids, which count at least as far as the rows."""
    row = db.conn.execute(
        "SELECT time FROM features WHERE +chain = ? AND id >= (SELECT max(id) FROM features) - ?"
        " ORDER BY id LIMIT 1",
        (chain, MOST_ROWS // 2),
    ).fetchone()
    return max(now - WHOLE_SECONDS, row[0] if row else 0)


def _edge(db: Database, chain: str, since: int, until: int) -> int | None:
    """Where the slice that begins at a time ends; None where there is no whole slice."""
    row = db.conn.execute(
        "SELECT time FROM features WHERE chain = ? AND time >= ? AND time < ?"
        " ORDER BY time LIMIT 1 OFFSET ?",
        (chain, since, until, SLICE - 1),
    ).fetchone()
    return row[0] + 1 if row else None


def _rows(db: Database, chain: str) -> int:
    (rows,) = db.conn.execute("SELECT count(*) FROM features WHERE chain = ?", (chain,)).fetchone()
    return int(rows)


def _save(db: Database, chain: str, sample: Sample) -> None:
    db.conn.execute(
        "INSERT OR REPLACE INTO samples VALUES (?, ?, ?)", (chain, sample.one_in, sample.until)
    )
