"""How well methods find oddities among real transactions: many seeds, both sets of parameters.

Each seed draws which half is learnt from. The other half is judged, with oddities among it, once
with the fixed table and once with parameters that the seed draws.
"""

import random
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from msgspec import Struct

from detectors.learnt.forest import fit_forest
from detectors.learnt.injections import KINDS, TABLE, drawn
from detectors.learnt.judging import average_precision, found_at
from detectors.learnt.memory import Memory
from detectors.learnt.sampling import judged_stream, matrix_of, with_oddities
from detectors.learnt.tails import Matrix, Vector
from detectors.learnt.training import Candidate, calibrated, fit
from watchers.model import Transaction

USUAL_FOREST = "forest on value, fee, inputs, outputs"
"""scikit-learn's `IsolationForest` as it comes: 100 trees of 256 rows, nothing scaled."""
ITS_LABELS = "the same, labels alone"
CONTAMINATION = 0.01
"""What such systems commonly call odd of what is learnt: a label, no score."""
OF_LOGARITHMS = "the same, of logarithms"
FOREST = Candidate("forest", {"trees": 100, "sample": 256})
NEIGHBOURS = Candidate("neighbours", {"count": 2_048})
SETS = ("fixed table", "drawn parameters")


class Interval(Struct, frozen=True):
    """A mean over seeds, and half the width of its 95 % interval."""

    mean: float
    half_width: float


class Row(Struct, frozen=True):
    """What a method reached on a set of parameters.

    `recall_100` and `recall_200`: the share of the oddities that is among one alert in 100 and
    in 200 transactions; `kinds`: by kind, what one in 100 finds. `told_100`: how many real
    transactions were called one in 100 or rarer, over how many should be; None without rates.
    """

    method: str
    parameters: str
    precision: Interval
    recall_100: Interval
    recall_200: Interval
    kinds: dict[str, float]
    told_100: Interval | None


class Evaluation(Struct, frozen=True):
    """All rows, of so many seeds and transactions."""

    seeds: int
    transactions: int
    rows: tuple[Row, ...]


class Result(Struct, frozen=True):
    """What a method reached in one draw, as in `Row`."""

    precision: float
    recall_100: float
    recall_200: float
    kinds: dict[str, float]
    told_100: float | None


Results: TypeAlias = dict[tuple[str, str], Result]
"""The results of one seed, by method and set of parameters."""


def summed_up(results: Sequence[Results], transactions: int) -> Evaluation:
    """What the results of seeds come to."""
    rows = (_row(*key, [result[key] for result in results]) for key in results[0])
    return Evaluation(len(results), transactions, tuple(rows))


def of_seed(transactions: Sequence[Transaction], seed: int) -> Results:
    """One draw of halves and oddities. Loads scikit-learn."""
    rng = random.Random(seed)
    shuffled = rng.sample(transactions, len(transactions))
    learnt, rest = shuffled[: len(shuffled) // 2], shuffled[len(shuffled) // 2 :]
    matrix = matrix_of(learnt, Memory())
    usual = _usual_methods(plain_columns(learnt), seed)
    models = {
        "forest on all features": fit(matrix, FOREST, seed),
        "neighbours": calibrated(matrix, NEIGHBOURS, seed),
    }
    results = {}
    for name, ranges in zip(SETS, (TABLE, drawn(rng)), strict=True):
        stream = with_oddities(rest, ranges, seed)
        judged = judged_stream(stream, _memory_of(learnt))
        plain = plain_columns([transaction for transaction, _ in stream])
        for method, scores in usual(plain).items():
            results[method, name] = _result(scores, judged.kinds, None)
        for method, model in models.items():
            scores = model.scores(judged.matrix)
            rates = model.rates(scores) if model.calibration.promised else None
            results[method, name] = _result(scores, judged.kinds, rates)
    return results


def _usual_methods(learnt: Matrix, seed: int) -> Callable[[Matrix], dict[str, Vector]]:
    """What others run, fitted to plain columns: from rows to scores by method."""
    forest = fit_forest(learnt, trees=100, sample=256, seed=seed)
    of_logarithms = fit_forest(np.log1p(learnt), trees=100, sample=256, seed=seed)
    level = np.quantile(forest.scores(learnt), 1 - CONTAMINATION)

    def scores_of(judged: Matrix) -> dict[str, Vector]:
        scores = forest.scores(judged)
        return {
            USUAL_FOREST: scores,
            ITS_LABELS: np.where(scores > level, 1.0, 0.0),
            OF_LOGARITHMS: of_logarithms.scores(np.log1p(judged)),
        }

    return scores_of


def _memory_of(transactions: Sequence[Transaction]) -> Memory:
    memory = Memory()
    for transaction in transactions:
        memory.learn(transaction)
    return memory


def plain_columns(transactions: Sequence[Transaction]) -> Matrix:
    """Value, fee, inputs and outputs as they are: what such detectors commonly look at."""
    rows = [
        (sum(out.amount for out in t.outputs), t.fee or 0, len(t.inputs), len(t.outputs))
        for t in transactions
    ]
    return np.array(rows, np.float64)


def _result(scores: Vector, kinds: Sequence[str], rates: Vector | None) -> Result:
    odd = np.array([kind != "" for kind in kinds])
    found = found_at(scores, odd, 100)
    by_kind = {
        kind: float(np.mean(found[[one == kind for one in kinds]]))
        for kind in KINDS
        if kind in kinds
    }
    told = None if rates is None else float((rates[~odd] >= 100).mean() * 100)
    return Result(
        average_precision(scores, odd), float(found.sum() / odd.sum()),
        float(found_at(scores, odd, 200).sum() / odd.sum()), by_kind, told,
    )  # fmt: skip


def _row(method: str, parameters: str, results: Sequence[Result]) -> Row:
    kinds = {
        kind: float(np.mean([r.kinds[kind] for r in results if kind in r.kinds] or [np.nan]))
        for kind in KINDS
    }
    told = [r.told_100 for r in results if r.told_100 is not None]
    return Row(
        method, parameters,
        interval_of([r.precision for r in results]), interval_of([r.recall_100 for r in results]),
        interval_of([r.recall_200 for r in results]), kinds, interval_of(told) if told else None,
    )  # fmt: skip


def interval_of(values: Sequence[float]) -> Interval:
    """The mean, and 1.96 standard errors of it."""
    error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return Interval(float(np.mean(values)), float(1.96 * error))
