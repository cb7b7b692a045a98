"""What each chat asked to be told, from when until when; and its mutes."""

from typing import Literal

import msgspec
from sqlite_utils import Database

from detectors.model import Kind, Subscription
from storage.chats import is_bound

_COLUMNS = "id, chat_id, kind, chain, address, label, unit, amount"
_RUNNING = "ended_at IS NULL AND until > ?"


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


def save_mute(db: Database, chat: int, now: int, until: int) -> None:
    """Mute a chat until a time; a mute that runs already ends now.

    Whoever mutes a private chat mutes all of theirs, on whichever platform.
    """
    end_mute(db, chat, now)
    whose, id_ = _whose(db, chat)
    db.conn.execute(
        f"INSERT INTO mutes ({whose}, since, until) VALUES (?, ?, ?)", (id_, now, until)
    )


def end_mute(db: Database, chat: int, now: int) -> int | None:
    """End whatever mutes a chat; returns when it began, None where nothing did.

    That it was ended is kept beside when it would have: a clock that is set back neither
    ends a mute nor brings one back.
    """
    whose, id_ = _whose(db, chat)
    running = (id_, now)
    (since,) = db.conn.execute(
        f"SELECT min(since) FROM mutes WHERE {whose} = ? AND {_RUNNING}", running
    ).fetchone()
    if since is None:
        return None
    db.conn.execute(
        f"UPDATE mutes SET ended_at = ? WHERE {whose} = ? AND {_RUNNING}",
        (now, *running),
    )
    return int(since)


def muted_until(db: Database, chat: int, now: int) -> int | None:
    """When the mute of a chat ends, None where it is not muted."""
    whose, id_ = _whose(db, chat)
    row = db.conn.execute(
        f"SELECT max(until) FROM mutes WHERE {whose} = ? AND {_RUNNING}",
        (id_, now),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def _whose(db: Database, chat: int) -> tuple[Literal["person_id", "chat_id"], int]:
    """Who is muted with a chat: the person whose private chat it is, else the chat alone."""
    row = db.conn.execute("SELECT person_id FROM chats WHERE id = ?", (chat,)).fetchone()
    return ("person_id", row[0]) if row and row[0] else ("chat_id", chat)
