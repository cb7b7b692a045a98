"""The one-time codes that let people in; only their hashes are kept."""

import hashlib
import secrets

from sqlite_utils import Database

from storage.model import Person, Role
from storage.persons import set_role


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
        set_role(db, person.platform, person.address, role, now)
    return role


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().encode()).hexdigest()
