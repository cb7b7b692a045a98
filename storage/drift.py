"""How far what came on a day was from what the running model had learnt: an index a feature."""

from collections.abc import Mapping

from msgspec import Struct
from sqlite_utils import Database

SCORE = "score"
"""What the index of the score is kept as, among those of the features."""


class DriftRow(Struct, frozen=True):
    """The population stability index of a feature on a day (ISO), under a model."""

    day: str
    feature: str
    psi: float
    model: int


def save_drift(
    db: Database, chain: str, day: str, model: int, indices: Mapping[str, float]
) -> None:
    """Keep the indices of a day, by feature."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO drift (chain, day, feature, psi, model) VALUES (?, ?, ?, ?, ?)",
        [(chain, day, feature, psi, model) for feature, psi in indices.items()],
    )


def is_measured(db: Database, chain: str, day: str) -> bool:
    """Whether a day has its indices."""
    found = "SELECT 1 FROM drift WHERE chain = ? AND day = ? LIMIT 1"
    return db.conn.execute(found, (chain, day)).fetchone() is not None


def drift_since(db: Database, chain: str, day: str) -> list[DriftRow]:
    """The indices of a day and all after it, by days."""
    rows = db.conn.execute(
        "SELECT day, feature, psi, model FROM drift WHERE chain = ? AND day >= ?"
        " ORDER BY day, feature",
        (chain, day),
    )
    return [DriftRow(*row) for row in rows]


def worst_drift(db: Database, chain: str, model: int) -> float:
    """The largest index of the newest day under a model, 0 where none was measured."""
    (worst,) = db.conn.execute(
        "SELECT max(psi) FROM drift WHERE chain = ?1 AND model = ?2"
        " AND day = (SELECT max(day) FROM drift WHERE chain = ?1)",
        (chain, model),
    ).fetchone()
    return worst or 0.0
