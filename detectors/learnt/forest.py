"""An isolation forest, fitted by scikit-learn and scored by ourselves.

The score of a transaction is 2 ** (−mean path length / usual path length), as in F. T. Liu,
K. M. Ting, Z.-H. Zhou, "Isolation Forest" (ICDM 2008): near 1 where few splits set it apart.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.learnt.tails import Matrix, Vector

Indices = NDArray[np.int32]


@dataclass(frozen=True)
class Forest:
    """The nodes of all trees in one row of arrays.

    A node goes to `left` where the value of `feature` is at most `threshold`, else to `right`
    (indices of nodes); a leaf leads to itself. `lengths` are path lengths of leaves; `roots`
    where trees begin; `usual` is the path length that is to be expected; no walk takes more
    than `depth` steps.
    """

    roots: Indices
    left: Indices
    right: Indices
    feature: Indices
    threshold: Vector
    lengths: Vector
    usual: float
    depth: int

    def scores(self, matrix: Matrix) -> Vector:
        """A score for each row: higher is odder. Values are compared in float32, as trees are."""
        values = matrix.astype(np.float32).astype(np.float64)
        rows = np.arange(len(values))[:, None]
        at = np.broadcast_to(self.roots, (len(values), len(self.roots)))
        for _ in range(self.depth):
            goes_left = values[rows, self.feature[at]] <= self.threshold[at]
            at = np.where(goes_left, self.left[at], self.right[at])
        mean = self.lengths[at].sum(axis=1) / len(self.roots)
        return np.asarray(2.0 ** (-mean / self.usual), np.float64)


def fit_forest(matrix: Matrix, *, trees: int, sample: int, seed: int) -> Forest:
    """The forest that scikit-learn grows; loads scikit-learn."""
    from sklearn.ensemble import IsolationForest  # noqa: PLC0415 - heavy, and only to fit

    fitted = IsolationForest(
        n_estimators=trees, max_samples=min(sample, len(matrix)), random_state=seed
    ).fit(matrix)
    return flatten(fitted)


def flatten(fitted: object) -> Forest:
    """The nodes of a fitted `sklearn.ensemble.IsolationForest` that uses all features."""
    parts, roots, offset = [], [], 0
    for estimator in fitted.estimators_:  # type: ignore[attr-defined]
        tree = estimator.tree_
        here = np.arange(offset, offset + tree.node_count)
        leaf = tree.children_left < 0
        parts.append(
            (
                np.where(leaf, here, tree.children_left + offset),
                np.where(leaf, here, tree.children_right + offset),
                np.where(leaf, 0, tree.feature),
                tree.threshold,
                _depths(tree.children_left, tree.children_right)
                + _expected(tree.n_node_samples.astype(np.float64)),
            )
        )
        roots.append(offset)
        offset += tree.node_count
    left, right, feature, threshold, lengths = map(np.concatenate, zip(*parts, strict=True))
    depth = max(e.tree_.max_depth for e in fitted.estimators_)  # type: ignore[attr-defined]
    usual = float(_expected(np.array([fitted.max_samples_], np.float64))[0])  # type: ignore[attr-defined]
    return Forest(
        np.array(roots, np.int32), left.astype(np.int32), right.astype(np.int32),
        feature.astype(np.int32), threshold.astype(np.float64), lengths, usual, int(depth),
    )  # fmt: skip


def _depths(left: Indices, right: Indices) -> Vector:
    """How many splits lead to each node; children come after their parent."""
    depths = np.zeros(len(left))
    for node in range(len(left)):
        if left[node] >= 0:
            depths[left[node]] = depths[right[node]] = depths[node] + 1
    return depths


def _expected(count: Vector) -> Vector:
    """The mean path of an unsuccessful search in a binary search tree of so many (equation 1)."""
    more = np.maximum(count, 3)
    harmonic = np.log(more - 1) + np.euler_gamma
    found = 2 * harmonic - 2 * (more - 1) / more
    return np.where(count <= 1, 0.0, np.where(count == 2, 1.0, found))
