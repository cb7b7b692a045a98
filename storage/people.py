"""Chats and people, who may come in, and the codes that let them."""

import hashlib
import secrets
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct
from sqlite_utils import Database

from storage.model import Chat, Person, Role

LOCAL = "terminal"
"""The platform whose person runs the program, and so owns it."""
_CHAT = "id, platform, address, thread, kind, title, language, timezone, currency, parked"


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
    kind: Literal["private", "group", "channel"],
    title: str,
    defaults: Defaults,
    now: int,
) -> Chat:
    """The chat at an address, made on first sight; its title follows the platform's."""
    db.conn.execute(
        "INSERT INTO chats (platform, address, thread, kind, title, language, timezone,"
        " currency, admitted, parked, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?)"
        " ON CONFLICT DO UPDATE SET title = excluded.title WHERE title != excluded.title",
        (
            platform, address, thread, kind, title,
            defaults.language, defaults.timezone, defaults.currency, now,
        ),
    )  # fmt: skip
    row = db.conn.execute(
        f"SELECT {_CHAT} FROM chats WHERE platform = ? AND address = ? AND thread = ?",
        (platform, address, thread),
    ).fetchone()
    return Chat(*row)


def chat_by_id(db: Database, chat: int) -> Chat:
    """A chat that exists."""
    return Chat(*db.conn.execute(f"SELECT {_CHAT} FROM chats WHERE id = ?", (chat,)).fetchone())


def is_admitted(db: Database, chat: Chat) -> bool:
    """Whether an invited person has used the bot in this group, in whichever topic."""
    found = db.conn.execute(
        "SELECT max(admitted) FROM chats WHERE platform = ? AND address = ?",
        (chat.platform, chat.address),
    )
    return bool(found.fetchone()[0])


def admit_chat(db: Database, chat: Chat) -> None:
    """Let everybody in this group ask; what it is told only invited people change."""
    db.conn.execute("UPDATE chats SET admitted = 1 WHERE id = ?", (chat.id,))


def park_chat(db: Database, platform: str, address: str, reason: str) -> None:
    """Deliver nothing to a chat that cannot be reached; everything it asked for stays."""
    db.conn.execute(
        "UPDATE chats SET parked = ? WHERE platform = ? AND address = ?",
        (reason, platform, address),
    )


def revive_chat(db: Database, platform: str, address: str) -> None:
    """Deliver again to a chat that came back, what is still due first."""
    park_chat(db, platform, address, "")


def move_chat(db: Database, platform: str, old: str, new: str, now: int) -> None:
    """Follow a chat to its new address (a group that became a supergroup).

    Where the new address is already known, what was asked at the old one moves there.
    """
    if old == new:
        return
    for chat, thread in db.conn.execute(
        "SELECT id, thread FROM chats WHERE platform = ? AND address = ?", (platform, old)
    ).fetchall():
        known = db.conn.execute(
            "SELECT id FROM chats WHERE platform = ? AND address = ? AND thread = ?",
            (platform, new, thread),
        ).fetchone()
        if known:
            _merge_chat(db, chat, known[0], now)
        else:
            db.conn.execute("UPDATE chats SET address = ? WHERE id = ?", (new, chat))


def _merge_chat(db: Database, old: int, new: int, now: int) -> None:
    """Hand over what the new chat does not have itself; what is left behind ends."""
    for table in ("subscriptions", "mutes", "messages"):
        db.conn.execute(f"UPDATE OR IGNORE {table} SET chat_id = ? WHERE chat_id = ?", (new, old))
    db.conn.execute(
        "UPDATE subscriptions SET until = ? WHERE chat_id = ? AND until IS NULL", (now, old)
    )
    db.conn.execute(
        "UPDATE deliveries SET state = 'needless', reason = 'told at the new address',"
        " closed_at = ? WHERE state = 'due' AND message_id IN"
        " (SELECT id FROM messages WHERE chat_id = ?)",
        (now, old),
    )
    db.conn.execute("UPDATE deliveries SET chat_id = ? WHERE chat_id = ?", (new, old))
    db.conn.execute(
        "UPDATE chats SET admitted = max(admitted, (SELECT admitted FROM chats WHERE id = ?))"
        " WHERE id = ?",
        (old, new),
    )
    db.conn.execute(
        "UPDATE chats SET parked = 'moved', address = address || ' (moved, ' || id || ')'"
        " WHERE id = ?",
        (old,),
    )


def save_person(db: Database, platform: str, address: str, name: str, now: int) -> Person:
    """The person at an address, a stranger on first sight; the name follows theirs."""
    db.conn.execute(
        "INSERT INTO persons (platform, address, name, role, created_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET name = excluded.name WHERE name != excluded.name",
        (platform, address, name, Role.STRANGER, now),
    )
    id_, role = db.conn.execute(
        "SELECT id, role FROM persons WHERE platform = ? AND address = ?", (platform, address)
    ).fetchone()
    return Person(id_, platform, address, name, Role(role))


def set_role(db: Database, platform: str, address: str, role: Role, now: int) -> None:
    """Give a person a role, also before they first write."""
    db.conn.execute(
        "INSERT INTO persons (platform, address, name, role, created_at) VALUES (?, ?, '', ?, ?)"
        " ON CONFLICT DO UPDATE SET role = excluded.role",
        (platform, address, role, now),
    )


def replace_owners(db: Database, owners: Iterable[tuple[str, str]], now: int) -> None:
    """Make these, as (platform, id), the owners; who was one before is a guest."""
    db.conn.execute("UPDATE persons SET role = ? WHERE role = ?", (Role.GUEST, Role.OWNER))
    for platform, address in owners:
        set_role(db, platform, address, Role.OWNER, now)


def has_owner(db: Database) -> bool:
    """Whether anybody owns this bot."""
    return bool(
        db.conn.execute("SELECT 1 FROM persons WHERE role = ? LIMIT 1", (Role.OWNER,)).fetchone()
    )


def owner_names(db: Database) -> list[str]:
    """The names of the owners that have one, the first owner first."""
    rows = db.conn.execute(
        "SELECT name FROM persons WHERE role = ? AND name != '' ORDER BY id", (Role.OWNER,)
    )
    return [name for (name,) in rows]


def private_chats_of_owners(db: Database) -> list[Chat]:
    """Where an owner can be told of trouble; whoever sits at the terminal is one."""
    rows = db.conn.execute(
        f"SELECT {_CHAT} FROM chats c WHERE kind = 'private' AND parked = ''"
        " AND (platform = ? OR EXISTS (SELECT 1 FROM persons p WHERE p.platform = c.platform"
        "  AND p.address = c.address AND p.role = ?)) ORDER BY id",
        (LOCAL, Role.OWNER),
    )
    return [Chat(*row) for row in rows]


def new_code(
    db: Database, role: Role, created_by: int | None, now: int, expires_at: int | None
) -> str:
    """A one-time code for `/start CODE`; only its hash is kept."""
    code = secrets.token_urlsafe(9)
    db.conn.execute(
        "INSERT INTO codes (code_hash, role, created_by, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (_hash(code), role, created_by, now, expires_at),
    )
    return code


def drop_unused_claims(db: Database) -> None:
    """Make earlier claim codes worthless, so that only the newest one printed works."""
    db.conn.execute("DELETE FROM codes WHERE role = ? AND used_at IS NULL", (Role.OWNER,))


def redeem_code(db: Database, code: str, person: Person, now: int) -> Role | None:
    """Use a code up: the role it gives, None where it is unknown, used or too old."""
    row = db.conn.execute(
        "SELECT role FROM codes WHERE code_hash = ? AND used_at IS NULL"
        " AND (expires_at IS NULL OR expires_at > ?)",
        (_hash(code), now),
    ).fetchone()
    if row is None:
        return None
    db.conn.execute(
        "UPDATE codes SET used_by = ?, used_at = ? WHERE code_hash = ?",
        (person.id, now, _hash(code)),
    )
    role = Role(row[0])
    if person.role is not Role.OWNER:
        db.conn.execute("UPDATE persons SET role = ? WHERE id = ?", (role, person.id))
    return role


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().encode()).hexdigest()
