"""Open the file: one connection writes, short-lived others read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from storage._sqlite import DatabaseError, sqlite
from storage.migrations import migrations
from storage.rollups import exact_sum

PAGES_BETWEEN_CHECKPOINTS = 10_000
"""About 40 MB of WAL: measured 69 % faster than the default 1,000 at batches of 500."""


class DatabaseUnusableError(Exception):
    """The file cannot be opened or is no database; the message says what to do."""


def open_database(path: Path) -> Database:
    """The writing connection, with the schema brought up to date.

    Raises `DatabaseUnusableError`, and leaves the file as it is.

    `synchronous=FULL`, because what is acknowledged must outlive a power cut; only this
    connection checkpoints the WAL.
    """
    try:
        connection = sqlite.connect(str(path), check_same_thread=False, cached_statements=256)
        connection.execute("PRAGMA journal_mode=WAL")
    except DatabaseError as error:
        raise DatabaseUnusableError(
            f"{path} cannot be used as the database ({error}): move it away, or set DATABASE"
        ) from error
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint={PAGES_BETWEEN_CHECKPOINTS}")
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.create_function("exact_sum", 2, exact_sum, deterministic=True)
    database = Database(connection)
    migrations.apply(database)
    return database


def open_reader(path: Path) -> Database:
    """A connection that can only read, and never checkpoints."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite.connect(uri, uri=True, check_same_thread=False)
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    return Database(connection)


@contextmanager
def reading(path: Path) -> Iterator[Database]:
    """A connection of its own that reads one consistent view of the database."""
    db = open_reader(path)
    try:
        db.conn.execute("BEGIN")
        yield db
    finally:
        db.close()
