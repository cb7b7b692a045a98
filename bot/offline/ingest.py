"""Captured files through the pipeline of the live bot, with nobody to tell."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import TypeAlias

import click
import msgspec
from sqlite_utils import Database

from bot.intake.ingest import Ingest
from bot.intake.pipeline import Pipeline
from bot.intake.steps import Pending, Slice, Step
from bot.lock import only_one
from bot.offline.files import Capture, Refused, open_capture
from bot.offline.progress import progress
from bot.offline.words import counted
from bot.store import Store
from detectors.interests import Interests
from detectors.registry import DETECTORS
from storage._sqlite import DatabaseError
from storage.blocks import tip_of
from storage.database import DatabaseUnusableError
from storage.transactions import ids_of
from watchers.model import Block, Event, Incident, Transaction, unsealed
from watchers.registry import CHAINS

BATCH = 500

Found: TypeAlias = tuple[Transaction | Block, ...]


@dataclass
class Tally:
    """What became of the files."""

    fresh: int = 0
    known: int = 0
    blocks: int = 0
    placed: int = 0
    refused: Refused = field(default_factory=Refused)


@dataclass(frozen=True)
class Replay:
    """Stores a step as it would have been when it came, for nobody.

    A block takes its place in the chain only where it follows the newest one: where others
    belong, and that they are on the main chain at all, the live source tells.
    """

    ingest: Ingest
    tally: Tally

    def __call__(self, db: Database, step: Step, _now: int) -> None:
        """Store and count. What was set aside is said here, not told to owners."""
        if isinstance(step, Incident):
            self.tally.refused.note("not stored", f"{unsealed(step.detail)} {step.sample}")
        elif isinstance(step, Pending):
            self._count(db, step.chain, step.transactions)
            self.ingest(db, step, max(t.time for t in step.transactions))
        elif isinstance(step, Slice):
            self._count(db, step.block.chain, step.transactions)
            placed = step.last and _follows(db, step.block)
            self.tally.blocks += step.last
            self.tally.placed += placed
            slice_ = msgspec.structs.replace(step, last=placed)
            self.ingest(db, slice_, step.block.header.time)

    def _count(self, db: Database, chain: str, transactions: Sequence[Transaction]) -> None:
        hashes = {transaction.hash for transaction in transactions}
        known = len(ids_of(db, chain, hashes))
        self.tally.known += known
        self.tally.fresh += len(hashes) - known


def run_ingest(database: Path, files: Sequence[Path]) -> bool:
    """Store files and say what came of it; whether all could be read.

    Raises `click.ClickException` for what must be put right first.
    """
    captures = [open_capture(path) for path in files]
    tally = Tally()
    try:
        with (
            only_one(database),
            progress(sum(capture.count for capture in captures), "storing") as told,
        ):
            asyncio.run(_stored(database, captures, tally, told))
    except (DatabaseUnusableError, DatabaseError) as error:
        raise click.ClickException(str(error)) from None
    _say(tally)
    return not tally.refused.count


async def _stored(
    database: Path, captures: Sequence[Capture], tally: Tally, told: Callable[[int], None]
) -> None:
    replay = Replay(Ingest(CHAINS, DETECTORS, Interests()), tally)
    async with Store(database) as store, asyncio.TaskGroup() as tasks:
        pipeline = Pipeline(store, replay, time, lambda _: None)
        tasks.create_task(pipeline.run())
        for capture in captures:
            for parts in _batches(capture.read(int(time()), tally.refused)):
                await pipeline.hand_on(_events(parts))
                told(len(parts))
        pipeline.finish()


def _batches(parts: Iterable[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    held = 0
    for found in parts:
        batch.append(found)
        held += 1 + sum(len(one.transactions) for one in found if isinstance(one, Block))
        if held >= BATCH:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _events(parts: Sequence[Found]) -> list[Event]:
    """Blocks come late: they were mined while nobody listened."""
    return [
        msgspec.structs.replace(one, late=True) if isinstance(one, Block) else one
        for found in parts
        for one in found
    ]


def _follows(db: Database, block: Block) -> bool:
    tip = tip_of(db, block.chain)
    return tip is not None and tip.hash == block.header.parent


def _say(tally: Tally) -> None:
    fresh = counted(tally.fresh, "new transaction")
    click.echo(f"{fresh} stored, {tally.known:,} known already.")
    if tally.placed:
        click.echo(f"{counted(tally.placed, 'block')} joined the chain.")
    if loose := tally.blocks - tally.placed:
        click.echo(
            f"{counted(loose, 'block')} not next to the newest: the transactions are stored, the"
            " place in the chain is left open."
        )
    tally.refused.say()
    if tally.refused.count and not (tally.fresh or tally.known or tally.blocks):
        click.echo("Nothing could be read: `spyhop ingest --help` says what can.", err=True)
