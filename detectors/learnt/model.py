"""A model: frozen arrays that score transactions, say why, and say how rare a score is."""

import hashlib
from dataclasses import dataclass

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from detectors.learnt.arrays import ModelFileError, digest_of, pack, unpack
from detectors.learnt.calibration import Calibration
from detectors.learnt.checks import reference_of_file, scorer_of, sorted_scores, tails_of
from detectors.learnt.drift import Reference
from detectors.learnt.features import FEATURES
from detectors.learnt.forest import Forest
from detectors.learnt.neighbours import Neighbours
from detectors.learnt.reasons import Reason, reason_for
from detectors.learnt.tails import Matrix, Tails, Vector

SCHEMA = 1
REASONS = 3
NAMES = tuple(feature.name for feature in FEATURES)


class Manifest(Struct, frozen=True):
    """What is to be known of a model beside its arrays.

    `rows` it was fitted to and `held_back`, by `method` with `parameters`, from `seed`.
    """

    schema: int
    features: tuple[str, ...]
    method: str
    parameters: dict[str, float]
    seed: int
    rows: int
    held_back: int
    sha256: str = ""


@dataclass(frozen=True)
class Model:
    """Scores transactions by their features; higher is odder."""

    manifest: Manifest
    tails: Tails
    scorer: Forest | Neighbours
    calibration: Calibration
    reference: Reference

    def scores(self, matrix: Matrix) -> Vector:
        """A score for each row of features."""
        if len(matrix) == 0:
            return np.zeros(0)
        if isinstance(self.scorer, Forest):
            return self.scorer.scores(self.tails.logs(matrix))
        return self.scorer.scores(self.tails.of(matrix))

    def rates(self, scores: Vector) -> Vector:
        """One in so many transactions scores as high."""
        return self.calibration.rates(scores)

    def rate(self, score: float) -> float:
        """One in so many transactions scores as high as this."""
        return float(self.rates(np.array([score]))[0])

    def reasons(self, row: Vector, most: int = REASONS) -> tuple[Reason, ...]:
        """The features that carry the score of a row, at most three, the heaviest first.

        What a feature carries is what the score loses where that alone becomes the usual.
        """
        row = np.asarray(row, np.float64)
        others = np.tile(row, (len(row) + 1, 1))
        np.fill_diagonal(others[1:], self.tails.usual)
        scores = self.scores(others)
        lost = np.where(np.isnan(row), 0.0, np.maximum(scores[0] - scores[1:], 0.0))
        total = float(lost.sum()) or 1.0
        heaviest = [int(c) for c in np.argsort(-lost, kind="stable")[:most] if lost[c] > 0]
        names = self.manifest.features
        return tuple(
            reason_for(self.tails, c, names[c], float(row[c]), float(lost[c]) / total)
            for c in heaviest
        )

    def to_bytes(self) -> bytes:
        """The model as an .npz file, for `from_bytes`."""
        arrays = _arrays(self)
        manifest = msgspec.structs.replace(self.manifest, sha256=digest_of(arrays))
        return pack(arrays, msgspec.json.encode(manifest))

    @staticmethod
    def from_bytes(data: bytes) -> "Model":
        """The model of a file. Raises `ModelFileError` for all that is not one of ours."""
        arrays, text = unpack(data)
        try:
            manifest = msgspec.json.decode(text, type=Manifest)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise ModelFileError(f"its manifest cannot be read: {str(error)[:100]}") from error
        if manifest.schema != SCHEMA or manifest.features != NAMES:
            raise ModelFileError("a model for other features than this version has: train anew")
        if digest_of(arrays) != manifest.sha256:
            raise ModelFileError("its arrays are not those that were saved: it is damaged")
        try:
            return _checked(manifest, arrays)
        except KeyError as error:
            raise ModelFileError(f"it has no array {error}") from error

    @property
    def name(self) -> str:
        """A short name that changes with what is in it."""
        return hashlib.sha256(self.to_bytes()).hexdigest()[:12]


def _arrays(model: Model) -> dict[str, NDArray[np.generic]]:
    arrays: dict[str, NDArray[np.generic]] = {
        "knots": model.tails.knots, "evidence": model.tails.evidence,
        "usual": model.tails.usual, "held_back": model.calibration.scores,
        "edges": model.reference.edges, "shares": model.reference.shares,
    }  # fmt: skip
    if isinstance(model.scorer, Neighbours):
        return arrays | {"rows": model.scorer.rows}
    forest = model.scorer
    return arrays | {
        "roots": forest.roots, "left": forest.left, "right": forest.right,
        "feature": forest.feature, "threshold": forest.threshold, "lengths": forest.lengths,
        "walk": np.array([forest.usual, forest.depth], np.float64),
    }  # fmt: skip


def _checked(manifest: Manifest, arrays: dict[str, NDArray[np.generic]]) -> Model:
    """The model, where every array can be worked with and leads nowhere else."""
    tails = tails_of(arrays, len(manifest.features))
    scorer = scorer_of(manifest.method, arrays, len(manifest.features))
    return Model(
        manifest, tails, scorer, Calibration(sorted_scores(arrays)),
        reference_of_file(arrays, len(manifest.features)),
    )  # fmt: skip
