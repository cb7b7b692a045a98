"""How many alert messages a chat reads in an hour; what is more becomes one message.

A chat's budget counts what was sent in the last hour. The first message beyond it collects
all that follow for an hour and is changed instead of followed by others.
"""

from sqlite_utils import Database

from detectors.model import Severity
from storage.grouping import group_into
from storage.model import Delivery, Priority
from storage.outbox import request_edits

BUDGET = 20
HOUR = 3600


def budget_of(db: Database, chat: int) -> int:
    """How many alert messages an hour a chat wants at most."""
    row = db.conn.execute("SELECT hourly FROM budgets WHERE chat_id = ?", (chat,)).fetchone()
    return int(row[0]) if row else BUDGET


def save_budget(db: Database, chat: int, hourly: int) -> None:
    """Keep what a chat wants."""
    db.conn.execute("INSERT OR REPLACE INTO budgets VALUES (?, ?)", (chat, hourly))


def is_collected(db: Database, delivery: Delivery, now: float) -> bool:
    """Whether a message that is to be sent went into the one that collects instead.

    Where there is none yet, it becomes that one. Personal and critical ones pass, and what
    was begun to be sent already.
    """
    if delivery.action != "send" or delivery.reference or _passes(db, delivery):
        return False
    if _sent_since(db, delivery.chat.id, now - HOUR) < budget_of(db, delivery.chat.id):
        return False
    collector = _collector(db, delivery.chat.id, now)
    if collector is None:
        db.conn.execute(
            "UPDATE messages SET collects_until = ? WHERE id = ?",
            (int(now) + HOUR, delivery.message),
        )
        return False
    _collect(db, delivery, collector, now)
    return True


def collects(db: Database, message: int) -> bool:
    """Whether a message tells what was more than the budget."""
    row = db.conn.execute("SELECT collects_until FROM messages WHERE id = ?", (message,)).fetchone()
    return row[0] is not None


def stands_in(db: Database, message: int, chat: int) -> bool:
    """Whether a message was said in a chat."""
    row = db.conn.execute(
        "SELECT 1 FROM messages WHERE id = ? AND chat_id = ?", (message, chat)
    ).fetchone()
    return row is not None


def _passes(db: Database, delivery: Delivery) -> bool:
    (critical,) = db.conn.execute(
        "SELECT coalesce(max(a.severity), 0) FROM message_alerts x"
        " JOIN alerts a ON a.id = x.alert_id WHERE x.message_id = ?",
        (delivery.message,),
    ).fetchone()
    return bool(delivery.priority == Priority.PERSONAL or critical >= Severity.CRITICAL)


def _sent_since(db: Database, chat: int, since: float) -> int:
    (sent,) = db.conn.execute(
        "SELECT count(*) FROM deliveries d JOIN messages m ON m.id = d.message_id"
        " WHERE d.chat_id = ? AND d.closed_at > ? AND d.state = 'sent' AND d.action = 'send'"
        " AND m.body IS NULL",
        (chat, since),
    ).fetchone()
    return int(sent)


def _collector(db: Database, chat: int, now: float) -> int | None:
    row = db.conn.execute(
        "SELECT id FROM messages WHERE chat_id = ? AND collects_until > ? AND reference != ''"
        " ORDER BY id DESC LIMIT 1",
        (chat, now),
    ).fetchone()
    return None if row is None else int(row[0])


def _collect(db: Database, delivery: Delivery, into: int, now: float) -> None:
    group_into(db, delivery.id, delivery.message, into, now)
    request_edits(db, [into], now)
