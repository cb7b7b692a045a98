"""Who is what: in a chat that is nobody's alone, and to the whole bot."""

from typing import Any

from msgspec import Struct
from sqlite_utils import Database

from storage.chats import LOCAL
from storage.codes import drop_codes_of
from storage.model import Chat, Role

_SAME = (
    "SELECT o.id FROM chats c JOIN chats o ON o.platform = c.platform AND o.address = c.address"
    " WHERE c.id = ?1"
)
"""A chat with its topics: a role holds in all of them."""
_LOCAL = f"EXISTS (SELECT 1 FROM accounts l WHERE l.person_id = p.id AND l.platform = '{LOCAL}')"
_ROLE = f"CASE WHEN {_LOCAL} THEN '{Role.OWNER}' ELSE p.role END"
_KNOWN = (
    f"({_ROLE} != 'stranger' OR EXISTS (SELECT 1 FROM members m WHERE m.person_id = p.id)"
    " OR EXISTS (SELECT 1 FROM chats c JOIN subscriptions s"
    " ON s.chat_id = c.id AND s.until IS NULL WHERE c.person_id = p.id))"
)


class Member(Struct, frozen=True):
    """Somebody as they are listed: `role` is theirs in the whole bot.

    `named` is what an admin made them in the chat, None where nobody did; `admin`: whether
    the platform said last that they are one there.
    """

    person: int
    name: str
    platform: str
    address: str
    role: Role
    named: Role | None = None
    admin: bool | None = None


def note_member(db: Database, chat: int, person: int, *, admin: bool | None) -> None:
    """Note who was met in a chat, and what the platform says of them if it does."""
    db.conn.execute(
        "INSERT INTO members (chat_id, person_id, admin) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET admin = coalesce(excluded.admin, admin)",
        (chat, person, admin),
    )


def is_noted(db: Database, chat: int, person: int, *, admin: bool | None) -> bool:
    """Whether `note_member` would change nothing."""
    row = db.conn.execute(
        "SELECT admin FROM members WHERE chat_id = ? AND person_id = ?", (chat, person)
    ).fetchone()
    return row is not None and (admin is None or row[0] == admin)


def named_role(db: Database, chat: int, person: int) -> Role | None:
    """What an admin made somebody in a chat, None where nobody did."""
    row = db.conn.execute(
        f"SELECT max(role) FROM members WHERE chat_id IN ({_SAME}) AND person_id = ?2",
        (chat, person),
    ).fetchone()
    return Role(row[0]) if row[0] else None


def name_member(db: Database, chat: int, person: int, role: Role) -> None:
    """Make somebody something in a chat and all its topics."""
    note_member(db, chat, person, admin=None)
    db.conn.execute(
        f"UPDATE members SET role = ?3 WHERE chat_id IN ({_SAME}) AND person_id = ?2",
        (chat, person, role),
    )


def move_memberships(db: Database, person: int, new: int, platform: str) -> None:
    """What somebody is in the chats of a platform is somebody else's from now on."""
    db.conn.execute(
        "UPDATE members SET person_id = ? WHERE person_id = ?"
        " AND chat_id IN (SELECT id FROM chats WHERE platform = ?)",
        (new, person, platform),
    )


def members_of(db: Database, chat: Chat) -> list[Member]:
    """Who was met in a chat or its topics, by name."""
    rows = db.conn.execute(
        f"SELECT p.id, a.name, a.platform, a.address, {_ROLE}, max(m.role), max(m.admin)"
        " FROM members m JOIN persons p ON p.id = m.person_id"
        " JOIN accounts a ON a.person_id = p.id AND a.platform = ?2"
        f" WHERE m.chat_id IN ({_SAME}) GROUP BY p.id ORDER BY a.name, p.id",
        (chat.id, chat.platform),
    )
    return [_member(row) for row in rows]


def people_of(db: Database) -> list[Member]:
    """Everybody whom the bot let in or met in a group, or who is told anything; by name."""
    rows = db.conn.execute(
        f"SELECT p.id, max(a.name), min(a.platform), a.address, {_ROLE}, '', NULL FROM persons p"
        f" JOIN accounts a ON a.person_id = p.id WHERE {_KNOWN}"
        " GROUP BY p.id ORDER BY max(a.name), p.id"
    )
    return [_member(row) for row in rows]


def _member(row: tuple[Any, ...]) -> Member:
    id_, name, platform, address, role, named, admin = row
    named = Role(named) if named else None
    return Member(
        id_, name, platform, address, Role(role), named, None if admin is None else bool(admin)
    )


def is_local(db: Database, person: int) -> bool:
    """Whether somebody sits where the program runs, and so owns it."""
    row = db.conn.execute(f"SELECT {_LOCAL} FROM persons p WHERE id = ?", (person,)).fetchone()
    return bool(row and row[0])


def change_role(db: Database, person: int, role: Role, now: int) -> None:
    """Make somebody something to the whole bot.

    Who is removed is told nothing in private from now on; everything they asked for is kept,
    and so it is for whoever comes back, until they say `/alerts here`.
    """
    db.conn.execute("UPDATE persons SET role = ? WHERE id = ?", (role, person))
    db.conn.execute(
        "UPDATE accounts SET role = ? WHERE person_id = ? AND platform != ?", (role, person, LOCAL)
    )
    if role is not Role.REMOVED:
        return
    drop_codes_of(db, person)
    private = "(SELECT id FROM chats WHERE person_id = ?1)"
    db.conn.execute("UPDATE chats SET bound = 0 WHERE person_id = ?", (person,))
    db.conn.execute(
        "UPDATE deliveries SET state = 'needless', reason = 'access was taken back',"
        f" closed_at = ?2 WHERE chat_id IN {private} AND state IN ('due', 'standby')",
        (person, now),
    )
