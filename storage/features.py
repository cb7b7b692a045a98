"""The feature store: what the model saw of each transaction, a named column a feature."""

from collections.abc import Iterable, Sequence
from functools import cache
from math import nan

from msgspec import Struct
from sqlite_utils import Database

from detectors.model import Scored
from storage._sqlite import OperationalError

SLICE = 500
KEPT_SECONDS = 30 * 86400
"""As far back as training looks."""
_OTHERS = {"id", "chain", "hash", "time", "model", "score", "rate"}
"""The columns that are no features."""


def save_features(db: Database, chain: str, names: Sequence[str], scored: Iterable[Scored]) -> None:
    """Store what was scored; a transaction that was there before is as it is now.

    A feature that has no column yet gets one; what a feature no longer is stays.
    """
    rows = [(chain, s.hash, s.time, s.model, s.score, s.rate, *s.values) for s in scored]
    insertion = _insertion(tuple(names))
    try:
        db.conn.executemany(insertion, rows)
    except OperationalError as error:
        if "has no column named" not in str(error):
            raise  # the transaction may be over: nothing may be tried again in it
        _add_columns(db, names)
        db.conn.executemany(insertion, rows)


@cache
def _insertion(names: tuple[str, ...]) -> str:
    columns = "".join(f", {_quoted(name)}" for name in names)
    holders = ", ?" * len(names)
    return (
        f"INSERT OR REPLACE INTO features (chain, hash, time, model, score, rate{columns})"
        f" VALUES (?, ?, ?, ?, ?, ?{holders})"
    )


def features_of_hash(db: Database, chain: str, hash_: str, names: Sequence[str]) -> Scored | None:
    """What is stored of a transaction; NaN where nothing is."""
    row = db.conn.execute(
        f"SELECT time, model, score, rate, {selected(db, names)} FROM features"
        " WHERE chain = ? AND hash = ?",
        (chain, hash_),
    ).fetchone()
    if row is None:
        return None
    time, model, score, rate, *values = row
    return Scored(hash_, time, values_of(values), model, score, rate)


class Rated(Struct, frozen=True):
    """How a transaction was judged: by which model, one in how many; None where none ran."""

    model: int | None
    rate: float | None


def rated(db: Database, chain: str, hash_: str) -> Rated | None:
    """How a transaction was judged; None where that is not kept."""
    row = db.conn.execute(
        "SELECT model, rate FROM features WHERE chain = ? AND hash = ?", (chain, hash_)
    ).fetchone()
    return None if row is None else Rated(*row)


def newest_time(db: Database, chain: str) -> int | None:
    """When the newest transaction that was scored was met; None without any."""
    found = db.conn.execute("SELECT max(time) FROM features WHERE chain = ?", (chain,))
    time: int | None = found.fetchone()[0]
    return time


def features_as_json(db: Database, chain: str, hash_: str) -> str:
    """All features of a transaction by their names, `{}` where nothing is stored."""
    names = sorted(_columns(db) - _OTHERS)
    pairs = ", ".join(f"'{name}', {_quoted(name)}" for name in names)
    row = db.conn.execute(
        f"SELECT json_object({pairs}) FROM features WHERE chain = ? AND hash = ?", (chain, hash_)
    ).fetchone()
    return "{}" if row is None else str(row[0])


class Amount(Struct, frozen=True):
    """How much there is to learn from: rows, and the time of the oldest, None without any."""

    rows: int
    since: int | None


def amount_of(db: Database, chain: str, since: int, enough: int) -> Amount:
    """How many rows there are since a time, counted as far as `enough`."""
    rows, oldest = db.conn.execute(
        "SELECT count(*), min(time) FROM (SELECT time FROM features"
        " WHERE chain = ? AND time >= ? ORDER BY time LIMIT ?)",
        (chain, since, enough),
    ).fetchone()
    return Amount(rows, oldest)


def delete_features(db: Database, chain: str, before: int) -> bool:
    """Delete a slice of what is too old; True where there was any."""
    deleted = db.conn.execute(
        "DELETE FROM features WHERE id IN (SELECT id FROM features"
        " WHERE chain = ? AND time < ? ORDER BY time LIMIT ?)",
        (chain, before, SLICE),
    ).rowcount
    return bool(deleted)


def values_of(row: Iterable[float | None]) -> tuple[float, ...]:
    """SQLite keeps no NaN: it becomes NULL."""
    return tuple(nan if value is None else value for value in row)


def _add_columns(db: Database, names: Iterable[str]) -> None:
    known = _columns(db)
    for name in names:
        if name not in known:
            db.conn.execute(f"ALTER TABLE features ADD COLUMN {_quoted(name)} REAL")


def _columns(db: Database) -> set[str]:
    return {name for (name,) in db.conn.execute("SELECT name FROM pragma_table_info('features')")}


def selected(db: Database, names: Sequence[str]) -> str:
    """What is selected: of a feature that has no column yet nothing is known."""
    known = _columns(db)
    return ", ".join(_quoted(name) if name in known else "NULL" for name in names)


def _quoted(name: str) -> str:
    """A column's name; raises ValueError for what is no plain word."""
    if not name.isidentifier():
        raise ValueError(f"“{name}” is no name for a feature.")
    return f'"{name}"'
