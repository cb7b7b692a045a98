"""What each chat asked to be told, from when until when."""

from collections.abc import Collection
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from detectors.model import Kind, Ring, Subscription, Way
from storage.chats import is_bound

_COLUMNS = "id, chat_id, kind, chain, address, label, unit, amount, way, ring, number"
_HEARD_IN = (
    "SELECT o.id FROM chats c JOIN chats o ON o.id = c.id OR o.person_id = c.person_id"
    " WHERE c.id = ? AND o.bound"
)
"""The chats whose subscriptions are told in one: it, and all private chats of its person."""
_Row: TypeAlias = tuple[int, int, str, str, str, str, str, str, str, str, int]


class UnboundError(Exception):
    """The chat is told nothing, so there is nothing to begin."""


class Lasting(Struct, frozen=True):
    """A subscription, and from when until when it counts; `until` is None while it does."""

    subscription: Subscription
    since: int
    until: int | None

    def is_on(self, time: int) -> bool:
        """Whether it counts at a time."""
        return self.since <= time and (self.until is None or time < self.until)


def _subscription(row: _Row) -> Subscription:
    id_, chat, kind, chain, address, label, unit, amount, way, ring, number = row
    return Subscription(
        id_, chat, Kind(kind), chain, address, label, unit, int(amount), Way(way), Ring(ring),
        number,
    )  # fmt: skip


def save_subscription(
    db: Database, subscription: Subscription, now: int
) -> tuple[tuple[Subscription, ...], Subscription]:
    """Begin a subscription; returns what ended for it, and it with its id and number.

    The same thing in the same chat ends, and what had its number, if it comes with one;
    else it gets that of what ended, or a new one. Raises `UnboundError`.
    """
    if not is_bound(db, subscription.chat):
        raise UnboundError
    ended = [end_subscription(db, subscription, now)]
    if subscription.number:
        ended.append(end_number(db, subscription.chat, subscription.number, now))
    gone = tuple(one for one in ended if one is not None)
    number = subscription.number or (gone[0].number if gone else _next_number(db, subscription))
    cursor = db.conn.execute(
        "INSERT INTO subscriptions (chat_id, kind, chain, address, label, unit, amount, way,"
        " ring, number, about, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            subscription.chat, subscription.kind, subscription.chain, subscription.address,
            subscription.label, subscription.unit, str(subscription.amount), subscription.way,
            subscription.ring, number, subscription.about, now,
        ),
    )  # fmt: skip
    for one in gone:  # who muted it meant what it is about
        db.conn.execute(
            "UPDATE mutes SET subject = ? WHERE scope = 'rule' AND subject = ?",
            (str(cursor.lastrowid), str(one.id)),
        )
    return gone, msgspec.structs.replace(subscription, id=cursor.lastrowid, number=number)


def _next_number(db: Database, subscription: Subscription) -> int:
    """One that nothing in the chat ever had: an old button must not mean something new."""
    (highest,) = db.conn.execute(
        "SELECT coalesce(max(number), 0) FROM subscriptions WHERE chat_id = ?",
        (subscription.chat,),
    ).fetchone()
    return int(highest) + 1


def end_subscription(db: Database, subscription: Subscription, now: int) -> Subscription | None:
    """End what the chat has about the same thing; returns what ended."""
    return _end(
        db,
        "chat_id = ? AND kind = ? AND chain = ? AND about = ?",
        (subscription.chat, subscription.kind, subscription.chain, subscription.about),
        now,
    )


def end_number(db: Database, chat: int, number: int, now: int) -> Subscription | None:
    """End what has a number in a chat; returns what ended."""
    return _end(db, "chat_id = ? AND number = ?", (chat, number), now)


def _end(db: Database, where: str, which: tuple[object, ...], now: int) -> Subscription | None:
    row = db.conn.execute(
        f"UPDATE subscriptions SET until = ? WHERE until IS NULL AND {where} RETURNING {_COLUMNS}",
        (now, *which),
    ).fetchone()
    return None if row is None else _subscription(row)


def ended_number(db: Database, chat: int, number: int) -> Subscription | None:
    """What had a number in a chat last, where it ended."""
    row = db.conn.execute(
        f"SELECT {_COLUMNS}, until FROM subscriptions WHERE chat_id = ? AND number = ?"
        " ORDER BY id DESC LIMIT 1",
        (chat, number),
    ).fetchone()
    return None if row is None or row[-1] is None else _subscription(row[:-1])


def ended_in(db: Database, chat: int, most: int) -> list[Subscription]:
    """What a chat is told no more, by its number and as it was last, the newest end first.

    What is asked for again under another number is none of it.
    """
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM subscriptions s WHERE until IS NOT NULL AND id IN"
        " (SELECT max(id) FROM subscriptions WHERE chat_id = ?1 GROUP BY number)"
        " AND NOT EXISTS (SELECT 1 FROM subscriptions o WHERE o.chat_id = ?1 AND o.until IS NULL"
        " AND (o.kind, o.chain, o.about) = (s.kind, s.chain, s.about))"
        " ORDER BY until DESC, id DESC LIMIT ?2",
        (chat, most),
    )
    return [_subscription(row) for row in rows]


def all_subscriptions(db: Database) -> list[Subscription]:
    """Every active subscription of the chats that are to be told."""
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM subscriptions WHERE until IS NULL"
        " AND chat_id NOT IN (SELECT id FROM chats WHERE NOT bound)"
    )
    return [_subscription(row) for row in rows]


def subscriptions_of(db: Database, chat: int, kind: Kind | None = None) -> list[Subscription]:
    """The active subscriptions of a chat, of one kind or all, in the order of their numbers."""
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM subscriptions"
        " WHERE until IS NULL AND chat_id = ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY number, id",
        (chat, kind),
    )
    return [_subscription(row) for row in rows]


def subscriptions_heard_in(db: Database, chat: int) -> list[Subscription]:
    """The active subscriptions of a chat, and of all private chats of whoever it belongs to."""
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM subscriptions WHERE until IS NULL AND chat_id IN ({_HEARD_IN})"
        " ORDER BY id",
        (chat,),
    )
    return [_subscription(row) for row in rows]


def subscriptions_ever(db: Database, chat: int) -> list[Lasting]:
    """As `subscriptions_heard_in`, with all that ended, oldest first."""
    rows = db.conn.execute(
        f"SELECT {_COLUMNS}, since, until FROM subscriptions WHERE chat_id IN ({_HEARD_IN})"
        " ORDER BY id",
        (chat,),
    )
    return [_lasting(row) for row in rows]


def subscriptions_by_id(db: Database, ids: Collection[int]) -> dict[int, Lasting]:
    """Subscriptions by their ids, also such as ended."""
    rows = db.conn.execute(
        f"SELECT {_COLUMNS}, since, until FROM subscriptions"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (msgspec.json.encode(list(ids)).decode(),),
    )
    return {row[0]: _lasting(row) for row in rows}


def _lasting(row: tuple[Any, ...]) -> Lasting:
    *columns, since, until = row
    return Lasting(_subscription(tuple(columns)), since, until)


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
