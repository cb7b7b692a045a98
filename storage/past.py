"""What is stored of a past period, for rules to be judged by it again."""

from bisect import bisect_right
from collections.abc import Collection, Sequence

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from storage.ledger import PRICE_MAX_AGE_SECONDS, prices_between
from storage.transactions import COINBASE
from watchers.model import Header, Transaction, Transfer

READ_AT_MOST = 20_000
"""Beyond it the largest (or, at an address, the newest) count: nobody wants so many alerts."""
_COLUMNS = "t.chain, t.hash, t.seen_at, t.moved, t.fee, t.size, t.weight, t.category"


class Met(Struct, frozen=True):
    """A transaction as it was first met, and the conflict set it belongs to."""

    transaction: Transaction
    conflict_set: int


class Ticker(Struct, frozen=True):
    """Prices by time: `micro[i]` is valid from `times[i]`, while it is fresh enough."""

    times: Sequence[int] = ()
    micro: Sequence[int] = ()

    def at(self, time: int) -> int | None:
        """The price that was valid at a time, None where there was none."""
        index = bisect_right(self.times, time) - 1
        if index < 0 or self.times[index] < time - PRICE_MAX_AGE_SECONDS:
            return None
        return self.micro[index]


def ticker_between(db: Database, asset: str, currency: str, since: int, until: int) -> Ticker:
    """The prices that were valid at any time of [since, until)."""
    prices = prices_between(db, asset, currency, since - PRICE_MAX_AGE_SECONDS, until)
    return Ticker([time for time, _ in prices], [micro for _, micro in prices])


def large_between(
    db: Database, chain: str, at_least: int, since: int, until: int
) -> dict[str, Met]:
    """By hash what was met in [since, until) and moved so much, without transfers.

    It is rare, so it is found by amount and not by time.
    """
    rows = db.conn.execute(
        f"SELECT {_COLUMNS}, t.conflict_set FROM transactions t"
        " WHERE t.chain = ? AND t.moved_real >= ? AND +t.seen_at >= ? AND +t.seen_at < ?"
        " AND t.category != ? ORDER BY t.moved_real DESC LIMIT ?",
        (chain, float(at_least), since, until, COINBASE, READ_AT_MOST),
    )
    return {row[1]: _met(*row) for row in rows if int(row[3]) >= at_least}


def touching_between(
    db: Database, chain: str, addresses: Collection[str], since: int, until: int
) -> dict[str, Met]:
    """By hash what was met in [since, until) and has one of the addresses: with those
    inputs and outputs alone.
    """
    found: dict[str, Met] = {}
    rows = db.conn.execute(
        f"SELECT {_COLUMNS}, t.conflict_set, f.side, f.address, f.amount FROM json_each(?) a"
        " CROSS JOIN transfers f ON f.address = a.value"
        " JOIN transactions t ON t.id = f.transaction_id"
        " WHERE t.chain = ? AND t.seen_at >= ? AND t.seen_at < ?"
        " ORDER BY t.id DESC LIMIT ?",
        (msgspec.json.encode(list(addresses)).decode(), chain, since, until, READ_AT_MOST),
    )
    for *row, side, address, amount in rows:
        met = found.setdefault(row[1], _met(*row))
        found[row[1]] = _with(met, side, Transfer(address, int(amount)))
    return found


def _with(met: Met, side: str, transfer: Transfer) -> Met:
    known = met.transaction
    if side == "in":
        more = msgspec.structs.replace(known, inputs=(*known.inputs, transfer))
    else:
        more = msgspec.structs.replace(known, outputs=(*known.outputs, transfer))
    return Met(more, met.conflict_set)


def _met(
    chain: str,
    hash_: str,
    seen_at: int,
    moved: str,
    fee: str | None,
    size: int,
    weight: int | None,
    category: str,
    conflict_set: int,
) -> Met:
    paid = None if fee is None else int(fee)
    return Met(
        Transaction(chain, hash_, seen_at, (), (), int(moved), paid, size, weight, category),
        conflict_set,
    )


def tip_at(db: Database, chain: str, time: int) -> Header | None:
    """The newest block of the main chain that was met before a time."""
    row = db.conn.execute(
        "SELECT height, hash, parent, time FROM blocks"
        " WHERE chain = ? AND canonical AND coalesce(met_at, time) < ?"
        " ORDER BY height DESC LIMIT 1",
        (chain, time),
    ).fetchone()
    return Header(*row) if row else None
