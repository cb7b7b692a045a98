"""The database thread: one writes, in order; readers have their own short transactions."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from msgspec import Struct
from sqlite_utils import Database

from storage._sqlite import ROW_ERRORS, DatabaseError
from storage.database import open_database, open_reader

T = TypeVar("T")
READERS = 2
SLOW_SECONDS = 4.0
"""A write that takes so long is trouble: the disk, or another program that holds the file."""


class Trouble(Struct, frozen=True):
    """Why nothing can be written, and for how long that has been so."""

    seconds: float
    reason: str


class Store:
    """The database as the asynchronous part of the program sees it.

    A write is one transaction on the one database thread, durable when it returns; a read
    sees one consistent state. `commits` counts the writes: while it stands still, what
    was read is as it was.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = ThreadPoolExecutor(1, "database")
        self._readers = ThreadPoolExecutor(READERS, "reader")
        self._db: Database | None = None
        self._idle: list[Database] = []
        self._waiting: set[Future[Any]] = set()
        self._moved_at = 0.0
        self.commits = 0
        self._failing: tuple[float, str] | None = None

    @property
    def trouble(self) -> Trouble | None:
        """What keeps the database from being written; None where all is well."""
        now, failing = time.monotonic(), self._failing
        if failing is not None:
            return Trouble(now - failing[0], failing[1])
        if self._waiting and now - self._moved_at > SLOW_SECONDS:
            return Trouble(now - self._moved_at, "it does not answer")
        return None

    async def __aenter__(self) -> Self:
        self._db = await self._in(self._writer, open_database, self.path)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._readers.shutdown()
        for reader in self._idle:
            reader.close()
        if self._db is not None:
            await self._in(self._writer, self._db.close)
        self._writer.shutdown()

    async def write(
        self,
        change: Callable[..., T],
        *arguments: object,
        then: Callable[[T], object] | None = None,
    ) -> T:
        """Run `change(db, *arguments)` in one transaction; `then` on its thread once durable."""
        if not self._waiting:
            self._moved_at = time.monotonic()
        writing = self._writer.submit(self._write, change, arguments, then)
        self._waiting.add(writing)
        writing.add_done_callback(self._moved)
        return await asyncio.wrap_future(writing)

    def _moved(self, written: "Future[Any]") -> None:
        self._waiting.discard(written)
        if not written.cancelled():
            self._moved_at = time.monotonic()

    def _write(
        self,
        change: Callable[..., T],
        arguments: tuple[object, ...],
        then: Callable[[T], object] | None,
    ) -> T:
        if self._db is None:
            raise RuntimeError("the store is not open")
        began = time.monotonic()
        try:
            with self._db.atomic():
                result = change(self._db, *arguments)
        except ROW_ERRORS:
            raise
        except DatabaseError as error:
            self._failing = self._failing or (began, str(error))
            raise
        self._failing = None
        self.commits += 1
        if then is not None:
            then(result)
        return result

    async def read(self, query: Callable[..., T], *arguments: object) -> T:
        """Run `query(db, *arguments)` on a read-only connection."""
        return await self._in(self._readers, self._read, query, arguments)

    def _read(self, query: Callable[..., T], arguments: tuple[object, ...]) -> T:
        # A connection that was used before, if one is idle: to open one takes longer than to ask.
        db = self._idle.pop() if self._idle else open_reader(self.path)
        try:
            db.conn.execute("BEGIN")
            result = query(db, *arguments)
            db.conn.execute("COMMIT")
        except BaseException:
            db.close()
            raise
        self._idle.append(db)
        return result

    @staticmethod
    async def _in(pool: ThreadPoolExecutor, function: Callable[..., T], *arguments: object) -> T:
        """On one of the pool's threads, which speaks the language of whoever asks."""
        run = partial(copy_context().run, function, *arguments)
        return await asyncio.get_running_loop().run_in_executor(pool, run)
