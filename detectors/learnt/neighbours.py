"""How far a transaction is from the nearest that was learnt, in the space of evidence.

The score is that distance times the evidence of the three facets that show most. What sits deep in
a tail is far from the crowd; but what does so together with siblings that were there in training is
not odd on this chain, however rare its kind. A forest cuts features one at a time and sees neither.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from detectors.learnt.features import FEATURES
from detectors.learnt.tails import Matrix, Vector

AT_ONCE = 32
"""So many transactions are compared at a time: what lies between stays in the processor's cache."""
HEAVIEST = 3

_COUNTS = [len(list(group)) for _, group in groupby(FEATURES, key=lambda feature: feature.facet)]
_STARTS = np.cumsum([0, *_COUNTS[:-1]])
_WEIGHTS = 1 / np.sqrt(np.repeat(_COUNTS, _COUNTS))
_LOWEST = np.array([0.0 if feature.odd == "more" else -np.inf for feature in FEATURES])
_HIGHEST = np.array([0.0 if feature.odd == "less" else np.inf for feature in FEATURES])


@dataclass(frozen=True)
class Neighbours:
    """The evidence of transactions that were learnt, one a row, sided and weighed."""

    rows: NDArray[np.float32]

    def scores(self, evidence: Matrix) -> Vector:
        """A score for each row: higher is odder."""
        sided = _sided(evidence)
        return self._distances(_weighed(sided)) * _shown(sided)

    @cached_property
    def _table(self) -> tuple[Matrix, Matrix, Vector]:
        """The rows in 64 bits, the same turned by a quarter, and half their squared lengths."""
        rows = self.rows.astype(np.float64)
        return rows, np.ascontiguousarray(rows.T), np.einsum("ij,ij->i", rows, rows) / 2

    def _distances(self, wanted: Matrix) -> Vector:
        """From the nearest row, taken anew from the difference: equal whatever is beside it."""
        rows, turned, halves = self._table
        nearest = [
            (halves - wanted[start : start + AT_ONCE] @ turned).argmin(axis=1)
            for start in range(0, len(wanted), AT_ONCE)
        ]
        apart = wanted - rows[np.concatenate(nearest)]
        return np.asarray(np.sqrt(np.einsum("ij,ij->i", apart, apart)))


def _sided(evidence: Matrix) -> Matrix:
    """Without what is on the side that is of no interest."""
    return np.asarray(np.clip(evidence, _LOWEST, _HIGHEST))


def _weighed(sided: Matrix) -> Matrix:
    """So that a facet counts once, however many features it has."""
    return np.asarray(sided * _WEIGHTS)


def _shown(sided: Matrix) -> Vector:
    """The evidence of the facets that show most, together."""
    facets = np.maximum.reduceat(np.abs(sided), _STARTS, axis=1)
    heaviest = np.partition(facets, -HEAVIEST, axis=1)[:, -HEAVIEST:]
    return np.asarray(heaviest.sum(axis=1))


def choose_neighbours(evidence: Matrix, count: int, seed: int) -> Neighbours:
    """At most `count` rows that stand for all: half the oddest, half drawn from the others."""
    rows = _weighed(_sided(evidence)).astype(np.float32)
    if len(rows) > count:
        order = np.argsort(-np.einsum("ij,ij->i", rows, rows), kind="stable")
        odd, others = order[: count // 2], order[count // 2 :]
        drawn = np.random.default_rng(seed).choice(others, count - len(odd), replace=False)
        rows = rows[np.concatenate([odd, drawn])]
    return Neighbours(rows)
