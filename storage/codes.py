"""The one-time codes that let people in, or ask for a role in a chat; only hashes are kept."""

import hashlib
import secrets

from msgspec import Struct
from sqlite_utils import Database

from storage.model import RANK, Chat, Person, Role
from storage.persons import set_role


class Redeemed(Struct, frozen=True):
    """What a code was good for: a role in the whole bot, or where `here`, in this chat alone."""

    role: Role
    here: bool = False


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


def redeem_code(
    db: Database, code: str, person: Person, now: int, chat: Chat | None = None
) -> Redeemed | None:
    """Use a code up in a chat; None where it is unknown, used, too old, or good elsewhere.

    A role in the bot is given at once where it is a stronger one; a role in a chat is only
    asked for.
    """
    row = db.conn.execute(
        "SELECT c.role, p.address FROM codes c LEFT JOIN chats p ON p.id = c.chat_id"
        " WHERE code_hash = ? AND used_at IS NULL AND (expires_at IS NULL OR expires_at > ?)"
        " AND (p.id IS NULL OR (p.platform = ? AND p.address = ?))",
        (_hash(code), now, chat and chat.platform, chat and chat.address),
    ).fetchone()
    if row is None:
        return None
    db.conn.execute(
        "UPDATE codes SET used_by = ?, used_at = ? WHERE code_hash = ?",
        (person.id, now, _hash(code)),
    )
    redeemed = Redeemed(Role(row[0]), here=row[1] is not None)
    if not redeemed.here and RANK[redeemed.role] > RANK[person.role]:
        set_role(db, person.platform, person.address, redeemed.role, now)
    return redeemed


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().encode()).hexdigest()
