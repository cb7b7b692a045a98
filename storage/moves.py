"""Chats that get a new address, as a Telegram group does that becomes a supergroup.

What was said stays where it was said: it can be neither changed nor answered from the new
address, whose messages have numbers of their own, and its buttons are pressed at the old one.
"""

from sqlite_utils import Database

from storage.labels import join_labels
from storage.model import LEFT_BEHIND


def present_address(db: Database, platform: str, address: str) -> str:
    """Where a chat is now that was once at an address."""
    row = db.conn.execute(
        "SELECT new FROM moved_chats WHERE platform = ? AND old = ?", (platform, address)
    ).fetchone()
    return str(row[0]) if row else address


def move_chat(db: Database, platform: str, old: str, new: str, now: int) -> None:
    """Follow a chat to its new address (a group that became a supergroup).

    Where the new address is already known, what was asked at the old one moves there. What was
    parked is tried there: the old address may have been refused before the move was known.
    """
    if old == new:
        return
    _note_move(db, platform, old, new)
    for chat, thread in db.conn.execute(
        "SELECT id, thread FROM chats WHERE platform = ? AND address = ?", (platform, old)
    ).fetchall():
        _leave_messages(db, chat, now)
        known = db.conn.execute(
            "SELECT id FROM chats WHERE platform = ? AND address = ? AND thread = ?",
            (platform, new, thread),
        ).fetchone()
        if known:
            _merge_chat(db, chat, known[0], now)
        else:
            db.conn.execute(
                "UPDATE chats SET server = CASE server WHEN address THEN ?1 ELSE server END,"
                " address = ?1, parked = '' WHERE id = ?2",
                (new, chat),
            )


def _note_move(db: Database, platform: str, old: str, new: str) -> None:
    db.conn.execute("DELETE FROM moved_chats WHERE platform = ? AND old = ?", (platform, new))
    db.conn.execute(
        "UPDATE moved_chats SET new = ? WHERE platform = ? AND new = ?", (new, platform, old)
    )
    db.conn.execute("INSERT OR REPLACE INTO moved_chats VALUES (?, ?, ?)", (platform, old, new))


def _leave_messages(db: Database, chat: int, now: int) -> None:
    """What was said is left behind; what arrived in part is said anew, and nothing is collected."""
    db.conn.execute(
        "UPDATE messages SET collects_until = min(collects_until, ?1), reference = CASE WHEN id IN"
        " (SELECT message_id FROM deliveries WHERE chat_id = ?2 AND action = 'send'"
        "  AND state IN ('due', 'sending')) THEN '' ELSE ?3 END"
        " WHERE chat_id = ?2 AND reference != ''",
        (now, chat, LEFT_BEHIND),
    )
    db.conn.execute(
        "UPDATE deliveries SET reference = '' WHERE chat_id = ? AND state IN ('due', 'sending')",
        (chat,),
    )


def _merge_chat(db: Database, old: int, new: int, now: int) -> None:
    """Hand over what the new chat does not have itself; what is left behind ends."""
    _take_on(db, old, new)
    db.conn.execute(
        "UPDATE subscriptions SET number = number + (SELECT coalesce(max(number), 0)"
        " FROM subscriptions WHERE chat_id = ?) WHERE chat_id = ?",
        (new, old),
    )
    for table in (
        "subscriptions", "mutes", "quiet_hours", "messages", "summaries", "members", "audit",
        "budgets", "digests", "imports", "codes",
    ):  # fmt: skip
        db.conn.execute(f"UPDATE OR IGNORE {table} SET chat_id = ? WHERE chat_id = ?", (new, old))
    join_labels(db, "chat_id", old, new)
    db.conn.execute(
        "UPDATE subscriptions SET until = ? WHERE chat_id = ? AND until IS NULL", (now, old)
    )
    db.conn.execute(
        "UPDATE deliveries SET state = 'needless', reason = 'told at the new address',"
        " closed_at = ? WHERE state IN ('due', 'sending') AND message_id IN"
        " (SELECT id FROM messages WHERE chat_id = ?)",
        (now, old),
    )
    db.conn.execute("UPDATE deliveries SET chat_id = ? WHERE chat_id = ?", (new, old))
    db.conn.execute(
        "UPDATE chats AS n SET admitted = max(n.admitted, o.admitted),"
        " repeat_seconds = coalesce(nullif(n.repeat_seconds, 0), o.repeat_seconds)"
        " FROM chats o WHERE o.id = ? AND n.id = ?",
        (old, new),
    )
    db.conn.execute(
        "UPDATE chats SET parked = 'moved', address = address || ' (moved, ' || id || ')'"
        " WHERE id = ?",
        (old,),
    )


def _take_on(db: Database, old: int, new: int) -> None:
    """Where nothing was asked yet, the chat is as it was; who was named something stays it."""
    db.conn.execute(
        "UPDATE chats AS n SET bound = o.bound, language = o.language, timezone = o.timezone,"
        " currency = o.currency, units = o.units FROM chats o WHERE o.id = ?1 AND n.id = ?2"
        " AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE chat_id = ?2)",
        (old, new),
    )
    db.conn.execute(
        "UPDATE members AS n SET role = o.role FROM members o WHERE o.chat_id = ? AND n.chat_id = ?"
        " AND n.person_id = o.person_id AND n.role = ''",
        (old, new),
    )
