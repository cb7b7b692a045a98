"""The models that run, as the detector and the wording are handed them: each read once."""

from typing import TYPE_CHECKING

from msgspec import Struct
from sqlite_utils import Database

from bot.language import marked
from bot.notices import note_incident
from storage.models import DamagedError, ModelRow, file_of, model_of, refuse_damaged, running_model
from watchers.model import Incident, sealed

if TYPE_CHECKING:
    from detectors.learnt.model import Model

_MOST = 4
_known: "dict[str, Model]" = {}
"""What was read, by the sum of its file, so that it can never be another."""


class Unreadable(Struct, frozen=True):
    """A model that cannot be used, and why."""

    row: ModelRow
    why: str


def model_at(db: Database, version: int) -> "Model":
    """A model by its version. Raises LookupError, `DamagedError` and `ModelFileError`."""
    from detectors.learnt.model import Model  # noqa: PLC0415 - numpy is not for the start

    row = model_of(db, version)
    if row.sha256 not in _known:
        while len(_known) >= _MOST:
            _known.pop(next(iter(_known)), None)
        _known[row.sha256] = Model.from_bytes(file_of(db, version))
    return _known[row.sha256]


def running_of(db: Database, chain: str, now: int) -> "tuple[int, Model] | None":
    """The running model of a chain with its version; where it is damaged, the one before it.

    The owners are told of a damaged one; it is never tried again.
    """
    row = running_model(db, chain)
    while row is not None:
        found = _try(db, row)
        if not isinstance(found, Unreadable):
            return row.version, found
        row = refuse_damaged(db, row.version)
        note_incident(db, _incident(found, row, now), now)
    return None


def _try(db: Database, row: ModelRow) -> "Model | Unreadable":
    from detectors.learnt.arrays import ModelFileError  # noqa: PLC0415 - numpy, as above

    try:
        return model_at(db, row.version)
    except (DamagedError, ModelFileError) as error:
        return Unreadable(row, str(error))


def _incident(found: Unreadable, instead: ModelRow | None, now: int) -> Incident:
    version, why = found.row.version, found.why
    detail = sealed(
        "Model {version} cannot be used ({why}), and none runs until the next training. /train"
        " makes a new one.",
        version=version, why=why,
    )  # fmt: skip
    if instead is not None:
        detail = sealed(
            "Model {version} cannot be used ({why}): model {instead} runs. /train makes a new one.",
            version=version, why=why, instead=instead.version,
        )  # fmt: skip
    what = sealed("model {version} cannot be used", version=version)
    return Incident(marked("models"), what, detail, now, urgent=True)
