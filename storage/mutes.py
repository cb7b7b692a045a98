"""Who wants silence: mutes and quiet hours, a person's in all their private chats."""

from typing import Literal, TypeAlias

from msgspec import Struct
from sqlite_utils import Database

from storage.digests import next_digest
from storage.quiet import QuietHours
from storage.ruling import Kept, Mute, Scope

_COLUMNS = "id, scope, chain, subject, since, until"
_Row: TypeAlias = tuple[int, str, str, str, int, int]


class Subject(Struct, frozen=True):
    """What a mute is about: see `Mute`."""

    scope: Scope = Scope.EVERYTHING
    chain: str = ""
    subject: str = ""


ALL = Subject()


def save_mute(db: Database, chat: int, now: int, until: int, about: Subject = ALL) -> Mute:
    """Mute something until a time; what mutes the same already ends now.

    Whoever mutes in a private chat mutes in all of theirs, on whichever platform.
    """
    whose, id_ = whose_silence(db, chat)
    db.conn.execute(
        f"UPDATE mutes SET ended_at = ?1 WHERE {whose} = ?2 AND ended_at IS NULL AND until > ?1"
        " AND scope = ?3 AND chain = ?4 AND subject = ?5",
        (now, id_, about.scope, about.chain, about.subject),
    )
    saved = db.conn.execute(
        f"INSERT INTO mutes ({whose}, scope, chain, subject, since, until)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (id_, about.scope, about.chain, about.subject, now, until),
    )
    return Mute(int(saved.lastrowid or 0), about.scope, about.chain, about.subject, now, until)


def end_mutes(db: Database, chat: int, now: int, only: int | None = None) -> tuple[Mute, ...]:
    """End a mute of a chat, or all that keep nothing for later; returns what ended.

    That it was ended is kept beside when it would have: a clock that is set back neither
    ends a mute nor brings one back.
    """
    ended = tuple(
        mute
        for mute in mutes_of(db, chat, now)
        if (mute.scope is not Scope.PAUSE if only is None else mute.id == only)
    )
    db.conn.executemany(
        "UPDATE mutes SET ended_at = ? WHERE id = ?", [(now, mute.id) for mute in ended]
    )
    reconsider(db, chat, now)
    return ended


def mutes_of(db: Database, chat: int, now: float) -> tuple[Mute, ...]:
    """What is muted in a chat now, oldest first."""
    whose, id_ = whose_silence(db, chat)
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM mutes WHERE {whose} = ? AND ended_at IS NULL AND until > ?"
        " ORDER BY id",
        (id_, now),
    )
    return tuple(mute_from_row(row) for row in rows)


def find_mute(db: Database, chat: int, mute: int) -> Mute | None:
    """A mute of a chat, also one that has ended; None where there is none."""
    whose, id_ = whose_silence(db, chat)
    row = db.conn.execute(
        f"SELECT {_COLUMNS} FROM mutes WHERE {whose} = ? AND id = ?", (id_, mute)
    ).fetchone()
    return None if row is None else mute_from_row(row)


def mute_from_row(row: _Row) -> Mute:
    """A mute, of the columns `id, scope, chain, subject, since, until`."""
    id_, scope, chain, subject, since, until = row
    return Mute(id_, Scope(scope), chain, subject, since, until)


def muted_until(db: Database, chat: int, now: float) -> int | None:
    """When the mute of everything in a chat ends, None where there is none."""
    untils = [m.until for m in mutes_of(db, chat, now) if m.scope is Scope.EVERYTHING]
    return max(untils, default=None)


def paused(db: Database, chat: int, now: float) -> Mute | None:
    """The pause of a chat, None where it is not paused."""
    pauses = [mute for mute in mutes_of(db, chat, now) if mute.scope is Scope.PAUSE]
    return max(pauses, key=lambda mute: mute.until, default=None)


def save_quiet_hours(db: Database, chat: int, hours: QuietHours | None, now: int) -> None:
    """Keep quiet at these hours, or at none; what is kept for others is looked at anew."""
    whose, id_ = whose_silence(db, chat)
    db.conn.execute(f"DELETE FROM quiet_hours WHERE {whose} = ?", (id_,))
    if hours is not None:
        db.conn.execute(
            f"INSERT INTO quiet_hours ({whose}, begins, ends, weekdays) VALUES (?, ?, ?, ?)",
            (id_, hours.begins, hours.ends, hours.weekdays),
        )
    reconsider(db, chat, now)


def quiet_hours_of(db: Database, chat: int) -> QuietHours | None:
    """When a chat wants to be left in peace."""
    whose, id_ = whose_silence(db, chat)
    row = db.conn.execute(
        f"SELECT begins, ends, weekdays FROM quiet_hours WHERE {whose} = ?", (id_,)
    ).fetchone()
    return None if row is None else QuietHours(*row)


def reconsider(db: Database, chat: int, now: float) -> None:
    """What is kept for later in a chat is due, and is decided anew; a digest at its next time."""
    whose, id_ = whose_silence(db, chat)
    column = "id" if whose == "chat_id" else whose
    kept = db.conn.execute(
        "SELECT id, chat_id, kept FROM deliveries WHERE state = 'due' AND kept != ''"
        f" AND due_at > ? AND chat_id IN (SELECT id FROM chats WHERE {column} = ?)",
        (now, id_),
    ).fetchall()
    digests = {where for _, where, why in kept if why == Kept.DIGEST}
    times = {where: next_digest(db, where, now) for where in digests}
    db.conn.executemany(
        "UPDATE deliveries SET due_at = ? WHERE id = ?",
        [(times[where] if why == Kept.DIGEST else now, id_) for id_, where, why in kept],
    )


def whose_silence(db: Database, chat: int) -> tuple[Literal["person_id", "chat_id"], int]:
    """Whose wishes hold in a chat: the person's whose private chat it is, else its own."""
    row = db.conn.execute("SELECT person_id FROM chats WHERE id = ?", (chat,)).fetchone()
    return ("person_id", row[0]) if row and row[0] else ("chat_id", chat)
