"""Files of captured data: which records are in them, and when what has no time was met."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path

import click
import msgspec
from msgspec import MsgspecError, Raw, Struct

from bot.offline.words import counted
from watchers.captures import CaptureError, is_whole, parse_captured
from watchers.model import Block, Transaction

A_SECOND = 5
"""What has no time came as if so many came a second, the last of the file just now."""
NAMED = 10
"""So many records that cannot be read are named."""
_GZIP = b"\x1f\x8b"
_MARK = b"\xef\xbb\xbf"
_FAULTS = (EOFError, zlib.error, OSError)


class Record(Struct, frozen=True):
    """A line of a file, or a member where all of it is one list: the first has number 1.

    `why` says why it cannot be read, "" where it can.
    """

    number: int
    found: tuple[Transaction | Block, ...] = ()
    why: str = ""


@dataclass
class Refused:
    """What could not be taken: all is counted, the first ones are named."""

    count: int = 0
    named: list[str] = field(default_factory=list)

    def note(self, where: str, why: str) -> None:
        """Count one."""
        self.count += 1
        if len(self.named) < NAMED:
            self.named.append(f"{where}: {why}")

    def say(self) -> None:
        """Write it to standard error, where there is any."""
        if not self.count:
            return
        click.echo(
            "\n  ".join([f"{counted(self.count, 'record')} left out:", *self.named]), err=True
        )
        if more := self.count - len(self.named):
            click.echo(f"  and {more:,} more", err=True)


class Capture(Struct, frozen=True):
    """A file: how many records it has, and how to go through their texts."""

    path: Path
    count: int
    unit: str
    texts: Callable[[], Iterator[bytes]]

    def records(self, now: int) -> Iterator[Record]:
        """All that is in it, in order; a file that breaks off says so in its last record."""
        number = 0
        texts = self.texts()
        while True:
            number += 1
            try:
                text = next(texts)
            except StopIteration:
                return
            except _FAULTS as error:
                yield Record(number, why=f"the file breaks off here ({error})")
                return
            yield _record(number, text, now - (self.count - number) // A_SECOND)

    def read(self, now: int, refused: Refused) -> Iterator[tuple[Transaction | Block, ...]]:
        """What each record holds, nothing where it is refused."""
        for record in self.records(now):
            if record.why:
                refused.note(f"{self.path} {self.unit} {record.number}", record.why)
            yield record.found


def transactions_of(found: tuple[Transaction | Block, ...]) -> Iterator[Transaction]:
    """The transactions that can be odd: a coinbase cannot."""
    for one in found:
        for transaction in one.transactions if isinstance(one, Block) else (one,):
            if transaction.category != "coinbase":
                yield transaction


def _record(number: int, text: bytes, time: int) -> Record:
    if not text:
        return Record(number)
    try:
        return Record(number, tuple(parse_captured(text, time)))
    except CaptureError as error:
        return Record(number, why=str(error))


def open_capture(path: Path) -> Capture:
    """A file, plain or .gz: a record a line, or one JSON value. Raises `ClickException`."""
    try:
        first = next((line for line in _lines(path) if line), b"")
        whole = None if is_whole(first) else _members(path)
        if whole is not None:
            return Capture(path, len(whole), "item", lambda: iter(whole))
        if first.startswith(b"[") and (listed := _listed(first)):
            return Capture(path, len(listed), "item", lambda: iter(listed))
        return Capture(path, _count(path), "line", lambda: _lines(path))
    except _FAULTS as error:
        raise click.ClickException(f"{path} cannot be read: {error}") from None


def _members(path: Path) -> list[bytes] | None:
    """The members of a file that is one JSON value over several lines, None where it is not."""
    try:
        with _opened(path) as file:
            text = file.read().removeprefix(_MARK)
    except _FAULTS:  # it breaks off: what comes before that is lines
        return None
    if not is_whole(text):
        return None
    return _listed(text) if text.lstrip().startswith(b"[") else [text]


def _listed(text: bytes) -> list[bytes]:
    try:
        return [bytes(member) for member in msgspec.json.decode(text, type=list[Raw])]
    except MsgspecError:
        return []


def _count(path: Path) -> int:
    count = 0
    try:
        for _ in _lines(path):
            count += 1
    except _FAULTS:  # said when the records are read
        count += 1
    return count


def _lines(path: Path) -> Iterator[bytes]:
    with _opened(path) as file:
        for number, line in enumerate(file):
            yield (line if number else line.removeprefix(_MARK)).strip()


def _opened(path: Path) -> BufferedIOBase:
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    return gzip.open(path) if packed else path.open("rb")
