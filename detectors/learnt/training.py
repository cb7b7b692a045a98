"""Fitting models, choosing among them, and whether a new one takes the place of the old.

Nothing is fitted to oddities: they only judge which of a few settings is taken.
"""

import random
from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from detectors.learnt.calibration import Calibration
from detectors.learnt.drift import Drift, indices, reference_of
from detectors.learnt.forest import Forest, fit_forest
from detectors.learnt.judging import average_precision, calibration_error
from detectors.learnt.model import NAMES, SCHEMA, Manifest, Model
from detectors.learnt.neighbours import Neighbours, choose_neighbours
from detectors.learnt.sampling import Judged
from detectors.learnt.tails import Matrix, learn_tails
from watchers.model import sealed

FOLDS = 4
LEAST_ROWS = 500
"""Fewer tell too little of what is usual."""
TOLERANCE = 0.3
"""A calibration error up to a factor of two (decimal logarithm) is as good as any."""


class TooFewError(ValueError):
    """Too few transactions to learn from; the message, which is sealed, says how many."""


class Candidate(Struct, frozen=True):
    """A method and its settings."""

    method: str
    parameters: dict[str, float]


class Verdict(Struct, frozen=True):
    """Whether a challenger takes over, why in plain words, and what both reached."""

    promoted: bool
    reason: str
    precision: float
    precision_before: float | None
    error: float
    error_before: float | None


def candidates(seed: int, budget: int) -> Iterator[Candidate]:
    """At most `budget` settings, drawn by the seed, the usual ones first."""
    rng = random.Random(seed)
    yield from [
        Candidate("neighbours", {"count": 2_048}),
        Candidate("forest", {"trees": 100, "sample": 256}),
    ][:budget]  # fmt: skip
    for _ in range(budget - 2):
        if rng.random() < 0.5:
            yield Candidate("neighbours", {"count": rng.choice((512, 1_024, 2_048))})
        else:
            trees, sample = rng.choice((50, 100, 200)), rng.choice((128, 256, 512, 1_024))
            yield Candidate("forest", {"trees": trees, "sample": sample})


def train(matrix: Matrix, odd: Matrix, seed: int, budget: int = 6) -> Model:
    """The best of `budget` models of the rows of a matrix, judged with rows of oddities.

    The rows are in the order of time: what the settings are judged by is the newest fourth.
    Raises `TooFewError`. Loads scikit-learn.
    """
    if len(matrix) < LEAST_ROWS:
        raise TooFewError(
            sealed(
                "It needs {needed} transactions, and has {rows}",
                needed=f"{LEAST_ROWS:,}", rows=f"{len(matrix):,}",
            )
        )  # fmt: skip
    cut = len(matrix) - len(matrix) // FOLDS
    fitted, held_back = matrix[:cut], matrix[cut:]
    judged = Judged(np.concatenate([held_back, odd]), ("",) * len(held_back) + ("odd",) * len(odd))
    best = max(
        candidates(seed, budget),
        key=lambda candidate: precision_of(fit(fitted, candidate, seed), judged),
    )
    return calibrated(matrix, best, seed)


def calibrated(matrix: Matrix, candidate: Candidate, seed: int) -> Model:
    """One model of a matrix, whose rates are those of transactions that it had not learnt.

    Rows are in the order of time, and left out a fourth of it at once: neighbours in time, which
    are often alike, are learnt together or not at all.
    """
    return fit(matrix, candidate, seed, scored=_cross_scores(matrix, candidate, seed))


def fit(matrix: Matrix, candidate: Candidate, seed: int, scored: Matrix | None = None) -> Model:
    """One model of a matrix; `scored` are scores of transactions that it had not learnt."""
    tails = learn_tails(matrix)
    parameters = {name: float(value) for name, value in candidate.parameters.items()}
    scorer: Forest | Neighbours
    if candidate.method == "forest":
        trees, sample = int(parameters["trees"]), int(parameters["sample"])
        scorer = fit_forest(tails.logs(matrix), trees=trees, sample=sample, seed=seed)
    else:
        scorer = choose_neighbours(tails.of(matrix), int(parameters["count"]), seed)
    held_back = np.zeros(0) if scored is None else np.sort(scored)
    manifest = Manifest(
        SCHEMA, NAMES, candidate.method, parameters, seed, len(matrix), len(held_back)
    )
    reference = reference_of(matrix, held_back)
    return Model(manifest, tails, scorer, Calibration(held_back), reference)


def _cross_scores(matrix: Matrix, candidate: Candidate, seed: int) -> Matrix:
    """Scores of all rows, each by a model that had not learnt it."""
    parts = np.array_split(np.arange(len(matrix)), FOLDS)
    scores = np.empty(len(matrix))
    for part in parts:
        others = np.setdiff1d(np.arange(len(matrix)), part)
        scores[part] = fit(matrix[others], candidate, seed).scores(matrix[part])
    return scores


def precision_of(model: Model, judged: Judged) -> float:
    """The average precision that a model reaches."""
    return average_precision(model.scores(judged.matrix), judged.odd)


def promote(challenger: Model, champion: Model | None, held_back: Judged) -> Verdict:
    """Whether a model takes over: where it finds more, and what it calls rare is."""
    new, error = _measured(challenger, held_back)
    if champion is None:
        return Verdict(True, "there was none before", new, None, error, None)
    old, old_error = _measured(champion, held_back)
    found = f"average precision {new:.3f}, the running one has {old:.3f}"
    if new <= old:
        return Verdict(False, f"it does not find more: {found}", new, old, error, old_error)
    if error > max(TOLERANCE, old_error):
        why = f"it finds more ({found}), but is off by a factor of {10**error:.1f} in how rare a \
score is, the running one by {10**old_error:.1f}"
        return Verdict(False, why, new, old, error, old_error)
    return Verdict(True, f"it finds more: {found}", new, old, error, old_error)


def _measured(model: Model, judged: Judged) -> tuple[float, float]:
    scores = model.scores(judged.matrix)
    error = calibration_error(model.rates(scores[~judged.odd]))
    return average_precision(scores, judged.odd), error


def drift(model: Model, matrix: Matrix, learnt: Matrix | None = None) -> Drift:
    """How far rows of features, and their scores, are from those that a model learnt from.

    `learnt` are some of these that it did not see itself; else it is what the model knows of all.
    """
    usual = model.reference if learnt is None else reference_of(learnt, model.scores(learnt))
    found = indices(usual, matrix, model.scores(matrix))
    features = dict(zip(model.manifest.features, found[:-1].tolist(), strict=True))
    return Drift(features, float(found[-1]))
