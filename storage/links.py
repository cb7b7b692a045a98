"""How two accounts become one person's: by a code shown on one side and entered on the other."""

import hashlib
import secrets
from enum import StrEnum

from msgspec import Struct
from sqlite_utils import Database

from storage.chats import private_chats_of
from storage.codes import drop_unused_claims
from storage.labels import join_labels
from storage.members import move_memberships
from storage.model import RANK, Person, Role
from storage.mutes import reconsider
from storage.parting import tell_apart
from storage.persons import Account, accounts_of, role_of

VALID_SECONDS = 600
WRONG_AT_MOST = 5
"""So many wrong codes of one person, within `VALID_SECONDS`, and no more are looked at."""
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""None that is taken for another when it is copied by hand."""
_LENGTH = 8


class Outcome(StrEnum):
    """What came of a code that was entered."""

    LINKED = "linked"
    ASKED = "asked"
    """Whoever entered it may more than whoever showed it: `confirm_link` first."""
    UNKNOWN = "unknown"
    STALE = "stale"
    OWN = "own"
    SAME_PLATFORM = "same platform"
    TOO_MANY = "too many"


class Entered(Struct, frozen=True):
    """What came of a code; `other` is the person who showed it, `others` are their accounts."""

    outcome: Outcome
    others: tuple[Account, ...] = ()
    other: int = 0


def new_link_code(db: Database, person: Person, now: int) -> str:
    """A code that makes whoever enters it the same person; earlier ones become worthless."""
    db.conn.execute("DELETE FROM link_codes WHERE person_id = ?", (person.id,))
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    db.conn.execute(
        "INSERT INTO link_codes (code_hash, person_id, platform, expires_at) VALUES (?, ?, ?, ?)",
        (_hash(code), person.id, person.platform, now + VALID_SECONDS),
    )
    return code


def enter_link_code(db: Database, code: str, person: Person, now: int) -> Entered:
    """Use a code up, and make two persons one; wrong codes are counted."""
    if _wrong_codes(db, person.id, now) >= WRONG_AT_MOST:
        return Entered(Outcome.TOO_MANY)
    row = db.conn.execute(
        "SELECT person_id, platform, expires_at, entered_by FROM link_codes WHERE code_hash = ?",
        (_hash(code),),
    ).fetchone()
    if row is None:
        _note_wrong(db, person.id, now)
        return Entered(Outcome.UNKNOWN)
    other, platform, expires_at, entered_by = row
    if other == person.id:
        return Entered(Outcome.OWN)
    if entered_by is not None or expires_at <= now:
        return Entered(Outcome.STALE)
    return _enter(db, code, person, other, platform, now)


def _enter(db: Database, code: str, person: Person, other: int, platform: str, now: int) -> Entered:
    theirs, own = accounts_of(db, other), accounts_of(db, person.id)
    if {a.platform for a in theirs} & {a.platform for a in own}:
        return Entered(Outcome.SAME_PLATFORM, tuple(theirs))
    db.conn.execute("DELETE FROM link_codes WHERE entered_by = ?", (person.id,))
    db.conn.execute(
        "UPDATE link_codes SET entered_by = ? WHERE code_hash = ?", (person.id, _hash(code))
    )
    if RANK[role_of(db, person.id)] > RANK[role_of(db, other)]:
        return Entered(Outcome.ASKED, tuple(theirs), other)
    _unite(db, other, person.id, platform, now)
    return Entered(Outcome.LINKED, tuple(theirs))


def confirm_link(db: Database, person: Person, other: int, now: int) -> Entered:
    """Become one with `other`, if theirs is the code that this person entered last."""
    row = db.conn.execute(
        "SELECT platform FROM link_codes WHERE entered_by = ? AND person_id = ? AND expires_at > ?",
        (person.id, other, now),
    ).fetchone()
    if row is None:
        return Entered(Outcome.STALE)
    (platform,) = row
    theirs = accounts_of(db, other)
    _unite(db, other, person.id, platform, now)
    return Entered(Outcome.LINKED, tuple(theirs))


def _unite(db: Database, kept: int, gone: int, platform: str, now: int) -> None:
    """Make one person of two: the stronger role, and what either had chosen.

    What waits for the end of what either had wished is decided anew.
    """
    role = max(role_of(db, kept), role_of(db, gone), key=RANK.__getitem__)
    db.conn.execute(
        "DELETE FROM link_codes WHERE person_id IN (?1, ?2) OR entered_by IN (?1, ?2)", (kept, gone)
    )
    db.conn.execute("DELETE FROM wrong_codes WHERE person_id IN (?, ?)", (kept, gone))
    for table, column in (
        ("accounts", "person_id"), ("chats", "person_id"), ("mutes", "person_id"),
        ("quiet_hours", "person_id"), ("codes", "created_by"), ("codes", "used_by"),
        ("members", "person_id"), ("audit", "person_id"), ("acknowledgements", "person_id"),
    ):  # fmt: skip
        db.conn.execute(
            f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", (kept, gone)
        )
    db.conn.execute(
        "UPDATE persons AS k SET role = ?3, language = coalesce(k.language, g.language),"
        " timezone = coalesce(k.timezone, g.timezone),"
        " currency = coalesce(k.currency, g.currency), units = coalesce(k.units, g.units),"
        " preferred = coalesce(nullif(k.preferred, ''), nullif(g.preferred, ''), ?4)"
        " FROM persons g WHERE k.id = ?1 AND g.id = ?2",
        (kept, gone, role, platform),
    )
    join_labels(db, "person_id", gone, kept)
    for table in ("quiet_hours", "members"):
        db.conn.execute(f"DELETE FROM {table} WHERE person_id = ?", (gone,))
    db.conn.execute("DELETE FROM persons WHERE id = ?", (gone,))
    for chat in private_chats_of(db, kept)[:1]:  # which stands for all of them
        reconsider(db, chat.id, now)
    if role is Role.OWNER:
        drop_unused_claims(db)


def unlink(db: Database, person: int, platform: str, now: int) -> bool:
    """Make an account somebody of their own, who keeps what was chosen; False where none is.

    Nobody parts with more rights than their own accounts were given.
    """
    if platform not in {account.platform for account in accounts_of(db, person)}:
        return False
    new = db.conn.execute(
        "INSERT INTO persons (role, language, timezone, currency, units, created_at)"
        " SELECT role, language, timezone, currency, units, ? FROM persons WHERE id = ?",
        (now, person),
    ).lastrowid
    for table in ("accounts", "chats"):
        db.conn.execute(
            f"UPDATE {table} SET person_id = ? WHERE person_id = ? AND platform = ?",
            (new, person, platform),
        )
    move_memberships(db, person, int(new or 0), platform)
    db.conn.execute(
        "INSERT INTO mutes (person_id, scope, chain, subject, since, until, ended_at)"
        " SELECT ?, scope, chain, subject, since, until, ended_at FROM mutes"
        " WHERE person_id = ? AND until > ?",
        (new, person, now),
    )
    db.conn.execute(
        "INSERT INTO quiet_hours (person_id, begins, ends, weekdays)"
        " SELECT ?, begins, ends, weekdays FROM quiet_hours WHERE person_id = ?",
        (new, person),
    )
    db.conn.execute(
        "UPDATE persons SET preferred = '' WHERE id = ?1 AND (preferred = ?2 OR 1 ="
        " (SELECT count(*) FROM accounts WHERE person_id = ?1))",
        (person, platform),
    )
    for one in (person, int(new or 0)):
        _take_back(db, one)
        tell_apart(db, one, now)
    return True


def _take_back(db: Database, person: int) -> None:
    """Leave somebody the rights that their own accounts were given, or less where they have."""
    rows = db.conn.execute("SELECT role FROM accounts WHERE person_id = ?", (person,))
    own = max((Role(role) for (role,) in rows.fetchall()), key=RANK.__getitem__)
    role = min(own, role_of(db, person), key=RANK.__getitem__)
    db.conn.execute("UPDATE persons SET role = ? WHERE id = ?", (role, person))


def _wrong_codes(db: Database, person: int, now: int) -> int:
    (count,) = db.conn.execute(
        "SELECT count(*) FROM wrong_codes WHERE person_id = ? AND entered_at > ?",
        (person, now - VALID_SECONDS),
    ).fetchone()
    return int(count)


def _note_wrong(db: Database, person: int, now: int) -> None:
    db.conn.execute("DELETE FROM wrong_codes WHERE entered_at <= ?", (now - VALID_SECONDS,))
    db.conn.execute("INSERT INTO wrong_codes (person_id, entered_at) VALUES (?, ?)", (person, now))


def _hash(code: str) -> str:
    """As it is compared: without what a person adds when they copy it by hand."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()
