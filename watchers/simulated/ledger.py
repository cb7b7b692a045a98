"""Who can spend what: the outputs that nothing spends yet, waiting transactions included."""

from collections import defaultdict

from .transaction import Outpoint, Output, Transaction


class Ledger:
    """Unspent outputs, who spent the others, and every transaction that touches a script."""

    def __init__(self) -> None:
        self.unspent: dict[Outpoint, Output] = {}
        self.coins: defaultdict[bytes, dict[Outpoint, Output]] = defaultdict(dict)
        self.spender: dict[Outpoint, Outpoint] = {}
        self.history: defaultdict[bytes, dict[str, None]] = defaultdict(dict)

    def create(self, outpoint: Outpoint, output: Output) -> None:
        """Make an output spendable."""
        self.unspent[outpoint] = output
        self.coins[output.script][outpoint] = output

    def add(self, transaction: Transaction) -> None:
        """Spend its inputs and create its outputs; ValueError where an input is not there."""
        missing = [
            item.outpoint for item in transaction.inputs if not self.spendable(item.outpoint)
        ]
        if missing and not transaction.is_coinbase:
            raise ValueError(f"{transaction.hash} spends what is spent or unknown: {missing[0]}")
        for n, item in enumerate(transaction.inputs):
            if item.spent:
                self._forget(item.outpoint, item.spent)
                self.spender[item.outpoint] = Outpoint(transaction.hash, n)
        for n, output in enumerate(transaction.outputs):
            self.create(Outpoint(transaction.hash, n), output)
        for script in scripts(transaction):
            self.history[script][transaction.hash] = None

    def remove(self, transaction: Transaction) -> None:
        """Undo `add`; nothing may spend its outputs any more."""
        for n, output in enumerate(transaction.outputs):
            self._forget(Outpoint(transaction.hash, n), output)
        for item in transaction.inputs:
            if item.spent:
                del self.spender[item.outpoint]
                self.create(item.outpoint, item.spent)
        for script in scripts(transaction):
            del self.history[script][transaction.hash]

    def spendable(self, outpoint: Outpoint) -> bool:
        """Whether the output exists and nothing spends it."""
        return outpoint in self.unspent

    def children(self, transaction: Transaction) -> list[str]:
        """The hashes of those that spend its outputs."""
        outpoints = (Outpoint(transaction.hash, n) for n in range(len(transaction.outputs)))
        return [self.spender[outpoint].hash for outpoint in outpoints if outpoint in self.spender]

    def _forget(self, outpoint: Outpoint, output: Output) -> None:
        del self.unspent[outpoint]
        del self.coins[output.script][outpoint]


def scripts(transaction: Transaction) -> set[bytes]:
    """The output scripts that it spends from or pays to."""
    spent = {item.spent.script for item in transaction.inputs if item.spent}
    return spent | {output.script for output in transaction.outputs}
