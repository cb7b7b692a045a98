"""What the watched addresses of a chat gained and lost, and what became of its alerts."""

from collections.abc import Sequence

from msgspec import Struct
from sqlite_utils import Database

from detectors.model import Kind, Subscription
from storage.passages import Passage, passages_of
from storage.subscriptions import subscriptions_of


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
    """What moved at each address a chat watches, in the chat's order: of some it is nothing.

    It is counted as `/address` does, from the transactions that are stored whole: what another
    has replaced does not count, and what came before the watch began does.
    """
    watches = [w for w in subscriptions_of(db, chat, Kind.WATCH) if w.chain == chain]
    return [_flow(w, passages_of(db, chain, w.address, now, since, until)) for w in watches]


def _flow(watch: Subscription, passages: Sequence[Passage]) -> Flow:
    net = sum(passage.net for passage in passages)
    received = sum(passage.net for passage in passages if passage.net > 0)
    return Flow(watch, received, received - net, len(passages))


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
