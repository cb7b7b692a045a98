"""A batch of transactions as they come: features, scores, rates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detectors.learnt.memory import Memory
from detectors.learnt.model import Model
from detectors.learnt.sampling import matrix_of
from detectors.learnt.tails import Matrix, Vector
from watchers.model import Transaction


@dataclass(frozen=True)
class Scored:
    """What was seen of a batch, a row for each transaction; without a model no scores, no rates."""

    chain: str
    transactions: Sequence[Transaction]
    features: Matrix
    scores: Vector
    rates: Vector


def scored(
    chain: str, transactions: Sequence[Transaction], memory: Memory, model: Model | None
) -> Scored:
    """Look at transactions, and let the memory learn them."""
    features = matrix_of(transactions, memory)
    scores = np.zeros(0) if model is None else model.scores(features)
    rates = np.zeros(0) if model is None else model.rates(scores)
    return Scored(chain, transactions, features, scores, rates)
