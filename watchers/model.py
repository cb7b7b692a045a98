"""The vocabulary that every folder shares: chains, transactions, blocks and what happens to them.

Amounts are integers in the asset's base unit (satoshi, wei); times are Unix seconds,
UTC. The values are trusted once they exist: feeds check what they build them from.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from msgspec import Struct

HEADERS_KEPT = 200
"""How many headers a checkpoint holds: the deepest reorg that can be walked back."""


class Asset(Struct, frozen=True):
    """What amounts are counted in: `10 ** decimals` base units make one.

    `small` is what people count small amounts in, `10 ** small_decimals` base units, and ""
    where there is no such unit.
    """

    symbol: str
    decimals: int
    base_unit: str
    small: str = ""
    small_decimals: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """What the rest of the program must know of a chain, so that nobody asks for its name.

    `parse_address` returns the canonical form or raises `AddressError`;
    `looks_like_address` and `looks_like_transaction` guess what pasted text is;
    `subsidy` gives the new coins of a block at a height; `fee_rate_unit` is what base
    units per virtual byte are called; the explorer templates take one hash, address or
    height.
    """

    name: str
    title: str
    asset: Asset
    fee_rate_unit: str
    block_seconds: int
    final_after: int
    parse_address: Callable[[str], str]
    looks_like_address: Callable[[str], bool]
    looks_like_transaction: Callable[[str], bool]
    subsidy: Callable[[int], int]
    transaction_url: str
    address_url: str
    block_url: str


_SEAL = "\x1e"


def sealed(message: str, **values: str | int | tuple[str]) -> str:
    """A sentence that is kept, to be said in the language of whoever reads it.

    The message is a whole English one, whose placeholders are the names of `values`; they stand
    behind it as JSON. A tuple of one holds what is sealed itself. `unsealed` says it.
    """
    return f"{message} {_SEAL}{json.dumps(values)}" if values else message


def unsealed(text: str, translated: Callable[[str], str] = str) -> str:
    """What was `sealed`, as a sentence; a text that was not, such as a platform's own, as it is."""
    message, _seal, values = text.partition(f" {_SEAL}")
    said = translated(message) if message else text
    if not values:
        return said
    try:
        given = json.loads(values)
        inner = {name: unsealed(v[0], translated) for name, v in given.items() if type(v) is list}
        return said.format(**given | inner)
    except (ValueError, LookupError):  # cut off where it was kept
        return message


class AddressError(ValueError):
    """A text that is no address of the chain, and why: for the reader, in their language.

    `message` is a whole English sentence, whose placeholders are the names of `values`; one of
    these may be such an error itself.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


class PrivateKeyError(AddressError):
    """The text is a secret: whoever has read it can spend. Never keep it, never repeat it."""


class Transfer(Struct, frozen=True, gc=False):
    """An amount that leaves (an input) or reaches (an output) an address.

    `address` is None where the script has none (OP_RETURN, bare multisig).
    """

    address: str | None
    amount: int


class Transaction(Struct, frozen=True, gc=False):
    """One transaction, the same for every chain.

    `time` is when it was first met, or its block's time where it came in a block;
    `moved` is what did not return to its senders; `fee` and `weight` are None where the
    source does not tell; `spends` names the outpoints it uses up, where the source
    names them: two transactions that share one exclude each other.
    """

    chain: str
    hash: str
    time: int
    inputs: tuple[Transfer, ...]
    outputs: tuple[Transfer, ...]
    moved: int
    fee: int | None
    size: int
    weight: int | None
    category: str
    spends: tuple[str, ...] = ()

    @property
    def virtual_size(self) -> int:
        """Virtual bytes: a quarter of the weight, rounded up (BIP 141), else the size."""
        return self.size if self.weight is None else -(-self.weight // 4)


class Header(Struct, frozen=True, gc=False):
    """A block's place in the chain."""

    height: int
    hash: str
    parent: str
    time: int


class Block(Struct, frozen=True):
    """A block of the main chain with all its transactions.

    `reward` is what the coinbase pays (subsidy and fees). `late`: filled in after a
    cut; `historic`: older than the first start, stored without alerts.
    """

    chain: str
    header: Header
    size: int
    weight: int | None
    difficulty: float | None
    reward: int
    fees: int
    transactions: tuple[Transaction, ...]
    late: bool = False
    historic: bool = False


class Reorg(Struct, frozen=True):
    """The blocks above `ancestor` (a height) left the main chain."""

    chain: str
    ancestor: int
    time: int


class Price(Struct, frozen=True):
    """What one whole unit of an asset costs, in millionths of the currency."""

    asset: str
    currency: str
    micro: int
    time: int
    source: str


class Gap(Struct, frozen=True):
    """A time in which nothing could be heard: what was not mined is unknown."""

    chain: str
    source: str
    start: int
    end: int
    reason: str


class Heard(Struct, frozen=True):
    """A sign that the source is alive, often enough to date a later gap."""

    chain: str
    source: str
    time: int


class Incident(Struct, frozen=True):
    """Something that a person who runs the bot should know.

    `kind` groups equal incidents; `sample` is the frame or event that caused it, cut;
    `urgent`: the owner is told in chat.
    """

    source: str
    kind: str
    detail: str
    time: int
    sample: str = ""
    urgent: bool = False


Event: TypeAlias = Transaction | Block | Reorg | Price | Gap | Heard | Incident


class Checkpoint(Struct, frozen=True):
    """Where a chain's story stopped.

    `headers`: the newest `HEADERS_KEPT` of the main chain, oldest first; `oldest`: the
    lowest stored block; `history_since`: how far back the first start wanted to go;
    `heard_at`: when the source was last heard, or the first start where it never was.
    """

    chain: str
    headers: tuple[Header, ...] = ()
    oldest: Header | None = None
    history_since: int | None = None
    heard_at: int | None = None
