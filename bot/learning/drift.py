"""Once a day: whether what comes in is still what the running model learnt from.

The indices of every feature and of the score are measured in a process of their own and kept;
where one has shifted, the owners are told and the model is trained early (`bot.learning.due`).
"""

import logging
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
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
from storage.features import features_sampled
from storage.models import DamagedError, ModelRow, running_model
from watchers.model import Chain

log = logging.getLogger(__name__)

AT_HOUR = 14
"""Half a day after the night's training, so that there is something to compare."""
DAY_SECONDS = 86400
NEEDED = 1_000
"""Of fewer transactions no index is measured: chance alone would move it."""
MOST = 20_000
"""So many are drawn from all over the day."""
AGAIN_SECONDS = 3600
"""Where it could not be measured it is tried again after so long."""
_LIMIT_SECONDS = 300
_NICENESS = 10


class Measured(Struct, frozen=True):
    """The indices under a model, by feature, that of the score among them."""

    model: int
    indices: Mapping[str, float]


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

    None where there is too little of it, or no model that can be read. For another process.
    """
    import numpy as np  # noqa: PLC0415 - numpy is not for the start

    from detectors.learnt.arrays import ModelFileError  # noqa: PLC0415 - as above
    from detectors.learnt.training import drift  # noqa: PLC0415 - as above

    with reading(path) as db:
        row = running_model(db, chain)
        if row is None or len(rows := _rows_after(db, row, now)) < NEEDED:
            return None
        try:
            model = model_at(db, row.version)
        except (DamagedError, ModelFileError):
            return None
    found = drift(model, np.array(rows, np.float64))
    return Measured(row.version, {**found.features, SCORE: found.score})


def _rows_after(db: Database, row: ModelRow, now: int) -> list[tuple[float, ...]]:
    since = max(now - DAY_SECONDS, row.until + 1)
    return features_sampled(db, row.chain, row.features, since, now, MOST)


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
