"""What each chat asked to be told, from when until when."""

import msgspec
from sqlite_utils import Database

from detectors.model import Kind, Subscription
from storage.chats import is_bound

_COLUMNS = "id, chat_id, kind, chain, address, label, unit, amount"


class UnboundError(Exception):
    """The chat is told nothing, so there is nothing to begin."""


def _subscription(row: tuple[int, int, str, str, str, str, str, str]) -> Subscription:
    id_, chat, kind, chain, address, label, unit, amount = row
    return Subscription(id_, chat, Kind(kind), chain, address, label, unit, int(amount))


def save_subscription(
    db: Database, subscription: Subscription, now: int
) -> tuple[Subscription | None, Subscription]:
    """Begin a subscription; returns what ended for it (the same thing in the same chat).

    Raises `UnboundError`.
    """
    if not is_bound(db, subscription.chat):
        raise UnboundError
    ended = end_subscription(db, subscription, now)
    cursor = db.conn.execute(
        "INSERT INTO subscriptions (chat_id, kind, chain, address, label, unit, amount, since)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            subscription.chat, subscription.kind, subscription.chain, subscription.address,
            subscription.label, subscription.unit, str(subscription.amount), now,
        ),
    )  # fmt: skip
    if ended is not None:  # who muted it meant what it is about
        db.conn.execute(
            "UPDATE mutes SET subject = ? WHERE scope = 'rule' AND subject = ?",
            (str(cursor.lastrowid), str(ended.id)),
        )
    return ended, msgspec.structs.replace(subscription, id=cursor.lastrowid)


def end_subscription(db: Database, subscription: Subscription, now: int) -> Subscription | None:
    """End what the chat has about the same thing; returns what ended."""
    row = db.conn.execute(
        f"SELECT {_COLUMNS} FROM subscriptions WHERE until IS NULL AND chat_id = ? AND kind = ?"
        " AND chain = ? AND address = ? AND unit = ?",
        (
            subscription.chat, subscription.kind, subscription.chain, subscription.address,
            subscription.unit,
        ),
    ).fetchone()  # fmt: skip
    if row is None:
        return None
    db.conn.execute("UPDATE subscriptions SET until = ? WHERE id = ?", (now, row[0]))
    return _subscription(row)


def all_subscriptions(db: Database) -> list[Subscription]:
    """Every active subscription of the chats that are to be told."""
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM subscriptions WHERE until IS NULL"
        " AND chat_id NOT IN (SELECT id FROM chats WHERE NOT bound)"
    )
    return [_subscription(row) for row in rows]


def subscriptions_of(db: Database, chat: int, kind: Kind) -> list[Subscription]:
    """The active subscriptions of a chat of one kind, oldest first."""
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM subscriptions"
        " WHERE until IS NULL AND chat_id = ? AND kind = ? ORDER BY id",
        (chat, kind),
    )
    return [_subscription(row) for row in rows]


def subscriptions_heard_in(db: Database, chat: int) -> list[Subscription]:
    """The active subscriptions of a chat, and of all private chats of whoever it belongs to."""
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM subscriptions WHERE until IS NULL AND chat_id IN"
        " (SELECT o.id FROM chats c JOIN chats o ON o.id = c.id OR o.person_id = c.person_id"
        "  WHERE c.id = ? AND o.bound) ORDER BY id",
        (chat,),
    )
    return [_subscription(row) for row in rows]


def labels_of(db: Database, chat: int) -> dict[str, str]:
    """The chat's own names for addresses it watches, "" where it gave none."""
    return {s.address: s.label for s in subscriptions_of(db, chat, Kind.WATCH)}


def watching_places(db: Database) -> dict[tuple[str, str, str], int]:
    """The ids of all chats that watch anything which whoever is there may ask for.

    By platform, address and thread.
    """
    rows = db.conn.execute(
        "SELECT platform, address, thread, id FROM chats c WHERE id IN"
        " (SELECT chat_id FROM subscriptions WHERE until IS NULL AND kind = ?)"
        " AND (kind = 'private' OR EXISTS (SELECT 1 FROM chats o"
        "  WHERE o.platform = c.platform AND o.server = c.server AND o.admitted))",
        (Kind.WATCH,),
    )
    return {(platform, address, thread): id_ for platform, address, thread, id_ in rows}
