"""How far a transaction is from the nearest that was learnt, in the space of evidence.

What sits deep in a tail is far from the crowd; what does so together with siblings that were
there in training is not odd on this chain, however rare its kind.
"""

from dataclasses import dataclass

import numpy as np

from detectors.learnt.tails import Matrix, Vector

AT_ONCE = 256


@dataclass(frozen=True)
class Neighbours:
    """The evidence of transactions that were learnt, one a row."""

    rows: Matrix

    def scores(self, evidence: Matrix) -> Vector:
        """The distance of each row from the nearest that was learnt: higher is odder."""
        lengths = np.einsum("ij,ij->i", self.rows, self.rows)
        found = np.empty(len(evidence))
        for start in range(0, len(evidence), AT_ONCE):
            part = evidence[start : start + AT_ONCE]
            nearest = (lengths - 2.0 * part @ self.rows.T).min(axis=1)
            own = np.einsum("ij,ij->i", part, part)
            found[start : start + AT_ONCE] = np.sqrt(np.maximum(nearest + own, 0.0))
        return found


def choose_neighbours(evidence: Matrix, count: int, seed: int) -> Neighbours:
    """At most `count` rows that stand for all: half the oddest, half drawn from the others."""
    if len(evidence) <= count:
        return Neighbours(evidence.copy())
    order = np.argsort(-np.einsum("ij,ij->i", evidence, evidence), kind="stable")
    odd, others = order[: count // 2], order[count // 2 :]
    drawn = np.random.default_rng(seed).choice(others, count - len(odd), replace=False)
    return Neighbours(evidence[np.concatenate([odd, drawn])])
