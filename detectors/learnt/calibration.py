"""From a score to a rate: one in how many transactions scores as high.

Calibrated on transactions that were held back from fitting. Where they are many the rate is
counted. Past the `TAIL` highest it is the exponential tail that the excesses of those fit (a
generalised Pareto distribution of shape 0; J. Pickands, Ann. Statist. 3, 1975): the usual model
where too few are there to tell the shape. `promised` says how far that may be trusted.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detectors.learnt.tails import Vector

TAIL_SHARE = 0.02
LEAST_TAIL = 10
LARGEST = 1e9


@dataclass(frozen=True)
class Calibration:
    """The scores that were held back, in order."""

    scores: Vector

    def rates(self, scores: Vector) -> Vector:
        """One in so many transactions scores at least as high; at least 1, at most a milliard."""
        count = len(self.scores)
        if count == 0:
            return np.ones(len(scores))
        as_high = count - np.searchsorted(self.scores, scores, "left")
        rates = (count + 1.0) / (as_high + 1.0)
        tail, start, mean = self._tail
        far = scores > start
        grown = (count + 1.0) / tail * np.exp(np.minimum((scores - start) / mean, np.log(LARGEST)))
        near = np.minimum(rates, (count + 1.0) / tail)
        return np.asarray(np.minimum(np.where(far, grown, near), LARGEST), np.float64)

    @cached_property
    def _tail(self) -> tuple[int, float, float]:
        """How many scores are the tail, where it begins, and its mean excess."""
        tail = min(len(self.scores), max(LEAST_TAIL, int(len(self.scores) * TAIL_SHARE)))
        start = float(self.scores[-tail])
        return tail, start, max(float(np.mean(self.scores[-tail:])) - start, 1e-9)

    @property
    def promised(self) -> int:
        """Up to one in so many at least ten transactions tell; beyond it is extrapolated."""
        return len(self.scores) // 10
