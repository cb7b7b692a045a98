"""The simulated chain: blocks on every branch, what waits for one, and how both change.

Pure: what happens is decided elsewhere, this only keeps it consistent. The branch with
the most blocks is the main one; of two equally long ones, the one that was there first.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from .ledger import Ledger
from .transaction import NOWHERE, Block, Input, Outpoint, Output, Transaction

HALVING_BLOCKS = 210_000
MATURITY_BLOCKS = 100
BITS = 0x17025105
"""The target in its short form: a difficulty of about 1.2e14, that of 2025."""


def subsidy(height: int) -> int:
    """The new satoshi of a block."""
    return 50 * 10**8 >> height // HALVING_BLOCKS


class Chain:
    """Every block and transaction there is, from a first block that has no parent here.

    `inherited` are the outputs that were there before the first block.
    """

    def __init__(self, first: Block) -> None:
        self.ledger = Ledger()
        self.inherited: dict[Outpoint, Output] = {}
        self.blocks: dict[str, Block] = {}
        self.at_height: defaultdict[int, list[str]] = defaultdict(list)
        self.children: defaultdict[str, list[str]] = defaultdict(list)
        self.main: list[Block] = []
        self.transactions: dict[str, Transaction] = {}
        self.block_of: dict[str, str] = {}
        self.mempool: dict[str, Transaction] = {}
        self.replaced: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self._store(first)
        self._connect(first)

    @property
    def tip(self) -> Block:
        """The last block of the main chain."""
        return self.main[-1]

    def block_at(self, height: int) -> Block | None:
        """The main chain's block of a height."""
        place = height - self.main[0].height
        return self.main[place] if 0 <= place < len(self.main) else None

    def is_main(self, block: Block) -> bool:
        """Whether the block is on the main chain."""
        return self.block_at(block.height) is block

    def inherit(self, outpoint: Outpoint, output: Output) -> None:
        """Add an output from before the first block."""
        self.inherited[outpoint] = output
        self.ledger.create(outpoint, output)
        self.number(outpoint.hash)

    def number(self, transaction_hash: str) -> int:
        """The explorer's own running number of a transaction, given when first met."""
        return self.numbers.setdefault(transaction_hash, 500_000_000 + len(self.numbers))

    def submit(self, transaction: Transaction) -> None:
        """Let a transaction wait for a block; ValueError where it spends what it cannot."""
        self.ledger.add(transaction)
        self.transactions[transaction.hash] = self.mempool[transaction.hash] = transaction
        self.number(transaction.hash)

    def replace(self, loser: str, transaction: Transaction) -> None:
        """Put a transaction in the place of a waiting one that spends the same outputs.

        The loser and whatever spends its outputs are gone. ValueError where it does not wait.
        """
        if loser not in self.mempool:
            raise ValueError(f"{loser} is not waiting, so nothing can replace it")
        self._evict(loser, transaction.hash)
        self.submit(transaction)

    def accept(self, block: Block) -> None:
        """Add a block to the branch of its parent and follow that one if it is now longest."""
        self._store(block)
        if block.parent == self.tip.hash:
            self._connect(block)
        elif block.height > self.tip.height:
            self._follow(block)

    def branch(self, block: Block) -> list[Block]:
        """The blocks that lead to this one and are not on the main chain, oldest first."""
        found: list[Block] = []
        while not self.is_main(block):
            found.append(block)
            block = self.blocks[block.parent]
        return found[::-1]

    def candidates(self, parent: Block, without: Iterable[str] = ()) -> dict[str, Transaction]:
        """What a block on top of `parent` may hold, parents before children.

        Leaves out some hashes, what the branch has taken or double spent, and whatever
        spends one of these.
        """
        branch = self.branch(parent)
        fork = self.blocks[branch[0].parent] if branch else parent
        beyond = self.main[fork.height - self.main[0].height + 1 :]
        undone = (item for block in beyond for item in block.transactions[1:])
        taken = {item.hash: item for block in branch for item in block.transactions}
        spent = {source.outpoint for item in taken.values() for source in item.inputs}
        out, found = set(without), {}
        for item in (*undone, *self.mempool.values()):
            sources = {source.outpoint for source in item.inputs}
            if item.hash in out or sources & spent or out & {source.hash for source in sources}:
                out.add(item.hash)
            else:
                found[item.hash] = item
        return {name: item for name, item in found.items() if name not in taken}

    def _store(self, block: Block) -> None:
        self.blocks[block.hash] = block
        self.at_height[block.height].append(block.hash)
        self.children[block.parent].append(block.hash)
        for transaction in block.transactions:
            self.number(transaction.hash)

    def _follow(self, block: Block) -> None:
        """Reorganise: undo the main chain down to the fork, then connect the new branch."""
        branch = self.branch(block)
        returned: list[Transaction] = []
        while self.tip.hash != branch[0].parent:
            returned = [*self._disconnect(), *returned]
        # What was undone came before what waits, and may be its parent.
        self.mempool = {item.hash: item for item in (*returned, *self.mempool.values())}
        for new in branch:
            self._connect(new)

    def _connect(self, block: Block) -> None:
        self.main.append(block)
        for transaction in block.transactions:
            if self.mempool.pop(transaction.hash, None) is None:
                self._admit(transaction)
            self.block_of[transaction.hash] = block.hash

    def _admit(self, transaction: Transaction) -> None:
        """Take in what is first met in a block: waiting double spends of it have lost."""
        for item in transaction.inputs:
            rival = self.ledger.spender.get(item.outpoint)
            if rival and rival.hash in self.mempool:
                self._evict(rival.hash, transaction.hash)
        self.ledger.add(transaction)
        self.transactions[transaction.hash] = transaction
        self.replaced.pop(transaction.hash, None)

    def _disconnect(self) -> Sequence[Transaction]:
        """Take the tip off; what it held is back among the waiting, without its coinbase."""
        block = self.main.pop()
        for transaction in block.transactions:
            del self.block_of[transaction.hash]
        coinbase, *rest = block.transactions
        self.ledger.remove(coinbase)
        del self.transactions[coinbase.hash]
        return rest

    def _evict(self, transaction_hash: str, winner: str) -> None:
        """Drop a waiting transaction after all that spend its outputs."""
        transaction = self.mempool[transaction_hash]
        while children := self.ledger.children(transaction):
            self._evict(children[0], winner)
        self.ledger.remove(transaction)
        del self.transactions[transaction_hash], self.mempool[transaction_hash]
        self.replaced[transaction_hash] = winner


def coinbase(
    height: int, script: bytes, *, tag: str, extra: bytes, value: int, time: int
) -> Transaction:
    """The transaction that pays a miner; `extra` makes it unlike every other."""
    mark = height.to_bytes(3, "little")
    unlock = (
        b"\x03" + mark + bytes((len(tag) + 2,)) + f"/{tag}/".encode() + bytes((len(extra),)) + extra
    )
    commitment = b"\x6a\x24\xaa\x21\xa9\xed" + (extra * 32)[:32]
    return Transaction(
        version=2,
        lock_time=0,
        inputs=(Input(Outpoint(NOWHERE, 0xFFFFFFFF), None, script=unlock, witness=(bytes(32),)),),
        outputs=(Output(value, script), Output(0, commitment)),
        time=time,
    )
