"""How a transaction stands: pending, confirmed, or come to a bad end."""

from msgspec import Struct
from sqlite_utils import Database

EXPIRES_AFTER_SECONDS = 14 * 86400
"""How long an unconfirmed transaction may be silent before its fate counts as unknown."""

BAD_ENDS = frozenset({"replaced", "orphaned", "expired"})
"""The names of the states that a reader must hear of: an edit makes no sound."""


class State(Struct, frozen=True):
    """How a transaction stands, derived from the blocks and its rivals.

    `height` and `confirmations` where it is in the main chain; `replaced_by` names the
    transaction that took its place; `orphaned`: the block that held it left the chain;
    `expired`: nothing was heard of it for so long that its fate is unknown; `last_known`
    is the name of the state that was last shown where its row is no longer kept.
    """

    height: int | None = None
    confirmations: int = 0
    replaced_by: str = ""
    orphaned: bool = False
    expired: bool = False
    last_known: str = ""

    @property
    def name(self) -> str:
        """One word, to notice a change by."""
        if self.last_known:
            return self.last_known
        if self.height is not None:
            return "confirmed"
        if self.replaced_by:
            return "replaced"
        if self.orphaned:
            return "orphaned"
        return "expired" if self.expired else "pending"

    @property
    def shown(self) -> str:
        """As a message keeps it: with the block's height or the rival, for either can change."""
        name = self.name
        if name == "replaced":
            return f"{name}@{self.replaced_by}" if self.replaced_by else name
        return name if self.height is None else f"{name}@{self.height}"

    @classmethod
    def remembered(cls, shown: str) -> "State":
        """What is left of a state whose transaction is no longer kept."""
        name, _, more = shown.partition("@")
        if name == "replaced":
            return cls(replaced_by=more, last_known=name)
        return cls(height=int(more) if more else None, last_known=name)


def states_in(shown: str) -> dict[str, str]:
    """By transaction, its `State.shown`, of what a message shows (`dispatch.shown_of`)."""
    states = (state.rpartition(":") for state in shown.split())
    return {hash_: state for hash_, _, state in states}


def state_of(db: Database, chain: str, hash_: str, now: int) -> State:
    """How a transaction stands now."""
    row = db.conn.execute(
        "SELECT id, seen_at FROM transactions WHERE chain = ? AND hash = ?",
        (chain, hash_),
    ).fetchone()
    if row is None:
        return State(expired=True)
    id_, seen_at = row
    height, orphaned = db.conn.execute(
        "SELECT max(CASE WHEN b.canonical THEN b.height END), max(b.orphaned)"
        " FROM block_transactions l JOIN blocks b ON b.id = l.block_id"
        " WHERE l.transaction_id = ?",
        (id_,),
    ).fetchone()
    if height is not None:
        (tip,) = db.conn.execute(
            "SELECT max(height) FROM blocks WHERE chain = ? AND canonical", (chain,)
        ).fetchone()
        return State(height=height, confirmations=tip - height + 1)
    return State(
        replaced_by=_rival(db, id_),
        orphaned=bool(orphaned),
        expired=now - seen_at > EXPIRES_AFTER_SECONDS,
    )


def _rival(db: Database, id_: int) -> str:
    """The transaction that took the place of an unconfirmed one: mined first, else newest.

    Only what spends the same is a rival: a conflict set also holds rivals of rivals.
    """
    row = db.conn.execute(
        "SELECT t.hash, max(coalesce(b.canonical, 0)) AS mined FROM spends own"
        " JOIN spends s ON s.outpoint = own.outpoint AND s.transaction_id != own.transaction_id"
        " JOIN transactions t ON t.id = s.transaction_id"
        " LEFT JOIN block_transactions l ON l.transaction_id = t.id"
        " LEFT JOIN blocks b ON b.id = l.block_id"
        " WHERE own.transaction_id = ?1 GROUP BY t.id"
        " HAVING mined OR t.id > ?1 ORDER BY mined DESC, t.id DESC LIMIT 1",
        (id_,),
    ).fetchone()
    return str(row[0]) if row else ""
