"""The chain as blockchain.com's REST API answers for it.

Source: its page on the blockchain data API, a captured `rawblock` of 2019, and answers
of 2021 to 2023 quoted in public code. A `tx_index` is a running number in the dialect of
2019; since then REST gives one of 16 digits that says nothing. A coinbase's `prev_out`
was null until 2021 and is an output of nothing since.
"""

from collections.abc import Iterable

from .address import address_of, script_of
from .blockchain import Chain
from .transaction import Block, Input, Outpoint, Output, Transaction, serialize_witness
from .wire import Dialect, Json

_RATES = {
    "USD": ("$", 1.0),
    "EUR": ("€", 0.86),
    "GBP": ("£", 0.75),
    "CHF": ("CHF", 0.8),
    "JPY": ("¥", 150.5),
    "CAD": ("$", 1.39),
    "AUD": ("$", 1.53),
    "BRL": ("R$", 5.42),
}


class Explorer:
    """Answers about one chain in one dialect; every method gives None for the unknown."""

    def __init__(self, chain: Chain, dialect: Dialect) -> None:
        self.chain = chain
        self._dialect = dialect

    def latest_block(self) -> Json:
        """The answer of `/latestblock`."""
        tip = self.chain.tip
        return {
            "hash": tip.hash,
            "time": tip.time,
            "block_index": tip.height,
            "height": tip.height,
            "txIndexes": [self._index(item.hash) for item in tip.transactions],
        }

    def blocks_at(self, height: int) -> Json:
        """The answer of `/block-height/N`: the blocks of every branch."""
        hashes = self.chain.at_height.get(height, [])
        return {"blocks": [self._block(self.chain.blocks[item]) for item in hashes]}

    def block(self, block_hash: str) -> Json | None:
        """The answer of `/rawblock/HASH`."""
        block = self.chain.blocks.get(block_hash)
        return self._block(block) if block else None

    def transaction(self, transaction_hash: str) -> Json | None:
        """The answer of `/rawtx/TXID`: of what waits or is on the main chain."""
        transaction = self.chain.transactions.get(transaction_hash)
        return self._transaction(transaction, self._home(transaction)) if transaction else None

    def address(self, address: str, limit: int, offset: int) -> Json | None:
        """The answer of `/rawaddr/ADDRESS`, newest transactions first."""
        try:
            script = script_of(address)
        except ValueError:
            return None
        hashes = list(self.chain.ledger.history.get(script, ()))
        known = [self.chain.transactions[item] for item in reversed(hashes)]
        sent = sum(_spent_from(script, item) for item in known)
        received = sum(_paid_to(script, item.outputs) for item in known)
        received += _paid_to(script, self.chain.inherited.values())
        return {
            "hash160": (script[3:23] if script[0] == 0x76 else script[2:]).hex(),
            "address": address,
            "n_tx": len(known),
            "n_unredeemed": len(self.chain.ledger.coins.get(script, ())),
            "total_received": received,
            "total_sent": sent,
            "final_balance": received - sent,
            "txs": self._statement(script, known, received - sent, limit, offset),
        }

    def _statement(
        self, script: bytes, known: list[Transaction], balance: int, limit: int, offset: int
    ) -> list[Json]:
        """A page of transactions, each with what it changed and the balance after it."""
        lines = []
        for item in known:
            result = _paid_to(script, item.outputs) - _spent_from(script, item)
            lines.append((item, {"result": result, "balance": balance}))
            balance -= result
        page = lines[offset : offset + limit]
        return [self._transaction(item, self._home(item)) | line for item, line in page]

    def _home(self, transaction: Transaction) -> Block | None:
        """The main chain's block that holds a transaction, None while it waits."""
        block_hash = self.chain.block_of.get(transaction.hash)
        return self.chain.blocks[block_hash] if block_hash else None

    def _block(self, block: Block) -> Json:
        return {
            "hash": block.hash,
            "ver": block.version,
            "prev_block": block.parent,
            "mrkl_root": block.merkle_root,
            "time": block.time,
            "bits": block.bits,
            "next_block": self.chain.children.get(block.hash, []),
            "fee": block.fees,
            "nonce": block.nonce,
            "n_tx": len(block.transactions),
            "size": block.size,
            "block_index": block.height,
            "main_chain": self.chain.is_main(block),
            "height": block.height,
            "weight": block.weight,
            "tx": [self._transaction(item, block) for item in block.transactions],
        }

    def _transaction(self, transaction: Transaction, home: Block | None) -> Json:
        return {
            "hash": transaction.hash,
            "ver": transaction.version,
            "vin_sz": len(transaction.inputs),
            "vout_sz": len(transaction.outputs),
            "size": transaction.size,
            "weight": transaction.weight,
            "fee": transaction.fee,
            "relayed_by": "0.0.0.0",  # noqa: S104  (a word on the wire, no socket is bound)
            "lock_time": transaction.lock_time,
            "tx_index": self._index(transaction.hash),
            "double_spend": False,
            "time": transaction.time,
            "block_index": home.height if home else None,
            "block_height": home.height if home else None,
            "inputs": [
                self._input(transaction, n, item) for n, item in enumerate(transaction.inputs)
            ],
            "out": [
                self._output(Outpoint(transaction.hash, n), output)
                for n, output in enumerate(transaction.outputs)
            ],
        }

    def _input(self, transaction: Transaction, index: int, item: Input) -> Json:
        return {
            "sequence": item.sequence,
            "witness": serialize_witness(item.witness).hex() if item.witness else "",
            "script": item.script.hex(),
            "index": index,
            "prev_out": self._spent(transaction, index, item),
        }

    def _spent(self, transaction: Transaction, index: int, item: Input) -> Json | None:
        if item.spent is None and self._dialect != "2022":
            return None
        return self._output(item.outpoint, item.spent or Output(0, b"")) | {
            "spent": True,
            "spending_outpoints": [{"tx_index": self._index(transaction.hash), "n": index}],
        }

    def _output(self, outpoint: Outpoint, output: Output) -> Json:
        spender = self.chain.ledger.spender.get(outpoint)
        spending = [{"tx_index": self._index(spender.hash), "n": spender.n}] if spender else []
        address = address_of(output.script)
        return {
            "type": 0,
            "spent": spender is not None,
            "value": output.value,
            "spending_outpoints": spending,
            "n": outpoint.n,
            "tx_index": self._index(outpoint.hash),
            "script": output.script.hex(),
        } | ({"addr": address} if address else {})

    def _index(self, transaction_hash: str) -> int:
        if self._dialect == "2022":
            return int(transaction_hash[:13], 16)
        return self.chain.number(transaction_hash)


def ticker(price: float) -> Json:
    """The answer of `/ticker` at a price in US dollars."""
    answer = {}
    for currency, (symbol, rate) in _RATES.items():
        last = round(price * rate, 2)
        answer[currency] = {"15m": last, "last": last, "buy": last, "sell": last, "symbol": symbol}
    return answer


def _paid_to(script: bytes, outputs: Iterable[Output]) -> int:
    return sum(output.value for output in outputs if output.script == script)


def _spent_from(script: bytes, transaction: Transaction) -> int:
    return _paid_to(script, (item.spent for item in transaction.inputs if item.spent))
