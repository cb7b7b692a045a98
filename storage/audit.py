"""Who changed what, when and where: written with the change, kept for a year."""

from typing import Literal

from msgspec import Struct
from sqlite_utils import Database

from storage.model import Chat, Person

PAGE = 10
Via = Literal["typed", "button", "form"]


class Act(Struct, frozen=True):
    """A command that changes something; `command` holds no secret, `via` is how it was given."""

    at: int
    chat: Chat
    person: Person
    command: str
    via: Via


class Entry(Struct, frozen=True):
    """An act as it is listed."""

    at: int
    title: str
    private: bool
    platform: str
    name: str
    command: str
    via: Via


def save_act(db: Database, act: Act) -> None:
    """Keep an act, once however many steps it takes."""
    who = act.person
    db.conn.execute(
        # whoever did it may have become one with somebody else by it
        "INSERT OR IGNORE INTO audit (at, chat_id, person_id, platform, name, command, via)"
        " SELECT ?, ?, person_id, platform, ?, ?, ? FROM accounts"
        " WHERE platform = ? AND address = ?",
        (act.at, act.chat.id, who.name, act.command, act.via, who.platform, who.address),
    )


def audit_page(db: Database, chat: int | None, page: int) -> tuple[list[Entry], int]:
    """A page of what was done in a chat and its topics, or everywhere, and of how many pages.

    The newest comes first; the nearest page where there is no such one.
    """
    where = (
        "chat_id IN (SELECT o.id FROM chats c JOIN chats o ON o.platform = c.platform"
        " AND o.address = c.address WHERE c.id = ?1)"
        if chat is not None
        else "?1 IS NULL"
    )
    (count,) = db.conn.execute(f"SELECT count(*) FROM audit WHERE {where}", (chat,)).fetchone()
    pages = max(-(-count // PAGE), 1)
    rows = db.conn.execute(
        "SELECT a.at, c.title, c.kind = 'private', a.platform, a.name, a.command, a.via"
        f" FROM (SELECT * FROM audit WHERE {where} ORDER BY id DESC LIMIT ?2 OFFSET ?3) a"
        " JOIN chats c ON c.id = a.chat_id ORDER BY a.id DESC",
        (chat, PAGE, (min(page, pages) - 1) * PAGE),
    )
    return [Entry(at, title, bool(p), *rest) for at, title, p, *rest in rows], pages
