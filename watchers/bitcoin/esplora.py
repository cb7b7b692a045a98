"""Transactions and blocks in Esplora's form, as its REST interface gives them and people keep them.

Source: https://github.com/Blockstream/esplora/blob/master/API.md (transaction and block formats).
Only the fields that are used are read; all others may be missing.
"""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct, field
from msgspec.json import Decoder
from msgspec.structs import replace

from watchers.bitcoin.transaction import CHAIN, build_transaction
from watchers.model import Block, Header, Transaction, Transfer

_OP_RETURN = "6a"
_MAX_MONEY = 21_000_000 * 10**8

Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Amount = Annotated[int, Meta(ge=0, le=_MAX_MONEY)]
Count = Annotated[int, Meta(ge=0, le=2**32)]
Seconds = Annotated[int, Meta(ge=0, le=2**40)]


class Output(Struct, gc=False):
    """An output; `scriptpubkey_address` is missing where the script has none."""

    value: Amount
    scriptpubkey: str = ""
    scriptpubkey_address: str | None = None


class Input(Struct, gc=False):
    """An input with the output that it spends; null for new coins."""

    prevout: Output | None = None
    is_coinbase: bool = False
    txid: str = ""
    vout: int = 0


class Status(Struct, gc=False):
    """Whether a transaction is in a block, and when that was mined."""

    block_time: Seconds | None = None


class Tx(Struct, gc=False):
    """A transaction; `txid`, `size` and `weight` stand beside it in some collections."""

    vin: list[Input]
    vout: list[Output]
    txid: str = ""
    size: Count = 0
    weight: Count | None = None
    status: Status | None = None


class RawBlock(Struct):
    """A block with its transactions."""

    id: Hash
    height: Count
    timestamp: Seconds
    txs: list[Tx]
    previousblockhash: str = ""
    size: Count = 0
    weight: Count | None = None
    difficulty: float | None = None


class Line(Struct):
    """A transaction of a collection, with what was computed from its raw form."""

    tx: Tx
    txid: Hash = field(name="_txid")
    size: Count = field(name="_size", default=0)
    weight: Count | None = field(name="_weight", default=None)


_LINE = Decoder(Line)
_TX = Decoder(Tx)
_BLOCK = Decoder(RawBlock)
_HASH = Decoder(Hash)


def parse_line(data: bytes, time: int) -> tuple[Transaction, ...]:
    """A transaction of a collection, met at a time unless it says when. Raises `MsgspecError`."""
    line = _LINE.decode(data)
    tx = replace(line.tx, txid=line.txid, size=line.size, weight=line.weight)
    return (parse_esplora(tx, _mined_at(tx) or time),)


def parse_tx(data: bytes, time: int) -> tuple[Transaction, ...]:
    """The answer of `/tx/:txid`, as `parse_line`."""
    tx = _TX.decode(data)
    _HASH.decode(f'"{tx.txid}"')
    return (parse_esplora(tx, _mined_at(tx) or time),)


def parse_block(data: bytes, _time: int) -> tuple[Block, ...]:
    """A block with its transactions. Raises `MsgspecError`."""
    return (parse_esplora_block(_BLOCK.decode(data)),)


def _mined_at(tx: Tx) -> int | None:
    return tx.status.block_time if tx.status else None


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
