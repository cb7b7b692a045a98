"""Once a day: whether what comes in is still what the running model learnt from.

Nights are not days and Sundays not Mondays, and that is no drift: the last day is compared with
the same hours of the week among what was learnt. The indices of every feature and of the score
are measured in a process of their own and kept; where one has shifted, the owners are told and
the model is trained early (`bot.learning.due`).
"""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlite_utils import Database

from bot.learning.running import model_at
from bot.notices import tell_owners
from bot.store import Store
from bot.wording.drift import format_drift
from bot.worker import Worker, WorkerError
from storage.database import reading
from storage.drift import SCORE, is_measured, save_drift, worst_drift
from storage.features import KEPT_SECONDS
from storage.models import LAST_KEY, DamagedError, ModelRow, running_model
from storage.thinning import draw
from watchers.model import Chain

if TYPE_CHECKING:
    from detectors.learnt.model import Model

log = logging.getLogger(__name__)

AT_HOUR = 14
"""Half a day after the night's training, so that there is something to compare."""
DAY_SECONDS = 86400
NEEDED = 1_000
"""Of fewer transactions on either side no index is measured: chance alone would move it."""
MOST = 20_000
MOST_A_WEEK = 5_000
"""So many are drawn of the day, and of each week that it is compared with."""
WEEK_SECONDS = 7 * DAY_SECONDS
AGAIN_SECONDS = 3600
"""Where it could not be measured it is tried again after so long."""
_LIMIT_SECONDS = 300
_NICENESS = 10

Row = tuple[float, ...]


class Measured(Struct, frozen=True):
    """The indices under a model, by feature, that of the score among them."""

    model: int
    indices: Mapping[str, float]


class Compared(Struct, frozen=True):
    """Rows of features: what came, and what was learnt of like hours.

    `learnt` is empty where that is what the model itself knows.
    """

    came: Sequence[Row]
    learnt: Sequence[Row]


class DriftWatch:
    """Measures each chain once a day; `look` is called once a minute."""

    def __init__(
        self, store: Store, chains: Mapping[str, Chain], zone: str,
        measure: "Callable[[Path, str, int], Measured | None] | None" = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._chains = chains
        self._zone = zone
        self._measure = measure or measure_drift
        self._tried: dict[str, int] = {}

    async def look(self, now: int) -> None:
        """Measure what is due."""
        day = day_to_measure(now, self._zone)
        for chain in self._chains.values():
            waits = now < self._tried.get(chain.name, 0) + AGAIN_SECONDS
            if day is None or waits or not await self._store.read(_is_due, chain.name, day):
                continue
            self._tried[chain.name] = now
            if measured := await self._measured(chain, now):
                await self._store.write(note_drift, chain, day, measured, now)

    async def _measured(self, chain: Chain, now: int) -> Measured | None:
        try:
            async with Worker(partial(os.nice, _NICENESS)) as worker:
                return await worker.run(
                    self._measure, self._store.path, chain.name, now,
                    timeout_seconds=_LIMIT_SECONDS,
                )  # fmt: skip
        except WorkerError as error:
            log.warning("the drift could not be measured chain=%s: %s", chain.name, error)
            return None


def day_to_measure(now: int, zone: str) -> str | None:
    """The date (ISO) that is to have its indices by now; None where the hour has not come."""
    local = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(zone))
    return local.date().isoformat() if local.hour >= AT_HOUR else None


def measure_drift(path: Path, chain: str, now: int) -> Measured | None:
    """What came in the last day and after what the running model learnt, against that.

    None where there is too little of either, or no model that can be read. For another process.
    """
    from detectors.learnt.arrays import ModelFileError  # noqa: PLC0415 - numpy is not for the start

    with reading(path) as db:
        row = running_model(db, chain)
        compared = None if row is None else compared_rows(db, row, now)
        if row is None or compared is None:
            return None
        try:
            model = model_at(db, row.version)
        except (DamagedError, ModelFileError):
            return None
    return Measured(row.version, _indices(model, compared))


def compared_rows(db: Database, row: ModelRow, now: int) -> Compared | None:
    """The last day and the same hours of the weeks before, as far as they were learnt.

    Where that is too long ago it is the last whole week, and what the model itself knows of all
    that it learnt. None where there are too few of either.
    """
    since = max(now - DAY_SECONDS, row.until + 1)
    spans = like_spans((since, now), row)
    if not spans and min(now - row.until, row.until - row.since) > WEEK_SECONDS:
        since = now - WEEK_SECONDS
    elif not spans:
        return None
    came = _drawn(db, row, (since, now), MOST)
    after = str(row.parameters.get(LAST_KEY, ""))
    learnt = [values for span in spans for values in _drawn(db, row, span, MOST_A_WEEK, after)]
    enough = len(came) >= NEEDED and (len(learnt) >= NEEDED or not spans)
    return Compared(came, learnt) if enough else None


def like_spans(span: tuple[int, int], row: ModelRow) -> list[tuple[int, int]]:
    """The same hours of the weeks before that are wholly among what a model learnt from."""
    shifted = [
        (span[0] - weeks * WEEK_SECONDS, span[1] - weeks * WEEK_SECONDS)
        for weeks in range(1, KEPT_SECONDS // WEEK_SECONDS + 1)
    ]
    return [(first, end) for first, end in shifted if row.since <= first and end <= row.until + 1]


def _drawn(
    db: Database, row: ModelRow, span: tuple[int, int], most: int, after: str = ""
) -> list[Row]:
    """Rows of a span; those that the model did not learn itself come `after` the ones it did."""
    return [one.values for one in draw(db, row.chain, row.features, span, most, after).rows]


def _indices(model: "Model", compared: Compared) -> dict[str, float]:
    """The index of each feature and of the score."""
    import numpy as np  # noqa: PLC0415 - numpy is not for the start

    from detectors.learnt.training import drift  # noqa: PLC0415 - as above

    learnt = np.array(compared.learnt, np.float64) if compared.learnt else None
    found = drift(model, np.array(compared.came, np.float64), learnt)
    return {**found.features, SCORE: found.score}


def note_drift(db: Database, chain: Chain, day: str, measured: Measured, now: int) -> None:
    """Keep what was measured; the owners are told once of a model that drifted."""
    save_drift(db, chain.name, day, measured.model, measured.indices)
    if has_drifted(db, chain.name):
        key = f"drift:{chain.name}:{measured.model}"
        tell_owners(db, key, partial(format_drift, chain, measured.model, measured.indices), now)


def has_drifted(db: Database, chain: str) -> bool:
    """Whether the running model has shifted by the newest indices."""
    from detectors.learnt.drift import SHIFTED  # noqa: PLC0415 - numpy, as above

    row = running_model(db, chain)
    return row is not None and worst_drift(db, chain, row.version) > SHIFTED


def _is_due(db: Database, chain: str, day: str) -> bool:
    return running_model(db, chain) is not None and not is_measured(db, chain, day)
