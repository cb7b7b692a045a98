"""Small made-up values for tests."""

from hashlib import sha256
from itertools import count

from detectors.model import Kind, Ring, Subscription
from watchers.model import Block, Header, Transaction, Transfer

NOW = 1_700_000_000
_numbers = count(1)


def hash_of(*parts):
    return sha256(repr(parts).encode()).hexdigest()


def transaction(
    moved=1_000,
    *,
    name=None,
    time=NOW,
    sender="ada",
    recipient="bob",
    fee=100,
    size=200,
    category="payment",
    spends=(),
):
    """One input, one output: `sender` pays `moved` to `recipient`."""
    return Transaction(
        chain="bitcoin",
        hash=hash_of(name if name is not None else next(_numbers)),
        time=time,
        inputs=(Transfer(sender, moved + fee),),
        outputs=(Transfer(recipient, moved),),
        moved=moved,
        fee=fee,
        size=size,
        weight=size * 4,
        category=category,
        spends=tuple(spends),
    )


def coinbase(height, *, time=NOW):
    return Transaction(
        "bitcoin", hash_of("coinbase", height, time), time, (), (Transfer("miner", 50),),
        50, 0, 100, 400, "coinbase",
    )  # fmt: skip


def block(height, transactions=(), *, branch="main", parent="main", time=None, **more):
    """A block whose hash tells its height and branch."""
    when = NOW + height * 600 if time is None else time
    placed = tuple(
        Transaction(
            t.chain, t.hash, when, t.inputs, t.outputs, t.moved, t.fee, t.size, t.weight,
            t.category, t.spends,
        )
        for t in transactions
    )  # fmt: skip
    header = Header(height, hash_of(height, branch), hash_of(height - 1, parent), when)
    return Block("bitcoin", header, 1_000, 4_000, 1.0, 50, 0, placed, **more)


def asked(*chats, ring=Ring.LOUD):
    """By chat, what an alert answers to, where nobody cares what that is."""
    return {
        c: Subscription(c, c, Kind.WHALES, "bitcoin", "", "", "BTC", 1, ring=ring) for c in chats
    }
