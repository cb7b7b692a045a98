"""Persons: who somebody is, by whichever of their accounts they come."""

from collections.abc import Iterable

from msgspec import Struct
from sqlite_utils import Database

from storage.chats import LOCAL
from storage.model import Person, Role


def save_person(db: Database, platform: str, address: str, name: str, now: int) -> Person:
    """The person with an account, a stranger on first sight; the name follows theirs."""
    _person_at(db, platform, address, now)
    db.conn.execute(
        "UPDATE accounts SET name = ?1 WHERE platform = ?2 AND address = ?3 AND name != ?1",
        (name, platform, address),
    )
    return person_of(db, platform, address)


def person_of(db: Database, platform: str, address: str) -> Person:
    """The person with an account that is known; raises `LookupError`."""
    person = find_person(db, platform, address)
    if person is None:
        raise LookupError(f"nobody is known at {platform}")
    return person


def find_person(db: Database, platform: str, address: str) -> Person | None:
    """The person with an account, None where it is not known."""
    row = db.conn.execute(
        "SELECT p.id, a.name, p.role, p.preferred FROM accounts a"
        " JOIN persons p ON p.id = a.person_id WHERE a.platform = ? AND a.address = ?",
        (platform, address),
    ).fetchone()
    if row is None:
        return None
    return Person(row[0], platform, address, row[1], Role(row[2]), row[3])


def _person_at(db: Database, platform: str, address: str, now: int) -> int:
    """Whose account it is; somebody new where it is not known."""
    known = db.conn.execute(
        "SELECT person_id FROM accounts WHERE platform = ? AND address = ?", (platform, address)
    ).fetchone()
    return int(known[0]) if known else _add_person(db, platform, address, now)


def _add_person(db: Database, platform: str, address: str, now: int) -> int:
    id_ = db.conn.execute(
        "INSERT INTO persons (role, created_at) VALUES (?, ?)", (Role.STRANGER, now)
    ).lastrowid
    db.conn.execute(
        "INSERT INTO accounts (platform, address, name, role, person_id) VALUES (?, ?, '', ?, ?)",
        (platform, address, Role.OWNER if platform == LOCAL else Role.STRANGER, id_),
    )
    return int(id_ or 0)


def set_role(db: Database, platform: str, address: str, role: Role, now: int) -> None:
    """Give the person with an account a role, also before they first write."""
    person = _person_at(db, platform, address, now)
    db.conn.execute("UPDATE persons SET role = ? WHERE id = ?", (role, person))
    db.conn.execute(
        "UPDATE accounts SET role = ? WHERE platform = ? AND address = ?", (role, platform, address)
    )


def replace_owners(db: Database, owners: Iterable[tuple[str, str]], now: int) -> None:
    """Make these, as (platform, id), the owners; who was one before is a guest."""
    db.conn.execute("UPDATE persons SET role = ? WHERE role = ?", (Role.GUEST, Role.OWNER))
    db.conn.execute(
        "UPDATE accounts SET role = ? WHERE role = ? AND platform != ?",
        (Role.GUEST, Role.OWNER, LOCAL),
    )
    for platform, address in owners:
        set_role(db, platform, address, Role.OWNER, now)


def has_owner(db: Database) -> bool:
    """Whether anybody owns this bot who can reach it from outside the terminal."""
    found = db.conn.execute(
        "SELECT 1 FROM persons p JOIN accounts a ON a.person_id = p.id"
        " WHERE p.role = ? AND a.platform != ? LIMIT 1",
        (Role.OWNER, LOCAL),
    )
    return found.fetchone() is not None


def owner_names(db: Database) -> list[str]:
    """The names of the owners that have one, the first owner first."""
    rows = db.conn.execute(
        "SELECT max(a.name) FROM persons p JOIN accounts a ON a.person_id = p.id"
        " WHERE p.role = ? AND a.name != '' GROUP BY p.id ORDER BY p.id",
        (Role.OWNER,),
    )
    return [name for (name,) in rows]


class Account(Struct, frozen=True):
    """One way by which a person comes."""

    platform: str
    address: str
    name: str


def unreached_owners(db: Database) -> list[Account]:
    """The accounts of owners who can be told nothing: they have no private chat that works."""
    rows = db.conn.execute(
        "SELECT a.platform, a.address, a.name FROM persons p JOIN accounts a ON a.person_id = p.id"
        " WHERE p.role = ? AND a.platform != ? AND NOT EXISTS (SELECT 1 FROM chats c"
        " WHERE c.person_id = p.id AND c.kind = 'private' AND c.parked = '')"
        " ORDER BY a.platform, a.address",
        (Role.OWNER, LOCAL),
    )
    return [Account(*row) for row in rows]


def accounts_of(db: Database, person: int) -> list[Account]:
    """By which accounts somebody comes, one a platform."""
    rows = db.conn.execute(
        "SELECT platform, address, name FROM accounts WHERE person_id = ? ORDER BY platform",
        (person,),
    )
    return [Account(*row) for row in rows]


def role_of(db: Database, person: int) -> Role:
    """What somebody may do; whoever sits at the terminal owns the bot."""
    if any(account.platform == LOCAL for account in accounts_of(db, person)):
        return Role.OWNER
    (role,) = db.conn.execute("SELECT role FROM persons WHERE id = ?", (person,)).fetchone()
    return Role(role)


def prefer(db: Database, person: int, platform: str) -> None:
    """Tell somebody on this platform what reaches them on several."""
    db.conn.execute("UPDATE persons SET preferred = ? WHERE id = ?", (platform, person))
