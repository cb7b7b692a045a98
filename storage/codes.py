"""The one-time codes that let people in, or ask for a role in a chat; only hashes are kept."""

import hashlib
import secrets

from sqlite_utils import Database

from storage.model import RANK, Chat, Person, Role
from storage.persons import set_role

_MARK, _REFERENCE = "#", 16
"""No code begins so; so many digits of its hash name one."""


def new_code(
    db: Database,
    role: Role,
    created_by: int | None,
    now: int,
    expires_at: int | None,
    chat: int | None = None,
) -> str:
    """A one-time code for `/start CODE`; only its hash is kept. `chat`: good there alone."""
    code = secrets.token_urlsafe(9)
    db.conn.execute(
        "INSERT INTO codes (code_hash, role, created_by, created_at, expires_at, chat_id)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (_hash(code), role, created_by, now, expires_at, chat),
    )
    return code


def drop_unused_claims(db: Database) -> None:
    """Make earlier claim codes worthless, so that only the newest one printed works."""
    db.conn.execute(
        "DELETE FROM codes WHERE role = ? AND created_by IS NULL AND used_at IS NULL",
        (Role.OWNER,),
    )


def drop_codes_of(db: Database, person: int) -> None:
    """Make what somebody could still let people in with worthless."""
    db.conn.execute("DELETE FROM codes WHERE created_by = ? AND used_at IS NULL", (person,))
    db.conn.execute("DELETE FROM link_codes WHERE person_id = ?", (person,))


def redeem_code(db: Database, code: str, person: Person, now: int) -> Role | None:
    """Use a code up: the role it gives, None where it is unknown, used or too old.

    Nobody loses by it: who has a stronger role keeps that.
    """
    found = _use(db, person, now, "code_hash = ? AND chat_id IS NULL", (_hash(code),))
    if found is not None and RANK[found] > RANK[person.role]:
        set_role(db, person.platform, person.address, found, now)
    return found


def reference_to(code: str) -> str:
    """What stands for a code in the chat where alone it is good; elsewhere it is nothing."""
    return _MARK + _hash(code)[:_REFERENCE]


def redeem_code_here(db: Database, code: str, chat: Chat, person: Person, now: int) -> Role | None:
    """Use up a code for a role in a chat or its topics, as `redeem_code`; it gives nothing yet.

    `code` may be what stands for it.
    """
    known = reference_to(code) if not code.startswith(_MARK) else code
    where = (
        "substr(code_hash, 1, ?) = ?"
        " AND chat_id IN (SELECT id FROM chats WHERE platform = ? AND address = ?)"
    )
    named = (_REFERENCE, known.removeprefix(_MARK), chat.platform, chat.address)
    return _use(db, person, now, where, named)


def _use(
    db: Database, person: Person, now: int, where: str, values: tuple[str | int, ...]
) -> Role | None:
    row = db.conn.execute(
        "UPDATE codes SET used_by = ?, used_at = ? WHERE used_at IS NULL"
        f" AND (expires_at IS NULL OR expires_at > ?) AND {where} RETURNING role",
        (person.id, now, now, *values),
    ).fetchone()
    return None if row is None else Role(row[0])


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().encode()).hexdigest()
