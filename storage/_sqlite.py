"""The one SQLite library of this process.

Two libraries on one file drop each other's locks, and SQLite below 3.51.3 can corrupt a
WAL database (https://www.sqlite.org/changes.html), so the newer one is taken where
it is installed, as sqlite-utils does.
"""

import importlib
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
)  # fmt: skip
"""The fault is in a statement or its values, not in the file: the same again is of no use."""
library_version: str = sqlite.sqlite_version
