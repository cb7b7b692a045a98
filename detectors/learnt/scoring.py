"""A batch of transactions as they come: features, scores, rates."""

from collections.abc import Sequence

from detectors.learnt.memory import Memory
from detectors.learnt.model import Model
from detectors.learnt.sampling import as_matrix, rows_of
from detectors.model import Scored
from watchers.model import Transaction


def scored(
    transactions: Sequence[Transaction], memory: Memory, running: tuple[int, Model] | None
) -> list[Scored]:
    """Look at transactions with the running model, if any, and let the memory learn them."""
    rows = rows_of(transactions, memory)
    seen = zip(transactions, rows, strict=True)
    if running is None:
        return [Scored(t.hash, t.time, row) for t, row in seen]
    version, model = running
    scores = model.scores(as_matrix(rows))
    judged = zip(seen, scores.tolist(), model.rates(scores).tolist(), strict=True)
    return [Scored(t.hash, t.time, row, version, score, rate) for (t, row), score, rate in judged]
