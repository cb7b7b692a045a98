"""What is stored of one block or one transaction."""

from msgspec import Struct
from sqlite_utils import Database

from storage.states import State, state_of
from storage.transactions import COINBASE, transaction_by_hash
from watchers.model import Header, Transaction


class BlockRow(Struct, frozen=True):
    """A stored block; amounts in base units, `waited_seconds` since the block before."""

    header: Header
    canonical: bool
    size: int
    weight: int | None
    difficulty: float | None
    reward: int
    fees: int
    transactions: int
    waited_seconds: int | None


class BlockContent(Struct, frozen=True):
    """What moved in a block, coinbase apart; `largest` is a hash and what it moved."""

    moved: int
    largest: tuple[str, int] | None


class BlockRange(Struct, frozen=True):
    """The main chain as far as it is stored."""

    lowest: int
    highest: int
    count: int


_BLOCK = (
    "b.height, b.hash, b.parent, b.time, b.canonical, b.size, b.weight, b.difficulty, b.reward,"
    " b.fees, b.transactions, b.time - p.time"
)


def blocks_at(db: Database, chain: str, height: int) -> list[BlockRow]:
    """The blocks of a height: that of the main chain first, then those that left it.

    One that is still being stored is not among them.
    """
    rows = db.conn.execute(
        f"SELECT {_BLOCK} FROM blocks b LEFT JOIN blocks p"
        " ON p.chain = b.chain AND p.hash = b.parent"
        " WHERE b.chain = ? AND b.canonical IN (0, 1) AND b.height = ?"
        " AND (b.canonical OR b.orphaned)"
        " ORDER BY b.canonical DESC, b.id",
        (chain, height),
    )
    return [
        BlockRow(
            Header(height_, hash_, parent, time), bool(canonical), size, weight, difficulty,
            int(reward), int(fees), transactions, waited,
        )
        for height_, hash_, parent, time, canonical, size, weight, difficulty, reward, fees,
            transactions, waited in rows
    ]  # fmt: skip


def content_of(db: Database, chain: str, block: BlockRow) -> BlockContent | None:
    """What moved in a block; None where its transactions are no longer all stored."""
    rows = db.conn.execute(
        "SELECT t.hash, t.moved, t.category FROM blocks b"
        " JOIN block_transactions l ON l.block_id = b.id"
        " JOIN transactions t ON t.id = l.transaction_id WHERE b.chain = ? AND b.hash = ?",
        (chain, block.header.hash),
    ).fetchall()
    if len(rows) < block.transactions:
        return None
    amounts = [(int(moved), hash_) for hash_, moved, category in rows if category != COINBASE]
    largest = max(amounts, default=None)
    return BlockContent(
        sum(moved for moved, _ in amounts), (largest[1], largest[0]) if largest else None
    )


def block_range(db: Database, chain: str) -> BlockRange | None:
    """Which heights of the main chain are stored, None for none."""
    lowest, highest, count = db.conn.execute(
        "SELECT min(height), max(height), count(*) FROM blocks WHERE chain = ? AND canonical = 1",
        (chain,),
    ).fetchone()
    return BlockRange(lowest, highest, count) if count else None


class TransactionRecord(Struct, frozen=True):
    """A stored transaction and how it stands; `announced`: first met outside a block."""

    transaction: Transaction
    state: State
    header: Header | None
    announced: bool


def transaction_record(db: Database, chain: str, hash_: str, now: int) -> TransactionRecord | None:
    """All there is of a transaction; None where it is unknown or no longer kept."""
    transaction = transaction_by_hash(db, chain, hash_)
    if transaction is None:
        return None
    (announced,) = db.conn.execute(
        "SELECT unconfirmed FROM transactions WHERE chain = ? AND hash = ?", (chain, hash_)
    ).fetchone()
    row = db.conn.execute(
        "SELECT b.height, b.hash, b.parent, b.time FROM transactions t"
        " JOIN block_transactions l ON l.transaction_id = t.id"
        " JOIN blocks b ON b.id = l.block_id AND b.canonical = 1"
        " WHERE t.chain = ? AND t.hash = ?",
        (chain, hash_),
    ).fetchone()
    state = state_of(db, chain, hash_, now)
    return TransactionRecord(transaction, state, Header(*row) if row else None, bool(announced))
