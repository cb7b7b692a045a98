"""Why a transaction is odd: the features that carry its score, with the usual beside them."""

from typing import Literal

import numpy as np
from msgspec import Struct

from detectors.learnt.features import FEATURES, Feature
from detectors.learnt.tails import SMALL, Tails, Vector

LEVELS = (99.9, 99.0, 90.0, 50.0)
FEATURE = {feature.name: feature for feature in FEATURES}


class Reason(Struct, frozen=True):
    """One feature that carries a score.

    `usual` is the median; `percent` of transactions are below `bound` where `side` is "more",
    above it where it is "less". `share` is its part of the score, from 0 to 1.
    """

    feature: str
    value: float
    usual: float
    side: Literal["more", "less"]
    percent: float
    bound: float
    share: float

    @property
    def about(self) -> Feature:
        """What is known of the feature."""
        return FEATURE[self.feature]


def reason_for(tails: Tails, column: int, name: str, value: float, share: float) -> Reason:
    """The reason that one column of the features gives."""
    usual = float(tails.usual[column])
    side: Literal["more", "less"] = "less" if value < usual else "more"
    knots, evidence = _met(tails, column)
    for percent in LEVELS:
        bound = _bound(knots, evidence, percent, side)
        if bound is not None and (value >= bound if side == "more" else value <= bound):
            return Reason(name, value, usual, side, percent, bound, share)
    if len(knots) == 1 and value != usual:  # all that was learnt have the same
        return Reason(name, value, usual, side, LEVELS[0], value, share)
    return Reason(name, value, usual, side, LEVELS[-1], usual, share)


def _met(tails: Tails, column: int) -> tuple[Vector, Vector]:
    """The knots that were met: without those beyond, of which the last may stand there often."""
    knots = tails.knots[column]
    end = int(np.searchsorted(knots, knots[-1], "left"))
    return knots[1:end], tails.evidence[column][1:end]


def _power(percent: float) -> float:
    return float(-np.log10(1 - percent / 100)) - 1e-9


def _bound(knots: Vector, evidence: Vector, percent: float, side: str) -> float | None:
    """The value that was met beyond which all but `percent` of transactions do not go."""
    power = _power(percent)
    if side == "more":
        at = int(np.searchsorted(evidence, power, "left"))
    else:
        at = int(np.searchsorted(evidence, -power, "right")) - 1
    return max(0.0, float(10.0 ** knots[at]) - SMALL) if 0 <= at < len(knots) else None
