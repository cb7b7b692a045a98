"""How the many transactions of one message stand, without a look at each."""

from collections.abc import Mapping

from msgspec import Struct
from sqlite_utils import Database

from storage.states import BAD_ENDS, EXPIRES_AFTER_SECONDS, state_of

_STANDING = (
    "SELECT told.chain, told.hash, coalesce(max(b.canonical), 0),"
    " coalesce(max(b.orphaned), 0) OR t.seen_at < ?2 OR EXISTS (SELECT 1 FROM transactions o"
    "  WHERE o.conflict_set = t.conflict_set AND o.id != t.id)"
    " FROM (SELECT a.chain, a.transaction_hash AS hash, max(a.id) AS newest"
    "  FROM message_alerts x JOIN alerts a ON a.id = x.alert_id"
    "  WHERE x.message_id = ?1 AND x.mute_id IS NULL AND a.transaction_hash != ''"
    "  GROUP BY a.chain, a.transaction_hash) told"
    " JOIN transactions t ON t.chain = told.chain AND t.hash = told.hash"
    " LEFT JOIN block_transactions l ON l.transaction_id = t.id"
    " LEFT JOIN blocks b ON b.id = l.block_id GROUP BY t.id ORDER BY told.newest DESC"
)
"""Of each transaction: whether it is in the main chain, and whether it may have come to an end."""


class Fates(Struct, frozen=True):
    """How many are confirmed, which are open, and which came to a bad end; the newest first.

    `ended` has their states as messages keep them (`State.shown`).
    """

    confirmed: int
    open: tuple[str, ...]
    ended: Mapping[str, str]


def fates_of(db: Database, message: int, now: int) -> Fates:
    """How the transactions of a message stand, as far as they are still kept.

    Only of those that may have come to an end it is looked up whether they did.
    """
    rows = db.conn.execute(_STANDING, (message, now - EXPIRES_AFTER_SECONDS)).fetchall()
    waiting = [(chain, hash_, doubtful) for chain, hash_, mined, doubtful in rows if not mined]
    states = {
        hash_: state_of(db, chain, hash_, now) for chain, hash_, doubtful in waiting if doubtful
    }
    ended = {hash_: state.shown for hash_, state in states.items() if state.name in BAD_ENDS}
    still = tuple(hash_ for _, hash_, _ in waiting if hash_ not in ended)
    return Fates(len(rows) - len(waiting), still, ended)
