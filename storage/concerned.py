"""Which messages something new concerns."""

from collections.abc import Iterable

import msgspec
from sqlite_utils import Database


def messages_about(db: Database, chain: str, hashes: Iterable[str]) -> list[int]:
    """The messages that tell of one of these transactions or of a rival of one."""
    return _messages(
        db,
        "SELECT id FROM transactions WHERE chain = ? AND hash IN (SELECT value FROM json_each(?))",
        (chain, msgspec.json.encode(list(hashes)).decode()),
    )


def messages_about_block(db: Database, chain: str, block_hash: str) -> list[int]:
    """As `messages_about`, of all transactions in a block."""
    return _messages(
        db,
        "SELECT l.transaction_id AS id FROM blocks b JOIN block_transactions l"
        " ON l.block_id = b.id WHERE b.chain = ? AND b.hash = ?",
        (chain, block_hash),
    )


def _messages(db: Database, transactions: str, values: tuple[str, str]) -> list[int]:
    rows = db.conn.execute(
        f"WITH touched AS ({transactions}), concerned AS (SELECT id FROM touched UNION"
        " SELECT s.transaction_id FROM touched x JOIN spends own ON own.transaction_id = x.id"
        " JOIN spends s ON s.outpoint = own.outpoint)"
        " SELECT DISTINCT m.message_id FROM concerned c JOIN transactions r ON r.id = c.id"
        " JOIN alerts a ON a.chain = r.chain AND a.transaction_hash = r.hash"
        " JOIN message_alerts m ON m.alert_id = a.id",
        values,
    )
    return [id_ for (id_,) in rows]


def messages_without_end(db: Database, before: int) -> list[int]:
    """The messages from before a time that still show an unconfirmed transaction."""
    rows = db.conn.execute(
        "SELECT id FROM messages WHERE created_at < ? AND instr(shown, ':pending')", (before,)
    )
    return [id_ for (id_,) in rows]
