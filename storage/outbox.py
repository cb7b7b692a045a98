"""What is to be said: nothing leaves that has no row here first.

A message is said once: its key decides, within its chat, or among all private chats of a
person (`listeners`). What becomes of it is told in `dispatch`.
"""

from collections.abc import Collection, Iterable, Mapping

import msgspec
from sqlite_utils import Database

from detectors.model import Ring, Subscription
from storage.listeners import listeners_of
from storage.model import Message, Priority


def enqueue_alert(
    db: Database,
    asked: Mapping[int, Subscription],
    key: str,
    alert: int,
    priority: Priority,
    now: int,
) -> None:
    """Tell chats of an alert: each in a new message, or in the one with the same key.

    `asked` is, by chat, the subscription that it answers to, and tells how it rings.
    Somebody whom it reaches in several private chats is told in one of them.
    """
    known = _messages_of(db, asked, key)
    first = db.conn.execute("SELECT coalesce(max(id), 0) + 1 FROM messages").fetchone()[0]
    listeners = [_speaking(chats, asked) for chats in listeners_of(db, asked)]
    new = list(enumerate((chats for chats in listeners if chats[0] not in known), first))
    db.conn.executemany(
        "INSERT INTO messages (id, chat_id, key, created_at) VALUES (?, ?, ?, ?)",
        [(id_, chats[0], key, now) for id_, chats in new],
    )
    answered = {id_: asked[chats[0]] for id_, chats in new}
    told = {message: asked[chat] for chat, messages in known.items() for message in messages}
    db.conn.executemany(
        "INSERT OR IGNORE INTO message_alerts (message_id, alert_id, subscription_id)"
        " VALUES (?, ?, ?)",
        [(message, alert, asking.id) for message, asking in (told | answered).items()],
    )
    kept_back = [(known[chats[0]], chats) for chats in listeners if chats[0] in known]
    again = [_again(db, m[0], chats) for m, chats in kept_back if _were_kept_back(db, m)]
    said = [(id_, chats[0]) for id_, chats in (*new, *again)]
    _add_deliveries(db, said, "send", priority, now)
    waiting = [(id_, chat) for id_, chats in (*new, *again) for chat in chats[1:]]
    _add_deliveries(db, waiting, "send", priority, now, state="standby")
    _say_again(db, told, priority, now)


def _speaking(chats: tuple[int, ...], asked: Mapping[int, Subscription]) -> tuple[int, ...]:
    """Of the chats of one person those that may speak: a digest only where all want it there."""
    louder = tuple(chat for chat in chats if asked[chat].ring is not Ring.DIGEST)
    return louder or chats


def _messages_of(db: Database, chats: Collection[int], key: str) -> dict[int, list[int]]:
    """By chat, the messages with this key to whoever is told there; of a group its whole."""
    rows = db.conn.execute(
        "SELECT a.id, coalesce(m.grouped_into, m.id) FROM json_each(?) asked"
        " JOIN chats a ON a.id = asked.value"
        " JOIN chats s ON s.id = a.id OR s.person_id = a.person_id"
        " JOIN messages m ON m.chat_id = s.id AND m.key = ?",
        (msgspec.json.encode(list(chats)).decode(), key),
    )
    known: dict[int, list[int]] = {}
    for chat, message in rows:
        known.setdefault(chat, []).append(message)
    return known


def _again(db: Database, message: int, chats: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """A message that is to be said after all, where it stands before elsewhere."""
    (stands,) = db.conn.execute("SELECT chat_id FROM messages WHERE id = ?", (message,)).fetchone()
    return message, (stands, *(chat for chat in chats if chat != stands))


def _were_kept_back(db: Database, messages: Iterable[int]) -> bool:
    """Whether none of these was said and nobody will: they were muted, or refused."""
    return all(_was_kept_back(db, message) for message in messages)


def _say_again(
    db: Database, told: Mapping[int, Subscription], priority: Priority, now: int
) -> None:
    """Something joined messages: they leave no later than it would, or are brought up to date."""
    louder = [message for message, asking in told.items() if asking.ring is not Ring.DIGEST]
    db.conn.executemany(
        "UPDATE deliveries SET priority = min(priority, ?1),"
        " due_at = CASE kept WHEN 'digest' THEN ?2 ELSE due_at END"
        " WHERE message_id = ?3 AND state = 'due' AND action = 'send'",
        [(priority, now, message) for message in louder],
    )
    request_edits(db, told, now)


def _was_kept_back(db: Database, message: int) -> bool:
    """Whether a message was never said, and nobody is to say it."""
    row = db.conn.execute(
        "SELECT 1 FROM messages m WHERE id = ? AND reference = '' AND NOT EXISTS"
        " (SELECT 1 FROM deliveries WHERE message_id = m.id AND action = 'send'"
        "  AND state IN ('due', 'sending', 'standby'))",
        (message,),
    ).fetchone()
    return row is not None


def enqueue_notice(
    db: Database,
    chat: int,
    key: str,
    message: Message,
    priority: Priority,
    now: int,
    standby: Iterable[int] = (),
) -> None:
    """Say something once in a chat; the key decides what once means.

    `standby` are other chats of the same person, which step in where it cannot be told.
    """
    created = db.conn.execute(
        "INSERT OR IGNORE INTO messages (chat_id, key, body, created_at) VALUES (?, ?, ?, ?)",
        (chat, key, msgspec.json.encode(message).decode(), now),
    )
    if created.rowcount:
        message_id = int(created.lastrowid or 0)
        _add_deliveries(db, [(message_id, chat)], "send", priority, now)
        waiting = [(message_id, other) for other in standby]
        _add_deliveries(db, waiting, "send", priority, now, state="standby")


def withdraw_notice(db: Database, key: str, now: int) -> None:
    """What was not said yet need not be any more, wherever it was to be said."""
    db.conn.execute(
        "UPDATE deliveries AS d SET state = 'needless', closed_at = ?"
        " WHERE state IN ('due', 'sending') AND state = 'due'"  # the words of the index
        " AND EXISTS (SELECT 1 FROM messages m WHERE m.id = d.message_id AND m.key = ?)",
        (now, key),
    )


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


def enqueue_reply(db: Database, message: int, now: int) -> None:
    """Say under a message what became of its transaction, since an edit makes no sound.

    It is said where the message is now: its chat may have moved while it was edited.
    """
    (chat,) = db.conn.execute("SELECT chat_id FROM messages WHERE id = ?", (message,)).fetchone()
    _add_deliveries(db, [(message, chat)], "reply", Priority.PERSONAL, now)


def _add_deliveries(
    db: Database,
    to: Iterable[tuple[int, int]],
    action: str,
    priority: Priority,
    due_at: float,
    state: str = "due",
) -> None:
    """Add a delivery for each (message, chat)."""
    db.conn.executemany(
        "INSERT INTO deliveries (message_id, chat_id, action, priority, due_at, state, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(message, chat, action, priority, due_at, state, int(due_at)) for message, chat in to],
    )
