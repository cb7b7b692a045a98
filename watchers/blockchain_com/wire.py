"""What blockchain.com's messages look like: only the fields that are used.

Source: the published websocket and REST descriptions and captured messages of 2013 to
2025. The dialects differ in fields that are not read here (`lock_time` was the text
"Unavailable", `ver` and `sequence` were missing); `script`, `n` and `tx_index` may be
missing, `addr` missing or null, and a coinbase's `prev_out` null, missing or empty.
Amounts are satoshi and never more than all the coins there can be.
"""

from typing import Annotated

from msgspec import Meta, Raw, Struct

MAX_MONEY = 21_000_000 * 10**8

Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Text = Annotated[str, Meta(max_length=100)]
Amount = Annotated[int, Meta(ge=0, le=MAX_MONEY)]
Height = Annotated[int, Meta(ge=0, le=2**31)]
Seconds = Annotated[int, Meta(ge=0, le=2**40)]
Size = Annotated[int, Meta(ge=0, le=2**32)]


class PrevOut(Struct, gc=False):
    """The output that an input spends; `tx_index` is 0 in every capture since 2022."""

    value: Amount | None = None
    addr: Text | None = None
    tx_index: int | None = None
    n: int | None = None


class Input(Struct, gc=False):
    """An input with its signature script (hex)."""

    prev_out: PrevOut | None = None
    script: str | None = None


class Output(Struct, gc=False):
    """An output with its script (hex); `addr` is null where the script has none."""

    value: Amount
    addr: Text | None = None
    script: str | None = None


class Tx(Struct, gc=False):
    """A transaction: `utx.x` of the websocket, `rawtx` and the members of `rawblock`.

    `size` includes the witness (a captured all-witness transaction shows it).
    """

    hash: Hash
    inputs: list[Input]
    out: list[Output]
    size: Size = 0
    weight: Size | None = None
    time: Seconds | None = None
    block_height: Height | None = None


class Message(Struct):
    """A websocket frame: the operation, and its content still undecoded."""

    op: str
    x: Raw = Raw()


class AnnouncedBlock(Struct, gc=False):
    """`block.x` of the websocket: tells that a block is there, not what is in it."""

    hash: Hash
    height: Height


class LatestBlock(Struct, gc=False):
    """The answer of `/latestblock`."""

    hash: Hash
    height: Height


class RawBlock(Struct):
    """The answer of `/rawblock/HASH`; each of its `tx` is a `Tx`, still undecoded."""

    hash: Hash
    prev_block: Hash
    time: Seconds
    height: Height
    tx: list[Raw]
    bits: Size = 0
    size: Size = 0
    weight: Size | None = None
    fee: Amount | None = None
    n_tx: int | None = None
    main_chain: bool | None = None


class RawBlocks(Struct):
    """The answer of `/block-height/N?format=json`: more than one block at a split."""

    blocks: list[RawBlock]


class RawAddress(Struct):
    """The answer of `/rawaddr/ADDRESS`; these totals may exceed all coins."""

    address: Text
    n_tx: int
    total_received: int
    total_sent: int
    final_balance: int
    txs: list[Tx] = []
