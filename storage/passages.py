"""What is stored of one address: what came, what went, and when."""

from collections.abc import Sequence

from msgspec import Struct
from sqlite_utils import Database

from storage.states import state_of

_NEVER = 2**62
"""After every moment that is stored, in Unix seconds."""


class Passage(Struct, frozen=True):
    """What a transaction meant to an address: `net` in base units, below zero where it paid."""

    hash: str
    seen_at: int
    net: int
    confirmed: bool


class AddressRecord(Struct, frozen=True):
    """The transactions of an address that count, in base units, change apart.

    What another transaction has replaced does not count. `received` and `sent` are the
    sums of what it gained and lost in them; `newest` begins with the newest.
    """

    transactions: int
    unconfirmed: int
    received: int
    sent: int
    first_seen: int | None
    last_seen: int | None
    newest: tuple[Passage, ...]


def address_record(
    db: Database, chain: str, address: str, now: int, newest: int = 3
) -> AddressRecord:
    """What is stored of an address."""
    passages = passages_of(db, chain, address, now)
    return AddressRecord(
        transactions=len(passages),
        unconfirmed=sum(not passage.confirmed for passage in passages),
        received=sum(passage.net for passage in passages if passage.net > 0),
        sent=-sum(passage.net for passage in passages if passage.net < 0),
        first_seen=passages[-1].seen_at if passages else None,
        last_seen=passages[0].seen_at if passages else None,
        newest=tuple(passages[:newest]),
    )


def passages_of(
    db: Database, chain: str, address: str, now: int, since: int = 0, until: int | None = None
) -> Sequence[Passage]:
    """Every transaction of an address seen in [since, until) that counts, the newest first."""
    rows = db.conn.execute(
        "SELECT t.hash, t.seen_at, f.side, f.amount, EXISTS ("
        "  SELECT 1 FROM block_transactions l JOIN blocks b ON b.id = l.block_id"
        "  WHERE l.transaction_id = t.id AND b.canonical = 1)"
        " FROM transfers f CROSS JOIN transactions t ON t.id = f.transaction_id"
        " WHERE f.address = ? AND t.chain = ? AND t.seen_at >= ? AND t.seen_at < ?"
        " ORDER BY t.seen_at DESC, t.id DESC",
        (address, chain, since, _NEVER if until is None else until),
    ).fetchall()
    found: dict[str, Passage] = {}
    for hash_, seen_at, side, amount, confirmed in rows:
        net = int(amount) if side == "out" else -int(amount)
        before = found[hash_].net if hash_ in found else 0
        found[hash_] = Passage(hash_, seen_at, before + net, bool(confirmed))
    return [
        passage
        for passage in found.values()
        if passage.confirmed or not state_of(db, chain, passage.hash, now).replaced_by
    ]
