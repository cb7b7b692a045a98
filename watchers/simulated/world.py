"""What can be done to the simulated chain, one deed at a time.

Pure: chance comes from the seed, times (Unix seconds) from the caller. Every method
returns what a node would announce.
"""

from collections.abc import Sequence
from math import exp
from random import Random

from .address import script_of, witness
from .blockchain import BITS, Chain, coinbase, subsidy
from .economy import Moment, anything, whale, worth
from .mempool import FLOOR_RATE, choose, next_block_rate
from .people import POOLS, settle
from .transaction import Block, Output, Transaction
from .wallets import DUST, coins_of, compose, resign

BLOCK_WEIGHT = 60_000
"""Weight units that a block may hold."""

FIRST_HEIGHT = 920_000
_POOL_SHARES = (32, 26, 20, 14, 8)
_COINBASE_WEIGHT = 1_200
_LEFT_OUT = 0.2  # of the transactions that a reorg undoes

Chosen = Sequence[Transaction]


class World:
    """A chain, everybody on it, and what a bitcoin costs in US dollars."""

    def __init__(self, seed: int, time: int) -> None:
        self.rng = Random(seed)
        parent = f"{'0' * 19}{self.rng.randbytes(32).hex()[19:]}"
        nobody = witness(0, bytes(20))
        first = self._block(FIRST_HEIGHT, parent, time, miner=POOLS[0], script=nobody, chosen=())
        self.chain = Chain(first)
        self.people = settle(self.rng, self.chain)
        self.price = 64_000.0 * exp(self.rng.gauss(0, 0.1))
        self.asked = FLOOR_RATE
        self._rival: Block | None = None
        self._left_out: set[str] = set()

    def transact(self, time: int) -> Transaction:
        """Somebody does something."""
        return self._submit(anything(self._moment(time)))

    def whale(self, time: int) -> Transaction:
        """Several hundred to a few thousand bitcoin move; ValueError where nobody has them."""
        transaction = whale(self._moment(time))
        if transaction is None:
            raise ValueError("no whale holds enough")
        return self._submit(transaction)

    def pay(self, recipient: str, amount: int, sender: str | None, time: int) -> Transaction:
        """Pay an address so many satoshi, from another one or from whoever is rich.

        ValueError where an address is none or the sender cannot afford it. A named sender
        gets the change back on the same address.
        """
        now = self._moment(time)
        paid = [Output(amount, script_of(recipient))]
        if sender is None:
            rich = max(self.people.whales, key=lambda one: worth(now.spendable(one)))
            coins, change = now.spendable(rich), rich.receive(self.rng)
        else:
            change = script_of(sender)
            coins = now.mature(coins_of(self.chain.ledger, change))
        transaction = compose(self.rng, coins, now.order(paid, change))
        if transaction is None:
            raise ValueError(f"{sender or 'nobody'} cannot pay {amount} satoshi and the fee")
        return self._submit(transaction)

    def replace(self, loser: str, time: int) -> Transaction:
        """Put a better paying transaction in the place of a waiting one, out of its change.

        ValueError where it does not wait, or where its largest output cannot bear the fee.
        """
        old = self.chain.mempool.get(loser)
        if old is None:
            raise ValueError(f"{loser} is not waiting, so nothing can replace it")
        values = [output.value for output in old.outputs]
        place = values.index(max(values)) if old.change is None else old.change
        rest = values[place] - max(old.fee, old.weight // 2)
        if rest < DUST:
            raise ValueError(f"{loser} has no output that could pay a higher fee")
        outputs = list(old.outputs)
        outputs[place] = outputs[place]._replace(value=rest)
        transaction = resign(self.rng, old, outputs, time)
        self.chain.replace(loser, transaction)
        return transaction

    def replaceable(self) -> str | None:
        """Some cheap waiting transaction with change to spare, whose outputs nothing spends."""
        waiting = list(self.chain.mempool.values())
        for item in self.rng.sample(waiting, min(len(waiting), 8)):
            spare = 0 if item.change is None else item.outputs[item.change].value
            cheap = item.rate < 3 * self.asked and spare > 4 * item.fee + item.weight
            if cheap and not self.chain.ledger.children(item):
                return item.hash
        return None

    def mine(self, time: int) -> Block:
        """The next block, on the main chain or, while one is being built, on its rival."""
        parent = self._rival or self.chain.tip
        (miner,) = self.rng.choices(POOLS, _POOL_SHARES)
        script = self.people.pools[miner].receive(self.rng)
        left_out = self._left_out if self._rival else ()
        candidates = self.chain.candidates(parent, left_out)
        chosen = choose(candidates, BLOCK_WEIGHT - _COINBASE_WEIGHT)
        time = max(time, parent.time)
        block = self._block(
            parent.height + 1, parent.hash, time, miner=miner, script=script, chosen=chosen
        )
        self.chain.accept(block)
        if self._rival:
            self._rival = None if block is self.chain.tip else block
        self._ask()
        self.price *= exp(self.rng.gauss(0, 0.002))
        return block

    def fork(self, depth: int) -> None:
        """From now on miners build a rival of the last blocks, until it is the longer one.

        Of what was in those blocks it leaves some out, which wait again afterwards.
        ValueError where the chain is not that long.
        """
        if not 0 < depth < len(self.chain.main):
            raise ValueError(f"a reorg of {depth} blocks needs a longer chain")
        undone = [
            item.hash for block in self.chain.main[-depth:] for item in block.transactions[1:]
        ]
        count = min(len(undone), 1 + int(_LEFT_OUT * len(undone)))
        self._left_out = set(self.rng.sample(undone, count))
        self._rival = self.chain.main[-1 - depth]

    def reorg(self, depth: int, time: int) -> list[Block]:
        """A rival branch of one block more than it undoes, oldest first."""
        self.fork(depth)
        blocks = []
        while self._rival:
            blocks.append(self.mine(time))
        return blocks

    @property
    def torn(self) -> bool:
        """Whether a rival branch is being built."""
        return self._rival is not None

    def _moment(self, time: int) -> Moment:
        return Moment(self.rng, self.chain, self.people, time, self.asked)

    def _submit(self, transaction: Transaction) -> Transaction:
        self.chain.submit(transaction)
        if len(self.chain.mempool) % 5 == 0:
            self._ask()
        return transaction

    def _ask(self) -> None:
        """What everybody's fee estimate says; made now and then, as it takes some looking."""
        self.asked = next_block_rate(self.chain.mempool.values(), BLOCK_WEIGHT)

    def _block(
        self, height: int, parent: str, time: int, *, miner: str, script: bytes, chosen: Chosen
    ) -> Block:
        value = subsidy(height) + sum(transaction.fee for transaction in chosen)
        extra = self.rng.randbytes(8)
        first = coinbase(height, script, tag=miner, extra=extra, value=value, time=time)
        nonce = self.rng.getrandbits(32)
        return Block(height, parent, time, BITS, nonce, miner, (first, *chosen))
