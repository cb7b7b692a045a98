"""Blocks, which of them form the main chain, and where the story stopped."""

from collections.abc import Sequence

from sqlite_utils import Database

from storage.rollups import Entry, add_entries
from storage.transactions import COINBASE, Saved, save_transactions
from watchers.model import HEADERS_KEPT, Block, Checkpoint, Header, Transaction


def save_slice(db: Database, block: Block, transactions: Sequence[Transaction]) -> Saved:
    """Store a part of a block's transactions; the block is not yet on the main chain."""
    block_id = _block_id(db, block)
    saved = save_transactions(db, block.chain, transactions, unconfirmed=False)
    db.conn.executemany(
        "INSERT OR IGNORE INTO block_transactions VALUES (?, ?)",
        [(block_id, saved.ids[t.hash]) for t in transactions],
    )
    return saved


def _block_id(db: Database, block: Block) -> int:
    header = block.header
    db.conn.execute(
        "INSERT OR IGNORE INTO blocks (chain, height, hash, parent, time, canonical, size, weight,"
        " difficulty, reward, fees, transactions) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)",
        (
            block.chain, header.height, header.hash, header.parent, header.time, block.size,
            block.weight, block.difficulty, str(block.reward), str(block.fees),
            len(block.transactions),
        ),
    )  # fmt: skip
    found = db.conn.execute(
        "SELECT id FROM blocks WHERE chain = ? AND hash = ?", (block.chain, header.hash)
    )
    return int(found.fetchone()[0])


def complete_block(db: Database, block: Block) -> list[Header]:
    """Put a block whose slices are all stored on the main chain; again is harmless.

    Returns the blocks whose place it takes, unannounced: none where a reorg was told.
    """
    header, orphans = block.header, []
    if not block.historic:
        orphans = orphan_above(db, block.chain, header.height - 1, but=header.hash)
    block_id = _block_id(db, block)
    changed = db.conn.execute(
        "UPDATE blocks SET canonical = 1, orphaned = 0 WHERE id = ? AND canonical = 0", (block_id,)
    ).rowcount
    if changed:
        add_entries(db, block.chain, "chain", _entries(db, block_id))
    return orphans


def save_met(db: Database, chain: str, block_hash: str, now: int) -> None:
    """Note when a block came that somebody waited for; the first time counts."""
    db.conn.execute(
        "UPDATE blocks SET met_at = coalesce(met_at, ?) WHERE chain = ? AND hash = ?",
        (now, chain, block_hash),
    )


def met_between(db: Database, chain: str, since: int, until: int) -> list[tuple[int, Header]]:
    """When blocks were met in [since, until) and their headers, in that order.

    One that was met late or is of the history was met when it was mined. Those that left
    the main chain later are among them.
    """
    rows = db.conn.execute(
        "SELECT coalesce(met_at, time) AS met, height, hash, parent, time FROM blocks"
        " WHERE chain = ? AND (canonical OR orphaned) AND met >= ? AND met < ?"
        " ORDER BY met, height",
        (chain, since, until),
    )
    return [(met, Header(*header)) for met, *header in rows]


def orphan_above(db: Database, chain: str, ancestor: int, but: str = "") -> list[Header]:
    """Take the blocks above a height off the main chain; returns them, highest first."""
    rows = db.conn.execute(
        "SELECT id, height, hash, parent, time FROM blocks"
        " WHERE chain = ? AND canonical AND height > ? AND hash != ? ORDER BY height DESC",
        (chain, ancestor, but),
    ).fetchall()
    for block_id, *_ in rows:
        add_entries(db, chain, "chain", _entries(db, block_id), sign=-1)
        db.conn.execute("UPDATE blocks SET canonical = 0, orphaned = 1 WHERE id = ?", (block_id,))
    return [Header(*header) for _, *header in rows]


def _entries(db: Database, block_id: int) -> list[Entry]:
    rows = db.conn.execute(
        "SELECT b.time, t.moved, t.fee, t.size, t.weight FROM block_transactions l"
        " JOIN transactions t ON t.id = l.transaction_id JOIN blocks b ON b.id = l.block_id"
        " WHERE l.block_id = ? AND t.category != ?",
        (block_id, COINBASE),
    )
    return [
        Entry(
            time,
            int(moved),
            None if fee is None else int(fee),
            size if weight is None else -(-weight // 4),
        )
        for time, moved, fee, size, weight in rows
    ]


def begin_chain(
    db: Database, chain: str, history_since: int, listening_since: int | None = None
) -> None:
    """Note at the very first start how far back the history is wanted, and that from then on
    a time without a sign of life is a gap.
    """
    db.conn.execute(
        "INSERT OR IGNORE INTO checkpoints (chain, history_since, heard_at) VALUES (?, ?, ?)",
        (chain, history_since, listening_since),
    )


def save_heard(db: Database, chain: str, at: int) -> None:
    """Note a sign of life of the chain's source."""
    db.conn.execute(
        "UPDATE checkpoints SET heard_at = max(coalesce(heard_at, 0), ?) WHERE chain = ?",
        (at, chain),
    )


def checkpoint_of(db: Database, chain: str) -> Checkpoint:
    """Where the chain's story stopped."""
    rows = db.conn.execute(
        "SELECT height, hash, parent, time FROM blocks WHERE chain = ? AND canonical"
        " ORDER BY height DESC LIMIT ?",
        (chain, HEADERS_KEPT),
    ).fetchall()
    oldest = db.conn.execute(
        "SELECT height, hash, parent, time FROM blocks WHERE chain = ? AND canonical"
        " ORDER BY height LIMIT 1",
        (chain,),
    ).fetchone()
    heard_at, history_since = db.conn.execute(
        "SELECT heard_at, history_since FROM checkpoints WHERE chain = ?", (chain,)
    ).fetchone() or (None, None)
    return Checkpoint(
        chain,
        tuple(Header(*row) for row in reversed(rows)),
        Header(*oldest) if oldest else None,
        history_since,
        heard_at,
    )


def tip_height(db: Database, chain: str) -> int | None:
    """The height of the newest block on the main chain."""
    found = db.conn.execute(
        "SELECT max(height) FROM blocks WHERE chain = ? AND canonical", (chain,)
    )
    height: int | None = found.fetchone()[0]
    return height


def tip_of(db: Database, chain: str) -> Header | None:
    """The newest block on the main chain."""
    row = db.conn.execute(
        "SELECT height, hash, parent, time FROM blocks WHERE chain = ? AND canonical"
        " ORDER BY height DESC LIMIT 1",
        (chain,),
    ).fetchone()
    return Header(*row) if row else None


def heard_at(db: Database, chain: str) -> int | None:
    """When the chain's source last gave a sign of life."""
    row = db.conn.execute("SELECT heard_at FROM checkpoints WHERE chain = ?", (chain,)).fetchone()
    return row[0] if row else None
