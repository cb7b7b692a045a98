"""How well oddities are found: average precision, recall, and whether rates are kept."""

import numpy as np
from numpy.typing import NDArray

from detectors.learnt.tails import Vector

Marks = NDArray[np.bool_]


def average_precision(scores: Vector, odd: Marks) -> float:
    """The mean over all oddities of the precision at their place; equal scores share theirs."""
    if not odd.any():
        return 0.0
    ends, found = _steps(scores, odd)
    precision = found / ends
    return float((np.diff(found, prepend=0) * precision).sum() / odd.sum())


def _steps(scores: Vector, odd: Marks) -> tuple[Vector, Vector]:
    """How many were looked at, and found, down to each distinct score."""
    order = np.argsort(-scores, kind="stable")
    falls = np.flatnonzero(np.diff(scores[order], append=-np.inf))
    found = np.cumsum(odd[order])[falls].astype(np.float64)
    return (falls + 1).astype(np.float64), found


def found_at(scores: Vector, odd: Marks, one_in: int) -> Marks:
    """Which oddities are among the highest scores, where one in so many is told."""
    told = np.zeros(len(scores), np.bool_)
    told[np.argsort(-scores, kind="stable")[: round(len(scores) / one_in)]] = True
    return np.asarray(told & odd)


def calibration_error(rates: Vector, expected: int = 10) -> float:
    """How far the rates of real transactions are off: the largest |log10| of counted over promised.

    Looked at are one in 10, 100, 1,000 and 10,000, as far as `expected` should come.
    """
    errors = [0.0]
    for one_in in (10, 100, 1_000, 10_000):
        promised = len(rates) / one_in
        if promised >= expected:
            counted = int((rates >= one_in).sum())
            errors.append(abs(float(np.log10((counted + 0.5) / (promised + 0.5)))))
    return max(errors)
