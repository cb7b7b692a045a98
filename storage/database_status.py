"""What the database file says of itself, for `/status`; cheap however large it is."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from sqlite_utils import Database

from storage._sqlite import library_version
from storage.statistics import raw_since


class DatabaseStatus(Struct, frozen=True):
    """Bytes of the file and of its write-ahead log; `transactions` is near the true count."""

    size: int
    journal_size: int
    transactions: int
    parked_chats: int
    version: str


class ChainStatus(Struct, frozen=True):
    """What is stored of a chain; `history_blocks` are those of the wanted history on."""

    oldest_raw: int | None
    lowest: int | None
    highest: int | None
    history_blocks: int


def database_status(db: Database) -> DatabaseStatus:
    """The file now."""
    (transactions,) = db.conn.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM transactions)"
        " - (SELECT coalesce(min(id), 1) FROM transactions) + 1"
    ).fetchone()
    (parked,) = db.conn.execute("SELECT count(*) FROM chats WHERE parked != ''").fetchone()
    files = [row[2] for row in db.conn.execute("PRAGMA database_list") if row[2]]
    return DatabaseStatus(
        _size(files), _size(f"{file}-wal" for file in files), transactions, parked, library_version
    )


def _size(files: Iterable[str]) -> int:
    return sum(Path(file).stat().st_size for file in files if Path(file).exists())


def chain_status(db: Database, chain: str) -> ChainStatus:
    """What is stored of a chain now."""
    lowest, highest = db.conn.execute(
        "SELECT (SELECT min(height) FROM blocks WHERE chain = ?1 AND canonical = 1),"
        " (SELECT max(height) FROM blocks WHERE chain = ?1 AND canonical = 1)",
        (chain,),
    ).fetchone()
    (history,) = db.conn.execute(
        "SELECT count(*) FROM blocks WHERE chain = ?1 AND canonical = 1 AND time >="
        " coalesce((SELECT history_since FROM checkpoints WHERE chain = ?1), 0)",
        (chain,),
    ).fetchone()
    return ChainStatus(raw_since(db, chain), lowest, highest, history)
