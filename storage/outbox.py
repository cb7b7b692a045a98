"""What is to be said: nothing leaves that has no row here first.

A message is said once: its key decides, within its chat. What becomes of it is told in
`dispatch`.
"""

from collections.abc import Iterable

import msgspec
from sqlite_utils import Database

from storage.model import Delivery, Message, Priority


def enqueue_alert(
    db: Database, chat: int, key: str, alert: int, priority: Priority, now: int
) -> None:
    """Tell a chat of an alert: in a new message, or in the one with the same key."""
    created = db.conn.execute(
        "INSERT OR IGNORE INTO messages (chat_id, key, created_at) VALUES (?, ?, ?)",
        (chat, key, now),
    )
    message, grouped_into = db.conn.execute(
        "SELECT id, grouped_into FROM messages WHERE chat_id = ? AND key = ?", (chat, key)
    ).fetchone()
    target = grouped_into or message
    db.conn.execute("INSERT OR IGNORE INTO message_alerts VALUES (?, ?)", (target, alert))
    if created.rowcount or _was_kept_back(db, target):
        _add_delivery(db, target, chat, "send", priority, now)
    else:
        db.conn.execute(
            "UPDATE deliveries SET priority = min(priority, ?)"
            " WHERE message_id = ? AND state = 'due' AND action = 'send'",
            (priority, target),
        )
        request_edits(db, [target], now)


def _was_kept_back(db: Database, message: int) -> bool:
    """Whether a message was never said and nobody will: the chat was muted, or it was refused."""
    row = db.conn.execute(
        "SELECT 1 FROM messages m WHERE id = ? AND reference = '' AND NOT EXISTS"
        " (SELECT 1 FROM deliveries WHERE message_id = m.id AND action = 'send'"
        "  AND state IN ('due', 'sending'))",
        (message,),
    ).fetchone()
    return row is not None


def enqueue_notice(
    db: Database, chat: int, key: str, message: Message, priority: Priority, now: int
) -> None:
    """Say something once in a chat; the key decides what once means."""
    created = db.conn.execute(
        "INSERT OR IGNORE INTO messages (chat_id, key, body, created_at) VALUES (?, ?, ?, ?)",
        (chat, key, msgspec.json.encode(message).decode(), now),
    )
    if created.rowcount:
        _add_delivery(db, int(created.lastrowid or 0), chat, "send", priority, now)


def request_edits(db: Database, messages: Iterable[int], due_at: float) -> None:
    """Bring messages that were said up to date; once is enough while one is waiting.

    One that is being sent counts as said: it may have been composed before the news.
    """
    for message in messages:
        row = db.conn.execute(
            "SELECT chat_id FROM messages m WHERE id = ? AND (reference != '' OR EXISTS"
            " (SELECT 1 FROM deliveries WHERE message_id = m.id AND action = 'send'"
            "  AND state = 'sending')) AND NOT EXISTS"
            " (SELECT 1 FROM deliveries WHERE message_id = m.id AND action = 'edit'"
            "  AND state = 'due')",
            (message,),
        ).fetchone()
        if row:
            _add_delivery(db, message, row[0], "edit", Priority.EDIT, due_at)


def enqueue_reply(db: Database, delivery: Delivery, now: int) -> None:
    """Say under a message what became of its transaction, since an edit makes no sound."""
    _add_delivery(db, delivery.message, delivery.chat.id, "reply", Priority.PERSONAL, now)


def _add_delivery(
    db: Database, message: int, chat: int, action: str, priority: Priority, due_at: float
) -> None:
    db.conn.execute(
        "INSERT INTO deliveries (message_id, chat_id, action, priority, due_at, state, created_at)"
        " VALUES (?, ?, ?, ?, ?, 'due', ?)",
        (message, chat, action, priority, due_at, int(due_at)),
    )
