"""Whether the arrays of a model file can be worked with; `ModelFileError` where they cannot."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from detectors.learnt.arrays import ModelFileError
from detectors.learnt.drift import BINS, Reference
from detectors.learnt.forest import Forest
from detectors.learnt.neighbours import Neighbours
from detectors.learnt.tails import APART, Matrix, Tails, Vector

Arrays = Mapping[str, NDArray[np.generic]]
DEEPEST = 64


def tails_of(arrays: Arrays, features: int) -> Tails:
    """The tails: as many rows as features, knots in order."""
    knots = _floats(arrays["knots"], "knots", 2)
    evidence = _floats(arrays["evidence"], "evidence", 2)
    usual = np.asarray(arrays["usual"], np.float64)
    _want(len(knots) == features and knots.shape[1] > 0, "knots for other features")
    _want(evidence.shape == knots.shape and usual.shape == (features,), "tails that do not fit")
    _want(bool((np.diff(knots, axis=1) >= 0).all()), "knots out of order")
    _want(bool((np.diff(evidence, axis=1) >= 0).all()), "evidence out of order")
    _want(bool((np.abs(knots) < APART / 2).all()), "knots beyond all sums")
    _want(not np.isinf(usual).any(), "what is usual is endless")
    return Tails(knots, evidence, usual)


def sorted_scores(arrays: Arrays) -> Vector:
    """The held-back scores."""
    scores = _floats(arrays["held_back"], "held_back", 1)
    _want(bool((np.diff(scores) >= 0).all()), "held-back scores out of order")
    return scores


def reference_of_file(arrays: Arrays, features: int) -> Reference:
    """What was usual when it was learnt."""
    edges = _floats(arrays["edges"], "edges", 2)
    shares = _floats(arrays["shares"], "shares", 2)
    _want(edges.shape == (features + 1, BINS - 1), "deciles of other features")
    _want(shares.shape == (features + 1, BINS + 1), "shares of other features")
    _want(bool((np.diff(edges, axis=1) >= 0).all()), "deciles out of order")
    return Reference(edges, shares)


def scorer_of(method: str, arrays: Arrays, features: int) -> Forest | Neighbours:
    """What scores, by the name of its method."""
    if method == "neighbours":
        rows = arrays["rows"]
        _want(rows.dtype == np.float32 and rows.ndim == 2, "neighbours that are no such numbers")
        _want(len(rows) > 0 and rows.shape[1] == features, "neighbours of other features")
        _want(bool(np.isfinite(rows).all()), "neighbours that are not finite")
        return Neighbours(rows.astype(np.float32))
    if method == "forest":
        return _forest(arrays, features)
    raise ModelFileError(f"an unknown method, {method[:40]!r}")


def _forest(arrays: Arrays, features: int) -> Forest:
    threshold = _floats(arrays["threshold"], "threshold", 1)
    lengths = _floats(arrays["lengths"], "lengths", 1)
    walk = _floats(arrays["walk"], "walk", 1)
    _want(walk.shape == (2,), "walks that cannot be")
    usual, depth = walk.tolist()
    nodes = len(threshold)
    _want(0 < nodes == len(lengths), "nodes without lengths")
    _want(usual > 0 and 0 <= depth <= DEEPEST, "walks that cannot be")
    roots = _indices(arrays["roots"], "roots", nodes, None)
    left, right = (_indices(arrays[side], side, nodes, nodes) for side in ("left", "right"))
    feature = _indices(arrays["feature"], "feature", features, nodes)
    return Forest(roots, left, right, feature, threshold, lengths, usual, int(depth))


def _indices(
    array: NDArray[np.generic], name: str, end: int, count: int | None
) -> NDArray[np.int32]:
    _want(array.dtype == np.int32 and array.ndim == 1 and len(array) > 0, f"{name} are no indices")
    _want(count is None or len(array) == count, f"{name} are not as many as nodes")
    whole = array.astype(np.int32)
    _want(bool(((whole >= 0) & (whole < end)).all()), f"{name} lead out of the model")
    return whole


def _floats(array: NDArray[np.generic], name: str, dimensions: int) -> Matrix:
    _want(array.dtype == np.float64 and array.ndim == dimensions, f"{name} are no such numbers")
    floats = array.astype(np.float64)
    _want(bool(np.isfinite(floats).all()), f"{name} are not all finite")
    return floats


def _want(fits: bool, otherwise: str) -> None:
    if not fits:
        raise ModelFileError(f"the model file has {otherwise}: not loaded")
