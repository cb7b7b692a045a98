"""When a chat is told what rings in its digest: on the hour, or with its daily summary."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from storage.calendar import next_moment
from storage.summaries import Schedule, schedules_of

_HOUR = 3600


def waits_for_summary(db: Database, chat: int) -> bool:
    """Whether a chat wants its digest with its daily summary; else it comes on the hour."""
    row = db.conn.execute("SELECT 1 FROM digests WHERE chat_id = ?", (chat,)).fetchone()
    return row is not None


def save_digest(db: Database, chat: int, *, with_summary: bool) -> None:
    """Keep what a chat wants; what is kept already needs `mutes.reconsider`."""
    wanted = "INSERT OR IGNORE INTO digests (chat_id) VALUES (?)"
    db.conn.execute(wanted if with_summary else "DELETE FROM digests WHERE chat_id = ?", (chat,))


def daily_summary_of(db: Database, chat: int) -> Schedule | None:
    """When a chat is told its daily summary, None where it has none."""
    return next((each for each in schedules_of(db, chat) if each.weekday is None), None)


def next_digest(db: Database, chat: int, since: float) -> int:
    """When what is for the digest from a time on is told.

    Without a daily summary that is on the hour, whatever the chat wants.
    """
    daily = daily_summary_of(db, chat) if waits_for_summary(db, chat) else None
    return _next_hour(db, chat, int(since)) if daily is None else next_moment(daily, int(since))


def _next_hour(db: Database, chat: int, since: int) -> int:
    """When the clocks of the chat show a whole hour next."""
    (zone,) = db.conn.execute(
        "SELECT coalesce(p.timezone, c.timezone) FROM chats c"
        " LEFT JOIN persons p ON p.id = c.person_id WHERE c.id = ?",
        (chat,),
    ).fetchone()
    shown = datetime.fromtimestamp(since, UTC).astimezone(ZoneInfo(zone))
    return since - shown.minute * 60 - shown.second + _HOUR
