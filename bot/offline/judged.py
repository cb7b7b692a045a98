"""What a model says of the transactions of a file, as the live detector would or did."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from sqlite_utils import Database

from bot.learning.running import model_at
from detectors.anomalies import Anomalies
from detectors.learnt.arrays import ModelFileError
from detectors.learnt.memory import Memory, memory_of
from detectors.learnt.model import NAMES, Model
from detectors.learnt.scoring import scored
from detectors.model import Scored
from storage._sqlite import DatabaseError
from storage.database import reading
from storage.detector_states import load_state
from storage.features import features_of_hash
from storage.models import DamagedError, model_of, running_model
from watchers.model import Transaction


@dataclass(frozen=True)
class Judge:
    """A model at work on a database as it is at one moment; it changes nothing there.

    Transactions that are not stored are looked at in turn, by a copy of what is remembered.
    """

    db: Database
    chain: str
    version: int
    model: Model
    memory: Memory

    def judge(self, transaction: Transaction) -> Scored:
        """Score a transaction: a stored one by its features as they were when it came."""
        running = self.version, self.model
        return self._stored(transaction) or scored([transaction], self.memory, running)[0]

    def _stored(self, transaction: Transaction) -> Scored | None:
        stored = features_of_hash(self.db, self.chain, transaction.hash, NAMES)
        if stored is None:
            return None
        score = float(self.model.scores(np.array([stored.values], np.float64))[0])
        rate = self.model.rate(score)
        return Scored(stored.hash, stored.time, stored.values, self.version, score, rate)


@contextmanager
def opened_judge(database: Path, chain: str, version: int | None) -> Iterator[Judge]:
    """The running model of a chain, or another version. Raises `click.ClickException`."""
    if not database.exists():
        raise click.ClickException(
            f"there is no database {database}: `spyhop ingest FILE` and `spyhop train` make one,"
            " or set DATABASE"
        )
    try:
        with reading(database) as db:
            yield _judge(db, chain, version)
    except DatabaseError as error:
        raise click.ClickException(f"{database} cannot be read: {error}") from None


def _judge(db: Database, chain: str, version: int | None) -> Judge:
    try:
        number = _running(db, chain) if version is None else version
        if model_of(db, number).chain != chain:
            raise click.ClickException(f"model {number} is not one of {chain}: see --chain")
        memory = memory_of(load_state(db, Anomalies.name, chain))
        return Judge(db, chain, number, model_at(db, number), memory)
    except LookupError as error:
        raise click.ClickException(f"{error} /models lists those that are kept") from None
    except (DamagedError, ModelFileError) as error:
        raise click.ClickException(
            f"model {number} cannot be used ({error}): `spyhop train` makes a new one"
        ) from None


def _running(db: Database, chain: str) -> int:
    row = running_model(db, chain)
    if row is None:
        raise click.ClickException(f"no model of {chain} runs yet: `spyhop train` makes one")
    return row.version
