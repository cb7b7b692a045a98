"""Progress on standard error, where somebody looks at it; nothing else is ever written there."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console


@contextmanager
def progress(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """A bar of so many steps; call what it gives with how many are done more."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


@contextmanager
def waiting(label: str) -> Iterator[None]:
    """Shows that something goes on whose end cannot be told."""
    if not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(label):
        yield
