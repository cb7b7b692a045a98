"""Chats: where people can be told things, and which of these places can be reached."""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlite_utils import Database

from storage.model import Chat, Role, Units

LOCAL = "terminal"
"""The platform whose person runs the program, and so owns it."""
_CHATS = (
    "SELECT c.id, c.platform, c.address, c.thread, c.kind, c.title,"
    " coalesce(p.language, c.language), coalesce(p.timezone, c.timezone),"
    " coalesce(p.currency, c.currency), c.parked, c.bound, c.person_id,"
    " coalesce(p.units, c.units)"
    " FROM chats c LEFT JOIN persons p ON p.id = c.person_id"
)


class Defaults(Struct, frozen=True):
    """What a new chat begins with."""

    language: str
    timezone: str
    currency: str


def save_chat(
    db: Database,
    platform: str,
    address: str,
    thread: str,
    kind: Literal["private", "group", "channel", "thread"],
    title: str,
    defaults: Defaults,
    now: int,
    *,
    server: str = "",
    bound: bool = True,
    person: int | None = None,
    language: str = "",
) -> Chat:
    """The chat at an address, made on first sight; its title follows the platform's.

    `server` holds many chats that are admitted together, `bound` is what a new chat is,
    and `person` is whose private chat it is, who uses the platform in `language` ("" where
    that is not known).
    """
    db.conn.execute(
        "INSERT INTO chats (platform, address, thread, server, kind, title, person_id, language,"
        " timezone, currency, admitted, bound, parked, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, '', ?)"
        " ON CONFLICT DO UPDATE SET title = excluded.title, person_id = excluded.person_id,"
        " language = CASE ? WHEN '' THEN language ELSE excluded.language END",
        (
            platform, address, thread, server or address, kind, title, person,
            language or defaults.language, defaults.timezone, defaults.currency, bound, now,
            language,
        ),
    )  # fmt: skip
    chat = find_chat(db, platform, address, thread)
    if chat is None:
        raise LookupError(f"chat {address} of {platform} was not kept")
    return chat


def find_chat(db: Database, platform: str, address: str, thread: str) -> Chat | None:
    """The chat at an address, None where nothing was said there so far."""
    row = db.conn.execute(
        f"{_CHATS} WHERE c.platform = ? AND c.address = ? AND c.thread = ?",
        (platform, address, thread),
    ).fetchone()
    return _chat(row) if row else None


def _chat(row: tuple[Any, ...]) -> Chat:
    chat = Chat(*row)
    return replace(chat, bound=bool(chat.bound))


def chat_by_id(db: Database, chat: int) -> Chat:
    """A chat that exists."""
    return _chat(db.conn.execute(f"{_CHATS} WHERE c.id = ?", (chat,)).fetchone())


def is_admitted(db: Database, chat: Chat) -> bool:
    """Whether an invited person has used the bot in this group or server, wherever in it."""
    found = db.conn.execute(
        "SELECT max(o.admitted) FROM chats c JOIN chats o"
        " ON o.platform = c.platform AND o.server = c.server WHERE c.id = ?",
        (chat.id,),
    )
    return bool(found.fetchone()[0])


def admit_chat(db: Database, chat: Chat) -> None:
    """Let everybody in this group or server ask."""
    db.conn.execute("UPDATE chats SET admitted = 1 WHERE id = ?", (chat.id,))


def bind_chat(db: Database, chat: int, *, bound: bool) -> None:
    """Tell a chat what it asked for, or keep all of that and tell it nothing."""
    db.conn.execute("UPDATE chats SET bound = ? WHERE id = ?", (bound, chat))


def is_bound(db: Database, chat: int) -> bool:
    """Whether a chat is told what it asked for."""
    row = db.conn.execute("SELECT bound FROM chats WHERE id = ?", (chat,)).fetchone()
    return row is None or bool(row[0])


def platform_language(db: Database, chat: int) -> str:
    """The language of a chat itself, whatever its person chose."""
    row = db.conn.execute("SELECT language FROM chats WHERE id = ?", (chat,)).fetchone()
    return str(row[0])


def language_at(db: Database, platform: str, address: str) -> str:
    """In which language somebody is spoken to at an address, "" where nobody was met there."""
    row = db.conn.execute(
        "SELECT coalesce(p.language, c.language) FROM chats c"
        " LEFT JOIN persons p ON p.id = c.person_id WHERE c.platform = ? AND c.address = ?",
        (platform, address),
    ).fetchone()
    return str(row[0]) if row else ""


def save_language(db: Database, chat: Chat, language: str | None) -> None:
    """Speak a language: in all private chats of a person, or in this group.

    None: in each private chat of the person the one in which they use the platform.
    """
    _choose(db, chat, "language", language)


def save_timezone(db: Database, chat: Chat, timezone: str) -> None:
    """Show times in a zone: in all private chats of a person, or in this group."""
    _choose(db, chat, "timezone", timezone)


def save_units(db: Database, chat: Chat, units: Units | None, currency: str | None) -> None:
    """Show amounts in units, and their worth in a currency; None leaves that as it is."""
    for column, value in (("units", units), ("currency", currency)):
        if value is not None:
            _choose(db, chat, column, value)


def _choose(db: Database, chat: Chat, column: str, value: str | None) -> None:
    """Keep what was chosen: a person's, or that of a chat which is nobody's alone."""
    if chat.person is None:
        db.conn.execute(f"UPDATE chats SET {column} = ? WHERE id = ?", (value, chat.id))
    else:
        db.conn.execute(f"UPDATE persons SET {column} = ? WHERE id = ?", (value, chat.person))


def park_chat(db: Database, platform: str, address: str, reason: str) -> bool:
    """Deliver nothing to a chat that cannot be reached; everything it asked for stays.

    Whether anything was told there until now; the first reason stands.
    """
    parked = db.conn.execute(
        "UPDATE chats SET parked = ? WHERE platform = ? AND address = ? AND parked = ''"
        " RETURNING bound",
        (reason, platform, address),
    )
    return any(bound for (bound,) in parked.fetchall())


def revive_chats(db: Database, platform: str, addresses: Sequence[str]) -> bool:
    """Deliver again to those of these chats that came back; whether any did."""
    revived = db.conn.execute(
        "UPDATE chats SET parked = '' WHERE platform = ? AND parked != ''"
        " AND address IN (SELECT value FROM json_each(?))",
        (platform, msgspec.json.encode(addresses).decode()),
    )
    return bool(revived.rowcount)


def private_chats_of(db: Database, person: int) -> list[Chat]:
    """Where somebody can be told things that concern them alone."""
    rows = db.conn.execute(f"{_CHATS} WHERE c.person_id = ? ORDER BY c.id", (person,))
    return [_chat(row) for row in rows]


def private_chats_of_owners(db: Database) -> list[Chat]:
    """Where an owner can be told of trouble; whoever sits at the terminal is one."""
    rows = db.conn.execute(
        f"{_CHATS} WHERE c.kind = 'private' AND c.parked = '' AND c.bound"
        " AND (c.platform = ? OR p.role = ?) ORDER BY c.id",
        (LOCAL, Role.OWNER),
    )
    return [_chat(row) for row in rows]
