"""Transactions with their inputs and outputs: each is stored once, whoever tells of it."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from storage.rollups import Entry, add_entries
from watchers.model import Transaction, Transfer

COINBASE = "coinbase"


class Saved(Struct, frozen=True):
    """What a batch brought: the transactions met for the first time, and all row ids."""

    fresh: tuple[Transaction, ...]
    ids: dict[str, int]


def save_transactions(
    db: Database, chain: str, transactions: Sequence[Transaction], *, unconfirmed: bool
) -> Saved:
    """Store what is new of a batch; what is known stays as it was first met."""
    batch = {transaction.hash: transaction for transaction in transactions}
    ids = ids_of(db, chain, batch)
    fresh = tuple(t for t in batch.values() if t.hash not in ids)
    if fresh:
        first = db.conn.execute("SELECT coalesce(max(id), 0) + 1 FROM transactions").fetchone()[0]
        new_ids = {t.hash: first + position for position, t in enumerate(fresh)}
        _insert(db, fresh, new_ids, unconfirmed=unconfirmed)
        ids |= new_ids
        add_entries(db, chain, "seen", (entry_of(t) for t in fresh if t.category != COINBASE))
    return Saved(fresh, ids)


def entry_of(transaction: Transaction) -> Entry:
    """What a transaction adds to the roll-ups."""
    return Entry(transaction.time, transaction.moved, transaction.fee, transaction.virtual_size)


def ids_of(db: Database, chain: str, hashes: Iterable[str]) -> dict[str, int]:
    """The row ids of the transactions that are stored."""
    return dict(
        db.conn.execute(
            "SELECT hash, id FROM transactions WHERE chain = ?"
            " AND hash IN (SELECT value FROM json_each(?))",
            (chain, msgspec.json.encode(list(hashes)).decode()),
        ).fetchall()
    )


def _insert(
    db: Database, fresh: Sequence[Transaction], ids: dict[str, int], *, unconfirmed: bool
) -> None:
    sets = _conflict_sets(db, fresh, ids)
    db.conn.executemany(
        "INSERT INTO transactions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                ids[t.hash], t.chain, t.hash, t.time, t.category,
                str(t.moved), float(t.moved), None if t.fee is None else str(t.fee),
                t.size, t.weight, unconfirmed, sets.get(t.hash, ids[t.hash]),
            )
            for t in fresh
        ],
    )  # fmt: skip
    db.conn.executemany(
        "INSERT INTO transfers VALUES (?, ?, ?, ?, ?)",
        [
            (ids[t.hash], side, position, transfer.address, str(transfer.amount))
            for t in fresh
            for side, transfers in (("in", t.inputs), ("out", t.outputs))
            for position, transfer in enumerate(transfers)
        ],
    )
    db.conn.executemany(
        "INSERT OR IGNORE INTO spends VALUES (?, ?)",
        [(outpoint, ids[t.hash]) for t in fresh for outpoint in t.spends],
    )


def _conflict_sets(
    db: Database, fresh: Sequence[Transaction], ids: dict[str, int]
) -> dict[str, int]:
    """The conflict set of each transaction that spends what another one spends, too."""
    outpoints = [outpoint for t in fresh for outpoint in t.spends]
    if not outpoints:
        return {}
    known: dict[str, int] = dict(
        db.conn.execute(
            "SELECT s.outpoint, min(t.conflict_set) FROM spends s"
            " JOIN transactions t ON t.id = s.transaction_id"
            " WHERE s.outpoint IN (SELECT value FROM json_each(?)) GROUP BY s.outpoint",
            (msgspec.json.encode(outpoints).decode(),),
        ).fetchall()
    )
    sets = {}
    for t in fresh:
        sets[t.hash] = min((known[o] for o in t.spends if o in known), default=ids[t.hash])
        known |= dict.fromkeys(t.spends, sets[t.hash])
    return sets


def conflict_keys(db: Database, chain: str, hashes: Iterable[str]) -> dict[str, str]:
    """By hash, the key of the messages about a transaction and its replacements."""
    hashes = list(hashes)
    rows = db.conn.execute(
        "SELECT t.hash, s.hash FROM transactions t JOIN transactions s ON s.id = t.conflict_set"
        " WHERE t.chain = ? AND t.hash IN (SELECT value FROM json_each(?))",
        (chain, msgspec.json.encode(hashes).decode()),
    )
    names = dict(zip(hashes, hashes, strict=True)) | dict(rows.fetchall())
    return {hash_: f"{chain}:{name}" for hash_, name in names.items()}


def transfers_of(db: Database, transaction_id: int, side: str) -> tuple[Transfer, ...]:
    """The inputs ("in") or outputs ("out") of a stored transaction, in order."""
    rows = db.conn.execute(
        "SELECT address, amount FROM transfers WHERE transaction_id = ? AND side = ?"
        " ORDER BY position",
        (transaction_id, side),
    )
    return tuple(Transfer(address, int(amount)) for address, amount in rows)


def transaction_by_hash(db: Database, chain: str, hash_: str) -> Transaction | None:
    """A stored transaction, whole; None where it is unknown or no longer kept."""
    row = db.conn.execute(
        "SELECT id, chain, hash, seen_at, moved, fee, size, weight, category"
        " FROM transactions WHERE chain = ? AND hash = ?",
        (chain, hash_),
    ).fetchone()
    if row is None:
        return None
    id_, chain, hash_, seen_at, moved, fee, size, weight, category = row
    return Transaction(
        chain, hash_, seen_at, transfers_of(db, id_, "in"), transfers_of(db, id_, "out"),
        int(moved), None if fee is None else int(fee), size, weight, category,
    )  # fmt: skip


def moved_since(db: Database, chain: str, since: int, at_least: int) -> list[Transaction]:
    """Transactions first met at or after `since` that moved `at_least`, without transfers.

    The coinbase of a block is not among them.
    """
    rows = db.conn.execute(
        "SELECT chain, hash, seen_at, moved, fee, size, weight, category FROM transactions"
        " WHERE chain = ? AND seen_at >= ? AND moved_real >= ? AND category != ?"
        " ORDER BY seen_at, id",
        (chain, since, float(at_least), COINBASE),
    )
    return [
        Transaction(
            chain_, hash_, seen_at, (), (), int(moved), None if fee is None else int(fee),
            size, weight, category,
        )
        for chain_, hash_, seen_at, moved, fee, size, weight, category in rows
        if int(moved) >= at_least
    ]  # fmt: skip


def newest_transactions(db: Database, chain: str, most: int) -> list[Transaction]:
    """The transactions that came last, in the order in which they came, whole.

    What was stored later and is older, as a block of the past, came before. The coinbase of a
    block is not among them.
    """
    rows = db.conn.execute(
        "SELECT id, chain, hash, seen_at, moved, fee, size, weight, category FROM transactions"
        " WHERE chain = ? AND category != ? ORDER BY seen_at DESC, id DESC LIMIT ?",
        (chain, COINBASE, most),
    ).fetchall()
    transfers: dict[tuple[int, str], list[Transfer]] = {}
    for id_, side, address, amount in db.conn.execute(
        "SELECT transaction_id, side, address, amount FROM transfers"
        " WHERE transaction_id IN (SELECT value FROM json_each(?)) ORDER BY position",
        (msgspec.json.encode([row[0] for row in rows]).decode(),),
    ):
        transfers.setdefault((id_, side), []).append(Transfer(address, int(amount)))
    return [
        Transaction(
            chain_, hash_, seen_at, tuple(transfers.get((id_, "in"), ())),
            tuple(transfers.get((id_, "out"), ())), int(moved),
            None if fee is None else int(fee), size, weight, category,
        )
        for id_, chain_, hash_, seen_at, moved, fee, size, weight, category in reversed(rows)
    ]  # fmt: skip
