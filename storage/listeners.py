"""Who hears an alert: one person once, on the platform they prefer, else where they can be.

A message to somebody whom it reaches in several private chats stands in one of them. For
the others it has a delivery that is on 'standby' and steps in where the first cannot be
told; the message moves there with everything that belongs to it. So it is said where one
of these deliveries is sent, and then the others are closed.
"""

from collections.abc import Collection, Iterable

import msgspec
from sqlite_utils import Database

OURS = (
    "SELECT o.id FROM chats c JOIN chats o ON o.id = c.id OR o.person_id = c.person_id"
    " WHERE c.id = ?1"
)
"""The chat ?1, with the other private chats of its person: an alert may stand in any of them."""
STEPS_IN_AFTER_SECONDS = 300
"""So long a chat that was tried in vain keeps a message before another one takes over."""
_REACHABLE = (
    "{chat}.parked = '' AND {chat}.bound AND {chat}.platform IN (SELECT value FROM json_each(?1))"
)


def listeners_of(db: Database, chats: Collection[int]) -> list[tuple[int, ...]]:
    """These chats, those of one person together: where they are to be told comes first."""
    rows = db.conn.execute(
        "SELECT c.id, coalesce(c.person_id, -c.id) FROM json_each(?) asked"
        " JOIN chats c ON c.id = asked.value LEFT JOIN persons p ON p.id = c.person_id"
        " ORDER BY c.parked = '' AND c.bound DESC, c.platform = p.preferred DESC, c.id",
        (msgspec.json.encode(list(chats)).decode(),),
    )
    places: dict[int, tuple[int, ...]] = {}
    for chat, listener in rows:
        places[listener] = (*places.get(listener, ()), chat)
    return list(places.values())


def step_in(db: Database, platforms: Iterable[str], now: float) -> None:
    """Let other chats of a person take over what cannot be told where it is due.

    That is so where the chat is parked, told nothing, on a platform that is off, refused
    the message, or was tried in vain for `STEPS_IN_AFTER_SECONDS`; and as long as both are
    chats of one person.
    """
    rows = db.conn.execute(
        "SELECT s.message_id, s.id, s.chat_id FROM deliveries s"  # CROSS: as they stand here
        " CROSS JOIN messages m ON m.id = s.message_id CROSS JOIN chats c ON c.id = s.chat_id"
        " LEFT JOIN persons p ON p.id = c.person_id"
        f" WHERE s.state = 'standby' AND m.reference = '' AND {_REACHABLE.format(chat='c')}"
        " AND s.chat_id NOT IN (SELECT id FROM chats WHERE parked != '')"  # by the index alone
        " AND c.person_id = (SELECT person_id FROM chats WHERE id = m.chat_id)"
        " AND NOT EXISTS (SELECT 1 FROM deliveries d JOIN chats l ON l.id = d.chat_id"
        "  WHERE d.message_id = m.id AND d.action = 'send' AND (d.state = 'sending' OR"
        f"  d.state = 'due' AND {_REACHABLE.format(chat='l')}"
        "   AND (d.attempts = 0 OR d.created_at > ?2)))"
        " AND NOT EXISTS (SELECT 1 FROM messages o WHERE o.chat_id = s.chat_id"
        "  AND o.key = m.key AND o.id != m.id)"
        " ORDER BY c.platform = p.preferred, s.id DESC",
        (msgspec.json.encode(list(platforms)).decode(), now - STEPS_IN_AFTER_SECONDS),
    )
    for message, (delivery, chat) in {row[0]: row[1:] for row in rows.fetchall()}.items():
        _hand_over(db, message, delivery, chat, now)


def _hand_over(db: Database, message: int, delivery: int, chat: int, now: float) -> None:
    """Let a delivery step in; what waits for its digest goes on waiting, what did leaves."""
    kept, until = db.conn.execute(
        "SELECT coalesce(max(kept), ''), max(CASE WHEN state = 'due' AND attempts = 0 THEN due_at"
        " END) FROM deliveries WHERE message_id = ? AND action = 'send' AND kept = 'digest'",
        (message,),
    ).fetchone()
    db.conn.execute(
        "UPDATE deliveries SET state = 'standby' WHERE message_id = ? AND action = 'send'"
        " AND state = 'due'",
        (message,),
    )
    db.conn.execute(
        "UPDATE deliveries SET state = 'due', due_at = ?, created_at = ?, attempts = 0, kept = ?,"
        " reason = 'another chat could not be told' WHERE id = ?",
        (max(now, until or now), int(now), kept, delivery),
    )
    db.conn.execute("UPDATE messages SET chat_id = ? WHERE id = ?", (chat, message))
    db.conn.execute(
        "UPDATE deliveries SET chat_id = ? WHERE message_id = ? AND action != 'send'"
        " AND state = 'due'",
        (chat, message),
    )


def stand_down(db: Database, message: int, now: float) -> None:
    """It was said, or is to be kept back: nobody need step in."""
    db.conn.execute(
        "UPDATE deliveries SET state = 'needless', closed_at = ? WHERE message_id = ?"
        " AND state = 'standby'",
        (int(now), message),
    )


def stand_by_together(db: Database, message: int, into: int, now: float) -> None:
    """Whoever would step in for a message does so for the one that tells it now."""
    db.conn.execute(
        "UPDATE deliveries SET message_id = ?1 WHERE message_id = ?2 AND state = 'standby'"
        " AND chat_id NOT IN (SELECT chat_id FROM deliveries WHERE message_id = ?1)",
        (into, message),
    )
    stand_down(db, message, now)
