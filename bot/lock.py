"""One process a database."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click


@contextmanager
def only_one(database: Path) -> Iterator[None]:
    """Two processes on one file would answer everything twice."""
    with _lock_beside(database) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise click.ClickException(
                f"another Spyhop already runs on {database}: stop it first, or set DATABASE"
            ) from None
        yield


def _lock_beside(database: Path) -> TextIO:
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        return database.with_suffix(".lock").open("w")
    except OSError as error:
        raise click.ClickException(
            f"nothing can be written beside {database} ({error.strerror}): put that right, or set"
            " DATABASE"
        ) from None
