"""What people said of alerts about transactions, kept for ever: useful or not.

Each person has one word on an alert in a chat, and the last one counts. Of several people in a
chat, and where a model learns of several chats, too, it is the last word of all.
"""

from collections.abc import Sequence
from math import nan
from typing import Literal

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from detectors.model import Alert
from storage.features import features_as_json


class Label(Struct, frozen=True):
    """Who said what of an alert."""

    person: int
    name: str
    good: bool
    at: int


class Precision(Struct, frozen=True):
    """How many alerts of a detector were judged, and how many of them were useful."""

    detector: str
    judged: int
    useful: int


class Labelled(Struct, frozen=True):
    """The features of a transaction of which somebody said what it is; NaN where unknown."""

    good: bool
    values: tuple[float, ...]


_NAME = (
    "coalesce((SELECT name FROM accounts o WHERE o.person_id = l.person_id AND o.name != ''"
    " ORDER BY o.platform LIMIT 1), '')"
)
_LAST = (
    "SELECT *, row_number() OVER (PARTITION BY chain, hash, detector{whose}"
    " ORDER BY at DESC, person_id DESC) AS place FROM labels"
)
"""The labels, in place 1 the last word."""


def save_label(
    db: Database, chat: int, person: int, alerts: Sequence[Alert], now: int, *, good: bool
) -> None:
    """Keep what a person says of what a chat was told of a transaction."""
    for alert in alerts:
        db.conn.execute(
            "INSERT OR REPLACE INTO labels (chain, hash, detector, chat_id, person_id, good, at,"
            " rate, features) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                alert.chain, alert.transaction, alert.detector, chat, person, good, now,
                alert.rate or None, features_as_json(db, alert.chain, alert.transaction),
            ),
        )  # fmt: skip


def delete_label(db: Database, chat: int, person: int, alerts: Sequence[Alert]) -> bool:
    """Take back what a person said; False where that was nothing."""
    deleted = 0
    for alert in alerts:
        deleted += db.conn.execute(
            "DELETE FROM labels WHERE chain = ? AND hash = ? AND detector = ? AND chat_id = ?"
            " AND person_id = ?",
            (alert.chain, alert.transaction, alert.detector, chat, person),
        ).rowcount
    return deleted > 0


def join_labels(
    db: Database, column: Literal["person_id", "chat_id"], gone: int, kept: int
) -> None:
    """Hand on what a person said, or a chat; of two words on one alert the last counts."""
    other = {"person_id": "chat_id", "chat_id": "person_id"}[column]
    db.conn.execute(
        f"UPDATE OR REPLACE labels AS l SET {column} = ?2 WHERE {column} = ?1 AND NOT EXISTS"
        f" (SELECT 1 FROM labels o WHERE o.{column} = ?2 AND o.{other} = l.{other}"
        "  AND o.chain = l.chain AND o.hash = l.hash AND o.detector = l.detector AND o.at > l.at)",
        (gone, kept),
    )
    db.conn.execute(f"DELETE FROM labels WHERE {column} = ?", (gone,))


def labels_about(db: Database, chat: int, chain: str, hash_: str) -> list[Label]:
    """What is said in a chat of a transaction, a word a person, the first one first."""
    rows = db.conn.execute(
        f"SELECT l.person_id, {_NAME}, l.good, max(l.at) AS at FROM labels l"
        " WHERE l.chat_id = ? AND l.chain = ? AND l.hash = ?"
        " GROUP BY l.person_id ORDER BY at, l.person_id",
        (chat, chain, hash_),
    )
    return [Label(person, name, bool(good), at) for person, name, good, at in rows]


def labels_on(db: Database, message: int) -> list[Label]:
    """What is said of anything that a message tells, in its chat; as `labels_about`."""
    rows = db.conn.execute(
        f"SELECT l.person_id, {_NAME}, l.good, max(l.at) AS at FROM messages m"
        " CROSS JOIN message_alerts x ON x.message_id = m.id JOIN alerts a ON a.id = x.alert_id"
        " CROSS JOIN labels l ON l.chain = a.chain AND l.hash = a.transaction_hash"
        "  AND l.detector = a.detector AND l.chat_id = m.chat_id"
        " WHERE m.id = ? GROUP BY l.person_id ORDER BY at, l.person_id",
        (message,),
    )
    return [Label(person, name, bool(good), at) for person, name, good, at in rows]


def said_since(db: Database, chat: int, chain: str, since: int, rate: int) -> list[bool]:
    """What a chat said after a time of what is odd, one in `rate` or rarer, the oldest first."""
    rows = db.conn.execute(
        f"SELECT good FROM ({_LAST.format(whose=', chat_id')} WHERE chat_id = ?1)"
        " WHERE place = 1 AND detector = 'anomalies' AND chain = ?2 AND at > ?3 AND rate >= ?4"
        " ORDER BY at, hash",
        (chat, chain, since, rate),
    )
    return [bool(good) for (good,) in rows]


def precisions(db: Database, chat: int | None = None) -> list[Precision]:
    """How useful the alerts of each detector were that were judged, in one chat or in all."""
    rows = db.conn.execute(
        f"SELECT detector, count(*), sum(good) FROM ({_LAST.format(whose=', chat_id')}"
        " WHERE ?1 IS NULL OR chat_id = ?1) WHERE place = 1 GROUP BY detector ORDER BY detector",
        (chat,),
    )
    return [Precision(*row) for row in rows]


def labelled(db: Database, chain: str, names: Sequence[str]) -> list[Labelled]:
    """What is known of transactions that were told as odd and judged, the oldest label first."""
    rows = db.conn.execute(
        f"SELECT good, features FROM ({_LAST.format(whose='')} WHERE chain = ?)"
        " WHERE place = 1 AND detector = 'anomalies' AND features != '{}' ORDER BY at, hash",
        (chain,),
    )
    return [Labelled(bool(good), _values(features, names)) for good, features in rows]


def _values(features: str, names: Sequence[str]) -> tuple[float, ...]:
    """The values of a label; a feature that there was not yet is unknown."""
    known: dict[str, float | None] = msgspec.json.decode(features)
    return tuple(nan if (value := known.get(name)) is None else value for name in names)
