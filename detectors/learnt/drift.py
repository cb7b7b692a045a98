"""Whether what comes in is still what was learnt from: the population stability index.

PSI is the sum over bins of (share now − share then) · ln(share now / share then). By custom
below 0.1 is none, above 0.25 is a shift that matters (N. Siddiqi, Credit Risk Scorecards, 2006).
Chance alone makes it (bins − 1)·(1/n + 1/m) on average, with n and m rows on the two sides
(B. Yurdakul, Statistical Properties of Population Stability Index, Western Michigan University,
2018): 0.02 for a thousand of each.
"""

from dataclasses import dataclass

import numpy as np
from msgspec import Struct

from detectors.learnt.tails import Matrix, Vector

BINS = 10
LEAST_SHARE = 1e-3
SHIFTED = 0.25


@dataclass(frozen=True)
class Reference:
    """What was usual: a row for each feature and a last one for the score.

    `edges` are deciles; `shares` those of the bins between them, and last of what was unknown.
    """

    edges: Matrix
    shares: Matrix


class Drift(Struct, frozen=True):
    """The index of each feature by its name, and of the score."""

    features: dict[str, float]
    score: float

    @property
    def worst(self) -> float:
        """The largest of all."""
        return max([self.score, *self.features.values()])


def reference_of(matrix: Matrix, scores: Vector) -> Reference:
    """What is usual of features (rows are transactions) and their scores."""
    columns = [*matrix.T, scores]
    edges = np.array([_deciles(column) for column in columns])
    return Reference(edges, np.array([_shares(c, e) for c, e in zip(columns, edges, strict=True)]))


def indices(reference: Reference, matrix: Matrix, scores: Vector) -> Vector:
    """The index of each feature and, last, of the score."""
    columns = [*matrix.T, scores]
    now = np.array([_shares(c, e) for c, e in zip(columns, reference.edges, strict=True)])
    then = np.maximum(reference.shares, LEAST_SHARE)
    now = np.maximum(now, LEAST_SHARE)
    return np.asarray(((now - then) * np.log(now / then)).sum(axis=1))


def _deciles(column: Vector) -> Vector:
    known = column[~np.isnan(column)]
    if not known.size:
        return np.zeros(BINS - 1)
    return np.quantile(known, np.arange(1, BINS) / BINS)


def _shares(column: Vector, edges: Vector) -> Vector:
    """The share of each bin (its upper edge belongs to it), and of what is not known."""
    known = column[~np.isnan(column)]
    counts = np.bincount(np.searchsorted(edges, known, "left"), minlength=BINS)
    return np.append(counts, len(column) - len(known)) / max(len(column), 1)
