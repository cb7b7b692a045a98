"""Transactions and blocks of the simulated chain, in Bitcoin's own serialisation.

Sizes, weights and hashes are those of the serialised bytes (BIP-141, BIP-144);
only the signatures and a block's proof of work are made of chance.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .address import sha256d

NOWHERE = "00" * 32
"""The hash that a coinbase names as the transaction it spends."""


class Outpoint(NamedTuple):
    """Names one output: the hash of its transaction and its place in it."""

    hash: str
    n: int


class Output(NamedTuple):
    """An amount in satoshi and the script that locks it."""

    value: int
    script: bytes


class Input(NamedTuple):
    """What is spent and what unlocks it; `spent` is None in a coinbase."""

    outpoint: Outpoint
    spent: Output | None
    sequence: int = 0xFFFFFFFF
    script: bytes = b""
    witness: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Transaction:
    """A signed transaction; `time` is when it was first seen, in Unix seconds.

    `change` is the place of the output that returns to the sender, which the wire
    does not tell. Sizes in bytes, `weight` in weight units, `fee` in satoshi (0 in a
    coinbase), `rate` in satoshi per virtual byte.
    """

    version: int
    lock_time: int
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    time: int
    change: int | None = None
    hash: str = field(init=False)
    base_size: int = field(init=False)
    size: int = field(init=False)
    weight: int = field(init=False)
    fee: int = field(init=False)
    rate: float = field(init=False)

    def __post_init__(self) -> None:
        base = serialize(self)
        witness = sum(len(serialize_witness(item.witness)) for item in self.inputs)
        segwit = any(item.witness for item in self.inputs)
        object.__setattr__(self, "hash", sha256d(base)[::-1].hex())
        object.__setattr__(self, "base_size", len(base))
        size = len(base) + (2 + witness if segwit else 0)
        spent = sum(item.spent.value for item in self.inputs if item.spent)
        fee = 0 if self.is_coinbase else spent - self.sent
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "weight", 3 * len(base) + size)
        object.__setattr__(self, "fee", fee)
        object.__setattr__(self, "rate", 4 * fee / self.weight)

    @property
    def is_coinbase(self) -> bool:
        """Whether it creates the coins of a block instead of spending some."""
        return self.inputs[0].spent is None

    @property
    def sent(self) -> int:
        """Satoshi in all outputs."""
        return sum(output.value for output in self.outputs)


@dataclass(frozen=True, slots=True)
class Block:
    """A block; its coinbase is the first of its transactions."""

    height: int
    parent: str
    time: int
    bits: int
    nonce: int
    miner: str
    transactions: tuple[Transaction, ...]
    version: int = 0x20000000
    merkle_root: str = field(init=False)
    hash: str = field(init=False)

    def __post_init__(self) -> None:
        root = merkle_root([transaction.hash for transaction in self.transactions])
        header = struct.pack("<I", self.version) + _reversed(self.parent) + _reversed(root)
        digest = sha256d(header + struct.pack("<III", self.time, self.bits, self.nonce))
        object.__setattr__(self, "merkle_root", root)
        # Nobody mined this: the zeros that real work would have found are written in.
        object.__setattr__(self, "hash", "0" * 19 + digest[::-1].hex()[19:])

    @property
    def fees(self) -> int:
        """Satoshi that its transactions leave to the miner."""
        return sum(transaction.fee for transaction in self.transactions)

    @property
    def reward(self) -> int:
        """Satoshi that the coinbase pays out."""
        return self.transactions[0].sent

    @property
    def size(self) -> int:
        """Bytes, with the 80 of the header and the count of transactions."""
        count = len(varint(len(self.transactions)))
        return 80 + count + sum(transaction.size for transaction in self.transactions)

    @property
    def weight(self) -> int:
        """Weight units."""
        header = 4 * (80 + len(varint(len(self.transactions))))
        return header + sum(transaction.weight for transaction in self.transactions)


def varint(number: int) -> bytes:
    """Bitcoin's compact size of a length below 65,536."""
    return bytes((number,)) if number < 0xFD else b"\xfd" + struct.pack("<H", number)


def serialize(transaction: Transaction) -> bytes:
    """The bytes that the hash is taken of: those without witness."""
    parts = [struct.pack("<i", transaction.version), varint(len(transaction.inputs))]
    for item in transaction.inputs:
        parts += [_reversed(item.outpoint.hash), struct.pack("<I", item.outpoint.n)]
        parts += [varint(len(item.script)), item.script, struct.pack("<I", item.sequence)]
    parts.append(varint(len(transaction.outputs)))
    for value, script in transaction.outputs:
        parts += [struct.pack("<q", value), varint(len(script)), script]
    return b"".join((*parts, struct.pack("<I", transaction.lock_time)))


def serialize_witness(stack: Sequence[bytes]) -> bytes:
    """An input's witness stack; a lone zero where it has none."""
    items = (varint(len(item)) + item for item in stack)
    return varint(len(stack)) + b"".join(items)


def merkle_root(hashes: Sequence[str]) -> str:
    """The root of the tree over transaction hashes, the odd one out paired with itself."""
    row = [_reversed(item) for item in hashes]
    while len(row) > 1:
        row += row[-1:] * (len(row) % 2)
        row = [sha256d(left + right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0][::-1].hex()


def _reversed(hexadecimal: str) -> bytes:
    """Hashes are shown with their bytes in reverse."""
    return bytes.fromhex(hexadecimal)[::-1]
