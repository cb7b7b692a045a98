"""A batch of transactions as they come: features, scores, rates."""

from collections.abc import Sequence

from detectors.learnt.memory import Memory
from detectors.learnt.model import Model
from detectors.learnt.sampling import matrix_of
from detectors.model import Scored
from watchers.model import Transaction


def scored(
    transactions: Sequence[Transaction], memory: Memory, running: tuple[int, Model] | None
) -> list[Scored]:
    """Look at transactions with the running model, if any, and let the memory learn them."""
    features = matrix_of(transactions, memory)
    rows = list(zip(transactions, map(tuple, features.tolist()), strict=True))
    if running is None:
        return [Scored(t.hash, t.time, values) for t, values in rows]
    version, model = running
    scores = model.scores(features)
    judged = zip(rows, scores.tolist(), model.rates(scores).tolist(), strict=True)
    return [Scored(t.hash, t.time, row, version, score, rate) for (t, row), score, rate in judged]
