"""When models were trained, why, and what came of it; one without an end was cut off."""

from typing import Literal, TypeAlias

from msgspec import Struct
from sqlite_utils import Database

Reason: TypeAlias = Literal["first", "nightly", "asked", "drift"]
_COLUMNS = "id, chain, reason, chat_id, began_at, ended_at, outcome, model"


class Training(Struct, frozen=True):
    """One training; `chat` is where somebody asked for it, `model` what it made."""

    id: int
    chain: str
    reason: Reason
    chat: int | None
    began_at: int
    ended_at: int | None = None
    outcome: str = ""
    model: int | None = None


def begin_training(
    db: Database, chain: str, reason: Reason, now: int, chat: int | None = None
) -> Training:
    """Note that a training begins."""
    cursor = db.conn.execute(
        "INSERT INTO trainings (chain, reason, chat_id, began_at) VALUES (?, ?, ?, ?)",
        (chain, reason, chat, now),
    )
    return Training(int(cursor.lastrowid or 0), chain, reason, chat, now)


def end_training(
    db: Database, training: Training, outcome: str, model: int | None, now: int
) -> None:
    """Note what came of a training, in words."""
    db.conn.execute(
        "UPDATE trainings SET ended_at = ?, outcome = ?, model = ? WHERE id = ?",
        (now, outcome, model, training.id),
    )


def trainings_since(db: Database, chain: str, since: int) -> list[Training]:
    """The trainings that began at or after a time, the oldest first."""
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM trainings WHERE chain = ? AND began_at >= ? ORDER BY id",
        (chain, since),
    )
    return [Training(*row) for row in rows]


def last_training(db: Database, chain: str) -> Training | None:
    """The training that ended last."""
    row = db.conn.execute(
        f"SELECT {_COLUMNS} FROM trainings WHERE chain = ? AND ended_at IS NOT NULL"
        " ORDER BY id DESC LIMIT 1",
        (chain,),
    ).fetchone()
    return None if row is None else Training(*row)
