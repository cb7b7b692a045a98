"""News of what was told before: a bad end that is said aloud, and where it is said."""

from sqlite_utils import Database

from storage.model import Priority
from storage.states import BAD_ENDS, states_in


def enqueue_ends(db: Database, reply: int, message: int, now: float) -> int:
    """Say what a reply was to say in a message of its own; returns the delivery of that.

    So what is kept can be told together. It tells again of what has ended as the message shows
    it, of all where nothing has.
    """
    chat, shown = db.conn.execute(
        "SELECT chat_id, shown FROM messages WHERE id = ?", (message,)
    ).fetchone()
    created = db.conn.execute(
        "INSERT INTO messages (chat_id, key, created_at) VALUES (?, ?, ?)",
        (chat, f"ends:{message}:{reply}", int(now)),
    )
    rows = db.conn.execute(
        "SELECT x.alert_id, x.subscription_id, a.transaction_hash FROM message_alerts x"
        " JOIN alerts a ON a.id = x.alert_id WHERE x.message_id = ? AND x.mute_id IS NULL",
        (message,),
    ).fetchall()
    ended = [row for row in rows if row[2] in ended_in(shown)] or rows
    db.conn.executemany(
        "INSERT INTO message_alerts (message_id, alert_id, subscription_id) VALUES (?, ?, ?)",
        [(created.lastrowid, alert, subscription) for alert, subscription, _ in ended],
    )
    delivery = db.conn.execute(
        "INSERT INTO deliveries (message_id, chat_id, action, priority, due_at, state, created_at)"
        " VALUES (?, ?, 'send', ?, ?, 'due', ?)",
        (created.lastrowid, chat, Priority.PERSONAL, now, int(now)),
    )
    return int(delivery.lastrowid or 0)


def tells_ends_alone(db: Database, message: int) -> bool:
    """Whether a message was made by `enqueue_ends`, and no other was put into it."""
    row = db.conn.execute(
        "SELECT 1 FROM messages m WHERE m.id = ? AND m.key LIKE 'ends:%'"
        " AND NOT EXISTS (SELECT 1 FROM messages g WHERE g.grouped_into = m.id)",
        (message,),
    ).fetchone()
    return row is not None


def told_before(db: Database, message: int) -> frozenset[str]:
    """The transactions of a message of which its chat was told by an earlier one."""
    rows = db.conn.execute(
        "SELECT a.transaction_hash FROM message_alerts x JOIN alerts a ON a.id = x.alert_id"
        " JOIN message_alerts y ON y.alert_id = x.alert_id AND y.message_id < x.message_id"
        " JOIN messages m ON m.id = x.message_id JOIN messages n ON n.id = y.message_id"
        " WHERE x.message_id = ? AND n.chat_id = m.chat_id AND n.reference != ''"
        " AND a.transaction_hash != ''",
        (message,),
    )
    return frozenset(hash_ for (hash_,) in rows)


def ended_in(shown: str) -> frozenset[str]:
    """The transactions that a message shows as come to a bad end (`shown_of`)."""
    return frozenset(_ends(shown))


def ended_since(before: str, shown: str) -> frozenset[str]:
    """Those that come to a bad end, or to another one; a rival of the rival is no other end."""
    known = _ends(before)
    return frozenset(hash_ for hash_, end in _ends(shown).items() if known.get(hash_) != end)


def _ends(shown: str) -> dict[str, str]:
    names = {hash_: state.partition("@")[0] for hash_, state in states_in(shown).items()}
    return {hash_: name for hash_, name in names.items() if name in BAD_ENDS}


def is_told_later(db: Database, message: int, hash_: str) -> bool:
    """Whether a later message of the same chat tells of the same: that one says the news."""
    row = db.conn.execute(
        "SELECT 1 FROM message_alerts x JOIN alerts a ON a.id = x.alert_id"
        " JOIN message_alerts y ON y.alert_id = x.alert_id AND y.message_id > x.message_id"
        " JOIN messages m ON m.id = x.message_id JOIN messages n ON n.id = y.message_id"
        " WHERE x.message_id = ? AND a.transaction_hash = ? AND n.chat_id = m.chat_id"
        " AND n.reference != '' LIMIT 1",
        (message, hash_),
    ).fetchone()
    return row is not None
