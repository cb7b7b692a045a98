"""Who has seen which alert, and which critical ones nobody has."""

from msgspec import Struct
from sqlite_utils import Database

from detectors.model import Severity
from storage.listeners import OURS
from storage.model import Chat, Person
from storage.outbox import request_edits

REPEATED_WITHIN_SECONDS = 86400
"""What is older is not repeated: a chat that asks for repeats does not hear of its past."""
_REPEAT = "repeat:"


class Acknowledged(Struct, frozen=True):
    """Somebody has seen an alert, "" without a name.

    `before`: somebody else had, or they themselves.
    """

    name: str
    at: int
    before: bool = False


class Overdue(Struct, frozen=True):
    """A message with a critical alert that nobody acknowledged in time, and where it stands."""

    message: int
    chat: int
    waited_seconds: int


def acknowledgement_of(db: Database, message: int) -> Acknowledged | None:
    """Who has seen what a message tells."""
    row = db.conn.execute(
        "SELECT name, at FROM acknowledgements WHERE message_id = ?", (message,)
    ).fetchone()
    return Acknowledged(*row) if row else None


def acknowledge(
    db: Database, chat: Chat, which: str | int | None, person: Person, now: int
) -> Acknowledged | None:
    """Note that somebody has seen an alert.

    `which` is that of a transaction (its hash), or a message (its id); else the newest that
    nobody has seen.
    The message shows it. The first one counts. None where there is no such alert in the chat.
    """
    message = _message(db, chat.id, which)
    if message is None:
        return None
    if known := acknowledgement_of(db, message):
        return Acknowledged(known.name, known.at, before=True)
    db.conn.execute(
        "INSERT INTO acknowledgements VALUES (?, ?, ?, ?)", (message, person.id, person.name, now)
    )
    request_edits(db, [message], now)
    return Acknowledged(person.name, now)


def _message(db: Database, chat: int, which: str | int | None) -> int | None:
    match which:
        case None:
            return _newest_open(db, chat)
        case str():
            return _telling(db, chat, which)
    return message_here(db, chat, which)


def message_here(db: Database, chat: int, message: int) -> int | None:
    """A message of alerts that stands in a chat, or the one that took it in; None where none."""
    row = db.conn.execute(
        "SELECT coalesce(m.grouped_into, m.id) FROM messages m"
        f" WHERE m.id = ?2 AND m.chat_id IN ({OURS}) AND m.body IS NULL",
        (chat, message),
    ).fetchone()
    return None if row is None else int(row[0])


def _newest_open(db: Database, chat: int) -> int | None:
    row = db.conn.execute(
        f"SELECT max(m.id) FROM messages m WHERE m.chat_id IN ({OURS}) AND m.body IS NULL"
        " AND m.reference != '' AND m.id NOT IN (SELECT message_id FROM acknowledgements)",
        (chat,),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def _telling(db: Database, chat: int, hash_: str) -> int | None:
    row = db.conn.execute(
        "SELECT max(m.id) FROM alerts a JOIN message_alerts x ON x.alert_id = a.id"
        f" JOIN messages m ON m.id = x.message_id WHERE m.chat_id IN ({OURS})"
        " AND a.transaction_hash = ?2",
        (chat, hash_),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def repeat_seconds_of(db: Database, chat: int) -> int:
    """After how long a critical alert that nobody acknowledged is repeated; 0 for never."""
    (seconds,) = db.conn.execute(
        "SELECT repeat_seconds FROM chats WHERE id = ?", (chat,)
    ).fetchone()
    return int(seconds)


def save_repeat(db: Database, chat: int, seconds: int) -> None:
    """Repeat critical alerts that nobody acknowledges after so long, or never (0)."""
    db.conn.execute("UPDATE chats SET repeat_seconds = ? WHERE id = ?", (seconds, chat))


def overdue(db: Database, now: int) -> list[Overdue]:
    """What is to be repeated now: nothing twice, nothing of chats that want silence."""
    rows = db.conn.execute(
        "SELECT m.id, c.id, ?1 - max(d.closed_at) AS waited FROM chats c"
        " CROSS JOIN deliveries d ON d.chat_id = c.id AND d.state = 'sent'"
        " AND d.action = 'send' AND d.closed_at > ?1 - ?2"
        " JOIN messages m ON m.id = d.message_id AND m.chat_id = c.id"
        " WHERE c.repeat_seconds > 0 AND c.bound AND c.parked = '' AND m.body IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM acknowledgements k WHERE k.message_id = m.id)"
        " AND EXISTS (SELECT 1 FROM message_alerts x JOIN alerts a ON a.id = x.alert_id"
        "  WHERE x.message_id = m.id AND a.severity >= ?3)"
        " AND NOT EXISTS (SELECT 1 FROM messages r WHERE r.chat_id = c.id"
        f"  AND r.key = '{_REPEAT}' || m.id)"
        " GROUP BY m.id HAVING waited >= c.repeat_seconds ORDER BY m.id",
        (now, REPEATED_WITHIN_SECONDS, Severity.CRITICAL),
    )
    return [Overdue(*row) for row in rows]


def repeat_key(message: int) -> str:
    """The key of what says a message once more."""
    return f"{_REPEAT}{message}"


def repeated_by(key: str) -> int | None:
    """The message that is said once more under a key; None where the key is another's."""
    kind, _, message = key.rpartition(":")
    return int(message) if f"{kind}:" == _REPEAT else None
