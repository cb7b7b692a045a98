"""The chain as it is: what is announced, what is mined, and which branch counts."""

import itertools

from tests.make import NOW, hash_of
from watchers.model import Block, Header, Transaction, Transfer

FIRST_HEIGHT = 100
BTC = 10**8


class Source:
    """A tree of blocks, the main one of its branches, and all transactions there ever were."""

    def __init__(self):
        self.transactions = []
        self.main = []
        self.left_behind = []
        self._numbers = itertools.count(1)
        self.main.append(self.block((), NOW - 600))

    def transaction(self, time, moved, sender, recipient, spends=()):
        """A new transaction; without `spends` it spends an output of its own."""
        name = hash_of("transaction", next(self._numbers))
        spends = spends or (f"{name}:0",)
        made = Transaction(
            "bitcoin", name, time, (Transfer(sender, moved + 100),), (Transfer(recipient, moved),),
            moved, 100 + moved % 7, 200, 800, "payment", tuple(spends),
        )  # fmt: skip
        self.transactions.append(made)
        return made

    def block(self, transactions, time, main=None):
        """A block on top of a branch, with a coinbase; it does not count yet."""
        main = self.main if main is None else main
        height = main[-1].header.height + 1 if main else FIRST_HEIGHT
        parent = main[-1].header.hash if main else "00" * 32
        name = hash_of("block", next(self._numbers))
        coinbase = Transaction(
            "bitcoin", hash_of("coinbase", name), time, (), (Transfer("miner", 50),), 50, 0, 100,
            400, "coinbase",
        )  # fmt: skip
        placed = [_at(transaction, time) for transaction in transactions]
        header = Header(height, name, parent, time)
        return Block("bitcoin", header, 1_000, 4_000, 1.0, 50, 0, (coinbase, *placed))

    def minable(self, chosen, main):
        """What of a choice can stand in the next block of a branch: each outpoint is spent once."""
        spent = {outpoint for block in main for t in block.transactions for outpoint in t.spends}
        found = []
        for transaction in chosen:
            if not spent.intersection(transaction.spends):
                spent.update(transaction.spends)
                found.append(transaction)
        return found

    def switch(self, main):
        """Another branch counts from now on; the blocks that it has above the fork."""
        ancestor = fork(self.main, main)
        self.left_behind.append(self.main)
        self.main = main
        return ancestor, [block for block in main if block.header.height > ancestor]


def fork(one, other):
    """The height of the last block that two branches share."""
    known = {block.header.hash for block in one}
    return max(block.header.height for block in other if block.header.hash in known)


def _at(t, time):
    """A transaction as it stands in a block: with the block's time."""
    return Transaction(
        t.chain, t.hash, time, t.inputs, t.outputs, t.moved, t.fee, t.size, t.weight, t.category,
        t.spends,
    )  # fmt: skip
