"""Transactions and blocks in Esplora's form, as its REST interface gives them and people keep them.

Source: https://github.com/Blockstream/esplora/blob/master/API.md (transaction and block formats).
Only the fields that are used are read; all others may be missing.
"""

from collections.abc import Iterable

from msgspec import Struct, field

from watchers.bitcoin.transaction import CHAIN, build_transaction
from watchers.model import Block, Header, Transaction, Transfer

_OP_RETURN = "6a"


class Output(Struct, gc=False):
    """An output; `scriptpubkey_address` is missing where the script has none."""

    value: int
    scriptpubkey: str = ""
    scriptpubkey_address: str | None = None


class Input(Struct, gc=False):
    """An input with the output that it spends; null for new coins."""

    prevout: Output | None = None
    is_coinbase: bool = False
    txid: str = ""
    vout: int = 0


class Tx(Struct, gc=False):
    """A transaction; `size` and `weight` stand beside it in some collections."""

    vin: list[Input]
    vout: list[Output]
    txid: str = ""
    size: int = 0
    weight: int | None = None


class RawBlock(Struct):
    """A block with its transactions."""

    id: str
    height: int
    timestamp: int
    txs: list[Tx]
    previousblockhash: str = ""
    size: int = 0
    weight: int | None = None
    difficulty: float | None = None


class Line(Struct):
    """A transaction of a collection, with what was computed from its raw form."""

    tx: Tx
    txid: str = field(name="_txid")
    size: int = field(name="_size")
    weight: int | None = field(name="_weight", default=None)


def parse_esplora(tx: Tx, time: int) -> Transaction:
    """A transaction that was first met at a time."""
    spent = [coin.prevout for coin in tx.vin]
    coinbase = any(coin.is_coinbase for coin in tx.vin)
    return build_transaction(
        tx.txid, time, _transfers(output for output in spent if output is not None),
        _transfers(tx.vout), size=tx.size, weight=tx.weight,
        spends=tuple(f"{coin.txid}:{coin.vout}" for coin in tx.vin if coin.txid and not coinbase),
        data=[out.value for out in tx.vout if out.scriptpubkey.startswith(_OP_RETURN)],
        coinbase=coinbase, inputs_known=None not in spent,
    )  # fmt: skip


def parse_esplora_block(raw: RawBlock) -> Block:
    """A block of the main chain, as history."""
    transactions = tuple(parse_esplora(tx, raw.timestamp) for tx in raw.txs)
    reward = sum(out.amount for t in transactions if t.category == "coinbase" for out in t.outputs)
    fees = sum(t.fee or 0 for t in transactions)
    header = Header(raw.height, raw.id, raw.previousblockhash, raw.timestamp)
    return Block(CHAIN, header, raw.size, raw.weight, raw.difficulty, reward, fees, transactions)


def _transfers(outputs: Iterable[Output]) -> tuple[Transfer, ...]:
    return tuple(Transfer(out.scriptpubkey_address, out.value) for out in outputs)
