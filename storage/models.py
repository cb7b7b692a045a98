"""The registry of models: what was learnt when from what, how good it is, and what runs."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from watchers.model import sealed

KEPT = 30
"""So many models of a chain are kept beside the running one."""

LAST_KEY = "last_key"
"""The parameter that says up to which key of `storage.thinning` transactions were learnt."""

State: TypeAlias = Literal["refused", "running", "retired", "damaged"]


class Learnt(Struct, frozen=True):
    """What a training made: the file, and from what, how, and how good.

    It saw `rows` transactions of [since, until).
    """

    chain: str
    trained_at: int
    since: int
    until: int
    rows: int
    features: tuple[str, ...]
    parameters: Mapping[str, Any]
    metrics: Mapping[str, float]
    file: bytes


class ModelRow(Struct, frozen=True):
    """A model in the registry; `why` says, sealed, how it came to its state."""

    version: int
    chain: str
    trained_at: int
    since: int
    until: int
    rows: int
    features: tuple[str, ...]
    parameters: Mapping[str, Any]
    metrics: Mapping[str, float]
    sha256: str
    state: State
    why: str


class DamagedError(Exception):
    """The file of a model is not what was stored."""


_COLUMNS = (
    "version, chain, trained_at, since, until, rows, features, parameters, metrics, sha256,"
    " state, why"
)


def save_model(db: Database, learnt: Learnt, why: str, *, runs: bool) -> int:
    """Store what was learnt, and let it run or not; returns its version."""
    if runs:
        _retire(db, learnt.chain, sealed("a better one took its place"))
    cursor = db.conn.execute(
        "INSERT INTO models (chain, trained_at, since, until, rows, features, parameters,"
        " metrics, sha256, file, state, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            learnt.chain, learnt.trained_at, learnt.since, learnt.until, learnt.rows,
            _json(learnt.features), _json(learnt.parameters), _json(learnt.metrics),
            sha256(learnt.file).hexdigest(), learnt.file, "running" if runs else "refused", why,
        ),
    )  # fmt: skip
    _forget(db, learnt.chain)
    return int(cursor.lastrowid or 0)


def run_model(db: Database, version: int, why: str) -> ModelRow:
    """Let a model run again in the place of the running one; raises LookupError."""
    row = model_of(db, version)
    if row.state != "running":
        _retire(db, row.chain, why)
        _change(db, version, "running", why)
    return model_of(db, version)


def refuse_damaged(db: Database, version: int) -> ModelRow | None:
    """Mark a model as damaged; returns the one that runs instead, None where there is none."""
    row = model_of(db, version)
    _change(db, version, "damaged", sealed("its file is damaged"))
    if row.state != "running":
        return running_model(db, row.chain)
    before = db.conn.execute(
        "SELECT version FROM models WHERE chain = ? AND state = 'retired'"
        " ORDER BY version DESC LIMIT 1",
        (row.chain,),
    ).fetchone()
    return before and run_model(
        db, before[0], sealed("number {version} is damaged", version=version)
    )


def model_of(db: Database, version: int) -> ModelRow:
    """A model by its version; raises LookupError."""
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM models WHERE version = ?", (version,)).fetchone()
    if row is None:
        raise LookupError(f"There is no model {version}.")
    return _model(row)


def running_model(db: Database, chain: str) -> ModelRow | None:
    """The model that scores a chain's transactions."""
    row = db.conn.execute(
        f"SELECT {_COLUMNS} FROM models WHERE chain = ? AND state = 'running'", (chain,)
    ).fetchone()
    return None if row is None else _model(row)


def judged_since(db: Database, chain: str) -> int | None:
    """When the first model that is kept, and ever ran, was trained; None for none."""
    (first,) = db.conn.execute(
        "SELECT min(trained_at) FROM models WHERE chain = ? AND state != 'refused'", (chain,)
    ).fetchone()
    return None if first is None else int(first)


def models_of(db: Database, chain: str, most: int) -> list[ModelRow]:
    """The newest models of a chain, the newest first, and in any case the running one."""
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM models WHERE chain = ?1 AND (state = 'running' OR version IN"
        "  (SELECT version FROM models WHERE chain = ?1 ORDER BY version DESC LIMIT ?2))"
        " ORDER BY version DESC",
        (chain, most),
    )
    return [_model(row) for row in rows]


def file_of(db: Database, version: int) -> bytes:
    """The file of a model; raises `DamagedError` where it is not what was stored."""
    row = db.conn.execute(
        "SELECT file, sha256 FROM models WHERE version = ?", (version,)
    ).fetchone()
    if row is None:
        raise LookupError(f"There is no model {version}.")
    content = bytes(row[0])
    if sha256(content).hexdigest() != row[1]:
        raise DamagedError(f"The file of model {version} has changed since it was stored.")
    return content


def _retire(db: Database, chain: str, why: str) -> None:
    db.conn.execute(
        "UPDATE models SET state = 'retired', why = ? WHERE chain = ? AND state = 'running'",
        (why, chain),
    )


def _change(db: Database, version: int, state: State, why: str) -> None:
    db.conn.execute("UPDATE models SET state = ?, why = ? WHERE version = ?", (state, why, version))


def _forget(db: Database, chain: str) -> None:
    db.conn.execute(
        "DELETE FROM models WHERE chain = ?1 AND state != 'running' AND version NOT IN"
        " (SELECT version FROM models WHERE chain = ?1 AND state != 'running'"
        "  ORDER BY version DESC LIMIT ?2)",
        (chain, KEPT),
    )


def _model(row: Sequence[Any]) -> ModelRow:
    version, chain, trained_at, since, until, rows, features, parameters, metrics, *rest = row
    return ModelRow(
        version, chain, trained_at, since, until, rows, tuple(_loaded(features)),
        _loaded(parameters), _loaded(metrics), *rest,
    )  # fmt: skip


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _loaded(text: str) -> Any:
    return msgspec.json.decode(text)
