"""How far out in its tail each feature is: signed evidence, in powers of ten.

Evidence 3 means that one in 1,000 of the transactions learnt from has as much or more, −3 that
one in 1,000 has as little or less. Past the last value that was met it goes on as an exponential
tail of the logarithm would, for at most `BEYOND`. What is not known (NaN) is no evidence: 0.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

KNOTS = 256
BEYOND = 3.0
SMALL = 1e-9
"""Added before a logarithm is taken, so that there is one of 0."""
TAIL_SHARE = 0.02
SHORTEST, LONGEST = 0.1, 10.0
"""What a tail that thins out to a tenth is taken to need at least: where the highest values are all
the same, a little more than they is not a thousand times as rare. Where most values are 0, the step
from there to the others says nothing of the tail."""
OUTSIDE = 5e-4
"""So small a share at either end of a feature is not shown."""
APART = 256.0
"""So far apart are features on one line: no logarithm and no knot comes near it."""


@dataclass(frozen=True)
class Tails:
    """For each feature knots of (logarithm of the value, evidence), in between straight lines.

    Rows of `knots` and `evidence` are features; short rows repeat their last knot. `usual` is
    the median of each feature.
    """

    knots: Matrix
    evidence: Matrix
    usual: Vector

    def logs(self, matrix: Matrix) -> Matrix:
        """The logarithms of a matrix; what is not known is taken as usual."""
        known = np.where(np.isnan(matrix), np.nan_to_num(self.usual), matrix)
        return np.log10(np.maximum(known, 0) + SMALL)

    def of(self, matrix: Matrix) -> Matrix:
        """The evidence of each value of a matrix (rows are transactions)."""
        logs = np.log10(np.maximum(matrix, 0) + SMALL)
        within = np.clip(logs, self.knots[:, 0], self.knots[:, -1])
        places, heights = self._line
        found = np.interp(within + self._starts, places, heights)
        return np.nan_to_num(found, nan=0.0)

    def spread(self, column: int, value: float, buckets: int) -> tuple[float, float, Vector]:
        """How the values of a feature are spread: from, to (logarithms) and shares of buckets.

        The range holds nearly all of them, and `value`.
        """
        knots, evidence = self.knots[column], self.evidence[column]
        below = np.where(evidence < 0, 10.0**evidence, 1 - 10.0**-evidence)
        usual = knots[(below > OUTSIDE) & (below < 1 - OUTSIDE)]
        ends = np.append(usual, math.log10(max(value, 0) + SMALL))
        low, high = float(ends.min()), float(ends.max())
        edges = np.linspace(low, max(high, low + 0.1), buckets + 1)
        at_edges = np.interp(edges, knots, below)
        at_edges[0], at_edges[-1] = 0.0, 1.0
        return low, float(edges[-1]), np.maximum(np.diff(at_edges), 0.0)

    @cached_property
    def _starts(self) -> Vector:
        return np.arange(len(self.knots), dtype=np.float64) * APART

    @cached_property
    def _line(self) -> tuple[Vector, Vector]:
        """All features on one line, so that one look-up finds the evidence of all."""
        places = np.asarray(self.knots + self._starts[:, None], np.float64)
        return places.ravel(), self.evidence.ravel()


def learn_tails(matrix: Matrix) -> Tails:
    """The tails of a matrix; a feature that is never known has no evidence."""
    curves = [_curve(column[~np.isnan(column)]) for column in matrix.T]
    usual = [float(np.median(c)) if (c := column[~np.isnan(column)]).size else math.nan
             for column in matrix.T]  # fmt: skip
    width = max(len(knots) for knots, _ in curves)
    knots = np.array([np.pad(knots, (0, width - len(knots)), "edge") for knots, _ in curves])
    heights = np.array([np.pad(h, (0, width - len(h)), "edge") for _, h in curves])
    return Tails(knots, heights, np.array(usual))


def _curve(values: Vector) -> tuple[Vector, Vector]:
    """Knots and evidence of one feature."""
    if values.size == 0:
        return np.zeros(1), np.zeros(1)
    ordered = np.sort(np.log10(np.maximum(values, 0) + SMALL))
    knots = np.unique(ordered)
    if len(knots) > KNOTS:
        knots = knots[_places(len(knots))]
    count = len(ordered)
    above = (count - np.searchsorted(ordered, knots, "left") + 1) / (count + 1)
    below = (np.searchsorted(ordered, knots, "right") + 1) / (count + 1)
    evidence = np.where(above <= below, -np.log10(above), np.log10(np.minimum(below, 1)))
    step_up, step_down = _step(ordered), _step(-ordered[::-1])
    return (
        np.concatenate([[knots[0] - BEYOND * step_down], knots, [knots[-1] + BEYOND * step_up]]),
        np.concatenate([[evidence[0] - BEYOND], evidence, [evidence[-1] + BEYOND]]),
    )


def _places(count: int) -> NDArray[np.int64]:
    """Which of the ordered values become knots: dense towards both ends."""
    ends = np.geomspace(1, count / 2, KNOTS // 2) - 1
    places = np.unique(np.concatenate([ends, count - 1 - ends]).astype(np.int64))
    return np.asarray(places, np.int64)


def _step(ordered: Vector) -> float:
    """How much the logarithm grows where the tail thins out to a tenth (Hill's estimate)."""
    far = max(5, int(len(ordered) * TAIL_SHARE))
    tail = ordered[-far:]
    return float(np.clip(np.mean(tail - tail[0]) * math.log(10), SHORTEST, LONGEST))
