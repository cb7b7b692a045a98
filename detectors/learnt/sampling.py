"""From transactions to matrices: rows of features in the order in which they came."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.learnt.features import FEATURES, features_of
from detectors.learnt.injections import Ranges, injected
from detectors.learnt.memory import Memory
from detectors.learnt.tails import Matrix
from watchers.model import Transaction

SHARE = 0.005
"""How many oddities are put among real transactions."""


@dataclass(frozen=True)
class Judged:
    """Rows of features of which it is known what they are: "" is real, else the kind of oddity."""

    matrix: Matrix
    kinds: tuple[str, ...]

    @property
    def odd(self) -> NDArray[np.bool_]:
        """Which rows are oddities."""
        return np.array([kind != "" for kind in self.kinds], np.bool_)


def rows_of(transactions: Iterable[Transaction], memory: Memory) -> list[tuple[float, ...]]:
    """The features of each transaction; the memory learns them as they come."""
    rows = []
    for transaction in transactions:
        rows.append(features_of(transaction, memory))
        memory.learn(transaction)
    return rows


def matrix_of(transactions: Iterable[Transaction], memory: Memory) -> Matrix:
    """The same as a matrix, a row for each transaction."""
    return as_matrix(rows_of(transactions, memory))


def as_matrix(rows: Sequence[tuple[float, ...]]) -> Matrix:
    """Rows of features as a matrix."""
    return np.array(rows, np.float64).reshape(len(rows), len(FEATURES))


def judged_of(
    transactions: Sequence[Transaction], memory: Memory, ranges: Ranges, seed: int,
    share: float = SHARE,
) -> Judged:  # fmt: skip
    """The transactions with oddities among them, at places that are drawn."""
    return judged_stream(with_oddities(transactions, ranges, seed, share), memory)


def with_oddities(
    transactions: Sequence[Transaction], ranges: Ranges, seed: int, share: float = SHARE
) -> list[tuple[Transaction, str]]:
    """Transactions with their kinds, "" where they are real."""
    rng = random.Random(seed)
    stream = [(transaction, "") for transaction in transactions]
    for odd in injected(transactions, share, ranges, rng):
        stream.insert(rng.randrange(len(stream) + 1), odd)
    return stream


def judged_stream(stream: Sequence[tuple[Transaction, str]], memory: Memory) -> Judged:
    """The rows of a stream whose kinds are known."""
    matrix = matrix_of((transaction for transaction, _ in stream), memory)
    return Judged(matrix, tuple(kind for _, kind in stream))
