"""What the watched addresses of a chat gained and lost, and what became of its alerts."""

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from detectors.model import Kind, Subscription
from storage.states import state_of
from storage.subscriptions import subscriptions_of

WATCHED = "watched"
"""The detector whose alerts say what an address gained."""


class Flow(Struct, frozen=True):
    """What went to a watched address and from it in a period, in base units."""

    watch: Subscription
    received: int
    sent: int
    transactions: int

    @property
    def net(self) -> int:
        """What it gained, negative where it lost."""
        return self.received - self.sent


class Told(Struct, frozen=True):
    """How many alerts of a period a chat was told, and how many are kept back from it."""

    told: int
    kept_back: int


def flows_between(
    db: Database, chat: int, chain: str, since: int, until: int, now: int
) -> list[Flow]:
    """What moved at each address a chat watches that was alerted of, in the chat's order.

    What another transaction has replaced does not count. An address counts from when
    somebody here began to watch it.
    """
    watches = [w for w in subscriptions_of(db, chat, Kind.WATCH) if w.chain == chain]
    rows = db.conn.execute(
        "SELECT a.subject, a.amount, a.transaction_hash, EXISTS (SELECT 1 FROM transactions t"
        "  JOIN transactions o ON o.conflict_set = t.conflict_set AND o.id != t.id"
        "  WHERE t.chain = a.chain AND t.hash = a.transaction_hash)"
        " FROM json_each(?) w CROSS JOIN alerts a INDEXED BY alerts_by_subject"
        " ON a.subject = w.value AND a.time >= ? AND a.time < ?"
        " WHERE a.chain = ? AND a.detector = ?",
        (msgspec.json.encode([w.address for w in watches]).decode(), since, until, chain, WATCHED),
    )
    gained: dict[str, list[int]] = {}
    for address, amount, hash_, rivalled in rows.fetchall():
        if not (rivalled and state_of(db, chain, hash_, now).replaced_by):
            gained.setdefault(address, []).append(int(amount))
    return [_flow(watch, gained[watch.address]) for watch in watches if watch.address in gained]


def _flow(watch: Subscription, amounts: list[int]) -> Flow:
    received = sum(amount for amount in amounts if amount > 0)
    return Flow(watch, received, received - sum(amounts), len(amounts))


def told_between(db: Database, chat: int, since: int, until: int) -> Told:
    """What became of the alerts for a chat whose messages began in [since, until)."""
    told, kept_back = db.conn.execute(
        "SELECT count(DISTINCT CASE WHEN m.reference != '' AND x.mute_id IS NULL"
        "  THEN x.alert_id END),"
        " coalesce(sum(x.mute_id IS NOT NULL OR m.reference = ''"
        "  AND m.key NOT LIKE 'ends:%' AND NOT EXISTS"
        "  (SELECT 1 FROM deliveries d WHERE d.message_id = m.id AND d.kept = ''"
        "   AND d.state IN ('due', 'sending', 'standby'))), 0)"
        " FROM messages m JOIN message_alerts x ON x.message_id = m.id"
        " WHERE m.chat_id = ? AND m.created_at >= ? AND m.created_at < ?",
        (chat, since, until),
    ).fetchone()
    return Told(told, kept_back)
