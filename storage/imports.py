"""Lists that somebody sent into a chat, until they are confirmed."""

from collections.abc import Iterable

import msgspec
from sqlite_utils import Database

from detectors.model import Subscription
from storage.subscriptions import save_subscription, subscriptions_of

KEPT_SECONDS = 86400


def keep_import(db: Database, chat: int, asked: Iterable[Subscription], now: int) -> int:
    """Keep what a file asks for; returns its number. A chat has one at a time, for a day."""
    db.conn.execute(
        "DELETE FROM imports WHERE chat_id = ? OR created_at < ?", (chat, now - KEPT_SECONDS)
    )
    content = msgspec.json.encode(list(asked)).decode()
    kept = db.conn.execute(
        "INSERT INTO imports (chat_id, content, created_at) VALUES (?, ?, ?)", (chat, content, now)
    )
    return int(kept.lastrowid or 0)


def find_import(db: Database, chat: int, number: int, now: int) -> list[Subscription] | None:
    """What a file asked for; None where that is over, or of another chat."""
    row = db.conn.execute(
        "SELECT content FROM imports WHERE id = ? AND chat_id = ? AND created_at >= ?",
        (number, chat, now - KEPT_SECONDS),
    ).fetchone()
    return None if row is None else msgspec.json.decode(row[0], type=list[Subscription])


def newer_import(db: Database, chat: int, number: int, now: int) -> int | None:
    """The number of the list that took the place of another in a chat; None for none."""
    row = db.conn.execute(
        "SELECT id FROM imports WHERE chat_id = ? AND id > ? AND created_at >= ?",
        (chat, number, now - KEPT_SECONDS),
    ).fetchone()
    return None if row is None else int(row[0])


def take_import(db: Database, chat: int, asked: Iterable[Subscription], now: int) -> None:
    """Begin all that a file asks for, in one go. Raises `UnboundError`."""
    present = {(s.kind, s.chain, s.about): s for s in subscriptions_of(db, chat)}
    for one in asked:
        known = present.get((one.kind, one.chain, one.about))
        meant = msgspec.structs.replace(one, id=0, chat=chat, number=known.number if known else 0)
        if known is None or meant != msgspec.structs.replace(known, id=0):
            save_subscription(db, meant, now)
    db.conn.execute("DELETE FROM imports WHERE chat_id = ?", (chat,))
