"""Who wants a summary when: one schedule a chat and cadence, and which was told last."""

from datetime import date
from typing import Any, Literal, TypeAlias

from msgspec import Struct
from sqlite_utils import Database

from storage.model import Message, Priority
from storage.outbox import enqueue_notice

Cadence: TypeAlias = Literal["daily", "weekly"]


class Schedule(Struct, frozen=True):
    """When a chat is to be told a summary: at a `minute` of the day, in a `timezone`.

    `weekday`: 0 is Monday, None for every day. `told`: the newest local date whose summary
    left, or that had passed when this was asked for.
    """

    chat: int
    cadence: Cadence
    weekday: int | None
    minute: int
    timezone: str
    told: date


_SCHEDULES = (
    "SELECT s.chat_id, s.cadence, s.weekday, s.minute,"
    " coalesce(s.timezone, p.timezone, c.timezone), s.told"
    " FROM summaries s JOIN chats c ON c.id = s.chat_id"
    " LEFT JOIN persons p ON p.id = c.person_id"
)


def _schedule(row: tuple[Any, ...]) -> Schedule:
    chat, cadence, weekday, minute, timezone, told = row
    return Schedule(chat, cadence, weekday, minute, timezone, date.fromisoformat(told))


def save_schedule(db: Database, schedule: Schedule, timezone: str | None) -> None:
    """Begin a schedule, in place of the one of the same cadence.

    `timezone`: None to follow the chat's own, wherever that moves.
    """
    db.conn.execute(
        "INSERT OR REPLACE INTO summaries (chat_id, cadence, weekday, minute, timezone, told)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            schedule.chat, schedule.cadence, schedule.weekday, schedule.minute, timezone,
            schedule.told.isoformat(),
        ),
    )  # fmt: skip


def end_schedules(db: Database, chat: int, cadence: Cadence | None = None) -> bool:
    """Tell a chat no summaries any more, or none of a cadence; whether it was told any."""
    ended = db.conn.execute(
        "DELETE FROM summaries WHERE chat_id = ?1 AND (?2 IS NULL OR cadence = ?2)",
        (chat, cadence),
    )
    return bool(ended.rowcount)


def schedules_of(db: Database, chat: int) -> list[Schedule]:
    """What a chat asked for, the daily one first."""
    rows = db.conn.execute(f"{_SCHEDULES} WHERE s.chat_id = ? ORDER BY s.cadence", (chat,))
    return [_schedule(row) for row in rows]


def all_schedules(db: Database) -> list[Schedule]:
    """The schedules of all chats that can be told now; the others wait for their return."""
    rows = db.conn.execute(
        f"{_SCHEDULES} WHERE c.bound AND c.parked = '' ORDER BY s.chat_id, s.cadence"
    )
    return [_schedule(row) for row in rows]


def enqueue_summary(
    db: Database, schedule: Schedule, day: date, message: Message, now: int
) -> None:
    """Tell a chat the summary of a day, once; one that still waits to leave is not told any more.

    Nothing is said where the schedule was changed or ended meanwhile.
    """
    noted = db.conn.execute(
        "UPDATE summaries SET told = ?1 WHERE chat_id = ?2 AND cadence = ?3 AND told = ?4"
        " AND minute = ?5 AND weekday IS ?6",
        (
            day.isoformat(), schedule.chat, schedule.cadence, schedule.told.isoformat(),
            schedule.minute, schedule.weekday,
        ),
    )  # fmt: skip
    if not noted.rowcount:
        return
    kind = f"summary:{schedule.cadence}:"
    db.conn.execute(
        "UPDATE deliveries SET state = 'needless', reason = 'a newer summary is told',"
        " closed_at = ?1 WHERE chat_id = ?2 AND state = 'due' AND action = 'send' AND message_id IN"
        " (SELECT id FROM messages WHERE chat_id = ?2 AND key >= ?3 AND key < ?4)",
        (now, schedule.chat, kind, f"{kind}~"),
    )
    key = f"{kind}{day.isoformat()}"
    enqueue_notice(db, schedule.chat, key, message, Priority.DIGEST, now)
