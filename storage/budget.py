"""How many alert messages a chat reads in an hour; what is more becomes one message.

A chat's budget counts what was sent in the last hour. The first message beyond it collects
all that follow for an hour and is changed instead of followed by others: `storage.ruling`
decides.
"""

from sqlite_utils import Database

BUDGET = 20
UNLIMITED = 10**9
"""The budget of a chat that wants none."""
HOUR = 3600


def budget_of(db: Database, chat: int) -> int:
    """How many alert messages an hour a chat wants at most."""
    row = db.conn.execute("SELECT hourly FROM budgets WHERE chat_id = ?", (chat,)).fetchone()
    return int(row[0]) if row else BUDGET


def save_budget(db: Database, chat: int, hourly: int) -> None:
    """Keep what a chat wants."""
    db.conn.execute("INSERT OR REPLACE INTO budgets VALUES (?, ?)", (chat, hourly))


def budget_now(db: Database, chat: int, now: float, *, apart: int) -> tuple[bool, int]:
    """Whether a chat was told as much as it wants, and the message that takes in what is more.

    That is 0 where there is none yet, or where it is the message `apart`. What lies ahead was
    said while the clock was wrong.
    """
    (sent,) = db.conn.execute(
        "SELECT count(*) FROM deliveries d JOIN messages m ON m.id = d.message_id"
        " WHERE d.chat_id = ?1 AND d.closed_at > ?2 - ?3 AND d.closed_at <= ?2"
        " AND d.state = 'sent' AND d.action = 'send' AND m.body IS NULL",
        (chat, now, HOUR),
    ).fetchone()
    if sent < budget_of(db, chat):
        return False, 0
    row = db.conn.execute(
        "SELECT id FROM messages WHERE chat_id = ?1 AND collects_until > ?2 AND id != ?3"
        " AND collects_until <= ?2 + ?4 AND reference != '' ORDER BY id DESC LIMIT 1",
        (chat, now, apart, HOUR),
    ).fetchone()
    return True, 0 if row is None else int(row[0])


def begin_collecting(db: Database, message: int, now: float) -> None:
    """Let a message take in what is more than the budget, for an hour."""
    db.conn.execute(
        "UPDATE messages SET collects_until = ? WHERE id = ?", (int(now) + HOUR, message)
    )


def tell_in_short(db: Database, message: int, now: float) -> None:
    """Let a message tell what it has as one that collects, and take in no more."""
    db.conn.execute("UPDATE messages SET collects_until = ? WHERE id = ?", (int(now), message))


def collects(db: Database, message: int) -> bool:
    """Whether a message tells more than fits on a page, or than the budget."""
    row = db.conn.execute("SELECT collects_until FROM messages WHERE id = ?", (message,)).fetchone()
    return row[0] is not None


def stands_in(db: Database, message: int, chat: int) -> bool:
    """Whether a message was said in a chat."""
    row = db.conn.execute(
        "SELECT 1 FROM messages WHERE id = ? AND chat_id = ?", (message, chat)
    ).fetchone()
    return row is not None
