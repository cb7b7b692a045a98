"""What is to be said: nothing leaves that has no row here first.

A message is said once: its key decides, within its chat. What becomes of it is told in
`dispatch`.
"""

from collections.abc import Collection, Iterable

import msgspec
from sqlite_utils import Database

from storage.model import Delivery, Message, Priority


def enqueue_alert(
    db: Database, chats: Collection[int], key: str, alert: int, priority: Priority, now: int
) -> None:
    """Tell chats of an alert: each in a new message, or in the one with the same key."""
    known = _messages_of(db, chats, key)
    first = db.conn.execute("SELECT coalesce(max(id), 0) + 1 FROM messages").fetchone()[0]
    new = [(id_, chat) for id_, chat in enumerate((c for c in chats if c not in known), first)]
    db.conn.executemany(
        "INSERT INTO messages (id, chat_id, key, created_at) VALUES (?, ?, ?, ?)",
        [(id_, chat, key, now) for id_, chat in new],
    )
    db.conn.executemany(
        "INSERT OR IGNORE INTO message_alerts VALUES (?, ?)",
        [(message, alert) for message in (*known.values(), *(id_ for id_, _ in new))],
    )
    kept_back = [(id_, chat) for chat, id_ in known.items() if _was_kept_back(db, id_)]
    _add_deliveries(db, [*new, *kept_back], "send", priority, now)
    _say_again(db, known.values(), priority, now)


def _messages_of(db: Database, chats: Collection[int], key: str) -> dict[int, int]:
    """By chat, the message with this key, or the one that it was grouped into."""
    rows = db.conn.execute(
        "SELECT chat_id, coalesce(grouped_into, id) FROM messages"
        " WHERE key = ? AND chat_id IN (SELECT value FROM json_each(?))",
        (key, msgspec.json.encode(chats).decode()),
    )
    return dict(rows.fetchall())


def _say_again(db: Database, messages: Collection[int], priority: Priority, now: int) -> None:
    """Something joined messages: they leave no later than it would, or are brought up to date."""
    db.conn.executemany(
        "UPDATE deliveries SET priority = min(priority, ?)"
        " WHERE message_id = ? AND state = 'due' AND action = 'send'",
        [(priority, message) for message in messages],
    )
    request_edits(db, messages, now)


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
        _add_deliveries(db, [(int(created.lastrowid or 0), chat)], "send", priority, now)


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
            _add_deliveries(db, [(message, row[0])], "edit", Priority.EDIT, due_at)


def enqueue_reply(db: Database, delivery: Delivery, now: int) -> None:
    """Say under a message what became of its transaction, since an edit makes no sound."""
    to = [(delivery.message, delivery.chat.id)]
    _add_deliveries(db, to, "reply", Priority.PERSONAL, now)


def _add_deliveries(
    db: Database,
    to: Iterable[tuple[int, int]],
    action: str,
    priority: Priority,
    due_at: float,
) -> None:
    """Add a delivery for each (message, chat)."""
    db.conn.executemany(
        "INSERT INTO deliveries (message_id, chat_id, action, priority, due_at, state, created_at)"
        " VALUES (?, ?, ?, ?, ?, 'due', ?)",
        [(message, chat, action, priority, due_at, int(due_at)) for message, chat in to],
    )
