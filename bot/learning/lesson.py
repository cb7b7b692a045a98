"""One training, as the process beside the bot does it: read, fit, judge; nothing is written.

A model is fitted to all that came before the held-back window, and judged on that window with
oddities put among its real transactions, by features that are computed from them as they came.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlite_utils import Database

from bot.learning.due import NEEDED
from bot.learning.labelled import USEFUL, judged_with, to_learn
from bot.wording.measures import verdict_words
from storage.database import reading
from storage.features import KEPT_SECONDS
from storage.labels import Labelled, labelled
from storage.models import LAST_KEY, Learnt, file_of, running_model
from storage.thinning import DrawnRow, draw
from storage.transactions import newest_transactions
from watchers.model import Transaction, sealed

if TYPE_CHECKING:
    from detectors.learnt.model import Model
    from detectors.learnt.sampling import Judged
    from detectors.learnt.training import Verdict

MOST_ROWS = 50_000
MOST_WARM, MOST_JUDGED = 15_000, 5_000
"""Transactions before the held-back window that the memory knows, and those in it."""
ODDITIES = 80
"""At least so many are put among each of the two: ten of a kind."""
BUDGET = 6
"""So many settings are tried."""
TOLD = 100
"""A person is told how much of the planted would be told at one in so many."""


class Lesson(Struct, frozen=True):
    """What came of a training over `rows` transactions.

    `learnt` is None where there was not enough; `runs`: it is to take the running one's place;
    `why` is to be said by `bot.language.unsealed`.
    """

    rows: int
    learnt: Learnt | None
    runs: bool
    why: str


class Material(Struct, frozen=True):
    """What a training reads: rows of features, raw transactions, the file of the running model.

    `last` is the largest key among the rows, by which they were drawn from all of thirty days.
    `labels` are what people said of what they were told.
    """

    rows: Sequence[DrawnRow]
    last: str
    newest: Sequence[Transaction]
    running: bytes | None
    labels: Sequence[Labelled] = ()


def teach(path: Path, chain: str, now: int) -> Lesson:
    """Train and judge a model of a chain, from a database as it is at this moment."""
    with reading(path) as db:
        material = read_material(db, chain, now)
    if len(material.rows) < NEEDED or not material.newest:
        return Lesson(
            len(material.rows), None, runs=False, why=not_enough_words(len(material.rows))
        )
    return _taught(material, chain, now)


def read_material(db: Database, chain: str, now: int) -> Material:
    """All that is learnt from, of one moment; a damaged file is as none."""
    from detectors.learnt.model import NAMES  # noqa: PLC0415 - numpy is not for the start

    drawn = draw(db, chain, NAMES, (now - KEPT_SECONDS, now + 1), MOST_ROWS)
    newest = newest_transactions(db, chain, min(len(drawn.rows), MOST_WARM + MOST_JUDGED))
    row = running_model(db, chain)
    running = None if row is None else file_of(db, row.version)
    return Material(drawn.rows, drawn.last, newest, running, labelled(db, chain, NAMES))


def _taught(material: Material, chain: str, now: int) -> Lesson:
    import numpy as np  # noqa: PLC0415 - as above

    from detectors.learnt.training import TooFewError, promote, train  # noqa: PLC0415 - as above

    warming, window = split(material.newest)
    learnt_from = met_before(material.rows, window)
    before = to_learn([row.values for row in learnt_from], material.labels)
    warm, held_back = _judged(warming, window, seed=now)
    held_back = judged_with(held_back, material.labels)
    try:
        model = train(np.array(before, np.float64), warm.matrix[warm.odd], now, BUDGET)
    except (TooFewError, ValueError) as error:
        return Lesson(len(before), None, runs=False, why=str(error))
    verdict = promote(model, _champion(material.running), held_back)
    metrics = _metrics(model, held_back, verdict)
    learnt = Learnt(
        chain, now, learnt_from[0].time, learnt_from[-1].time, len(before), model.manifest.features,
        {**_parameters(model), LAST_KEY: material.last}, metrics, model.to_bytes(),
    )  # fmt: skip
    return Lesson(
        len(before), learnt, verdict.promoted, verdict_words(metrics, runs=verdict.promoted)
    )


def split(
    newest: Sequence[Transaction],
) -> tuple[Sequence[Transaction], Sequence[Transaction]]:
    """What came before the held-back window, and what is in it: that is judged, never learnt."""
    cut = len(newest) - max(1, min(len(newest) // 4, MOST_JUDGED))
    return newest[:cut], newest[cut:]


def met_before(rows: Sequence[DrawnRow], window: Sequence[Transaction]) -> list[DrawnRow]:
    """The rows of what came before a window, of its first second too: hundreds may share one."""
    since, hashes = window[0].time, {transaction.hash for transaction in window}
    return [row for row in rows if row.time <= since and row.hash not in hashes]


def _judged(
    warming: Sequence[Transaction], window: Sequence[Transaction], seed: int
) -> "tuple[Judged, Judged]":
    """What comes before the held-back window and what is in it, both with oddities."""
    from detectors.learnt.injections import TABLE  # noqa: PLC0415 - numpy, as above
    from detectors.learnt.memory import Memory  # noqa: PLC0415 - as above
    from detectors.learnt.sampling import SHARE, judged_of  # noqa: PLC0415 - as above

    memory = Memory()
    warm, held_back = (
        judged_of(part, memory, TABLE, seed + at, max(SHARE, ODDITIES / max(len(part), 1)))
        for at, part in enumerate((warming, window))
    )
    return warm, held_back


def _champion(file: bytes | None) -> "Model | None":
    """The running model; one that cannot be read is as none."""
    from detectors.learnt.arrays import ModelFileError  # noqa: PLC0415 - numpy, as above
    from detectors.learnt.model import Model  # noqa: PLC0415 - as above

    try:
        return None if file is None else Model.from_bytes(file)
    except ModelFileError:
        return None


def _parameters(model: "Model") -> dict[str, str | float]:
    manifest = model.manifest
    return {"method": manifest.method, "seed": manifest.seed, **manifest.parameters}


def _metrics(model: "Model", held_back: "Judged", verdict: "Verdict") -> dict[str, float]:
    """What is said of a model: see `bot.wording.measures.Metrics`."""
    called = model.rates(model.scores(held_back.matrix)) >= TOLD
    planted = [bool(kind) and kind != USEFUL for kind in held_back.kinds]
    metrics = {
        "average_precision": verdict.precision, "calibration_error": verdict.error,
        "planted": sum(planted), "found": int(called[planted].sum()),
        "usual": int((~held_back.odd).sum()), "called": int(called[~held_back.odd].sum()),
    }  # fmt: skip
    if verdict.precision_before is not None and verdict.error_before is not None:
        metrics["average_precision_before"] = verdict.precision_before
        metrics["calibration_error_before"] = verdict.error_before
    return metrics


def not_enough_words(rows: int) -> str:
    """Why nothing was learnt."""
    return sealed(
        "It needs {needed} transactions, and has {rows}",
        needed=str(NEEDED), rows=str(rows),  # digits alone: it is said in any language
    )  # fmt: skip
