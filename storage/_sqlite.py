"""The one SQLite library of this process.

Two libraries on one file drop each other's locks, and SQLite below 3.51.3 can corrupt a
WAL database (https://www.sqlite.org/changes.html), so the newer one is taken where
it is installed, as sqlite-utils does.
"""

import importlib
import sys
from typing import Any

try:
    sqlite: Any = importlib.import_module("pysqlite3")
except ImportError:
    sqlite = importlib.import_module("sqlite3")

Connection: Any = sqlite.Connection
DatabaseError: type[Exception] = sqlite.DatabaseError
IntegrityError: type[Exception] = sqlite.IntegrityError
OperationalError: type[Exception] = sqlite.OperationalError
ROW_ERRORS: tuple[type[Exception], ...] = (
    sqlite.IntegrityError, sqlite.DataError, sqlite.ProgrammingError, sqlite.NotSupportedError,
    UnicodeEncodeError, OverflowError,
)  # fmt: skip
"""The fault is in a statement or its values, not in the file: the same again is of no use.

A text that is none and a number beyond 64 bits are refused before SQLite sees them.
"""


def is_trouble(error: BaseException) -> bool:
    """Whether the database itself is at fault: it may have ended the transaction, too."""
    return isinstance(error, DatabaseError) and not isinstance(error, ROW_ERRORS)


library_version: str = sqlite.sqlite_version


def load_lean() -> None:
    """Load sqlite-utils without numpy and pandas, whose types it learns where it finds them.

    No value of ours is of these types, and numpy is a sixth of the time that a start takes.
    """
    modules: dict[str, Any] = sys.modules
    absent = {name for name in ("numpy", "pandas") if name not in modules}
    modules.update(dict.fromkeys(absent))  # None: an import of it fails
    try:
        importlib.import_module("sqlite_utils")
    finally:
        for name in absent:
            del modules[name]
