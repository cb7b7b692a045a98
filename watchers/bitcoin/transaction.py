"""Builds a `Transaction` from what any Bitcoin source tells of one.

*Moved* is the sum of the outputs that do not return to an address among the inputs; an
output without an address counts by its value like any other. Change to a fresh address
cannot be known and is counted. The categories, the first that fits:

- coinbase: creates coins;
- coinjoin: at least five inputs from five addresses and at least five outputs of one
  value to five addresses: each participant of an equal-output join brings an input and
  takes one of those outputs (G. Maxwell, "CoinJoin: Bitcoin privacy for the real world",
  bitcointalk.org topic 279249, 2013). A guess, as every such rule is;
- data: has an OP_RETURN output and moves nothing besides it;
- self-transfer: moves nothing, all of it returns to its senders;
- consolidation: at least five inputs and one or two outputs;
- batch: at least five outputs that do not return to a sender;
- payment: all others.
"""

from collections.abc import Sequence

from watchers.model import Transaction, Transfer

CHAIN = "bitcoin"
MANY = 5


def build_transaction(
    hash: str,  # noqa: A002 - the vocabulary's word
    time: int,
    inputs: tuple[Transfer, ...],
    outputs: tuple[Transfer, ...],
    *,
    size: int,
    weight: int | None = None,
    spends: tuple[str, ...] = (),
    data: Sequence[int] = (),
    coinbase: bool = False,
    inputs_known: bool = True,
) -> Transaction:
    """The transaction with what follows from its parts: moved, fee and category.

    `data`: the amounts of the outputs that carry data (OP_RETURN). The fee is None where
    an input's value is unknown, or where the parts contradict each other by paying out
    more than they take in.
    """
    senders = {transfer.address for transfer in inputs}
    senders.discard(None)
    leaving = [out.amount for out in outputs if out.address not in senders]
    moved = sum(leaving)
    fee: int | None = 0
    if coinbase:
        category = "coinbase"
    else:
        fee = _fee(inputs, outputs) if inputs_known else None
        category = _category(inputs, outputs, leaving, data)
    return Transaction(
        CHAIN, hash, time, inputs, outputs, moved, fee, size, weight, category, spends
    )


def _fee(inputs: Sequence[Transfer], outputs: Sequence[Transfer]) -> int | None:
    fee = sum([coin.amount for coin in inputs]) - sum([out.amount for out in outputs])
    return fee if fee >= 0 else None


def _category(
    inputs: Sequence[Transfer],
    outputs: Sequence[Transfer],
    leaving: Sequence[int],
    data: Sequence[int],
) -> str:
    if len(inputs) >= MANY and len(outputs) >= MANY and _is_coinjoin(inputs, outputs):
        return "coinjoin"
    if sum(leaving) == sum(data):
        return "data" if data else "self-transfer"
    if len(inputs) >= MANY and len(outputs) <= 2:
        return "consolidation"
    return "batch" if len(leaving) >= MANY else "payment"


def _is_coinjoin(inputs: Sequence[Transfer], outputs: Sequence[Transfer]) -> bool:
    if len({transfer.address for transfer in inputs}) < MANY:
        return False
    takers: dict[int, set[str | None]] = {}
    for out in outputs:
        takers.setdefault(out.amount, set()).add(out.address)
    return any(len(addresses) >= MANY for amount, addresses in takers.items() if amount)


def weight_of(size: int, input_scripts: Sequence[str], output_scripts: Sequence[str]) -> int | None:
    """The weight of a transaction of `size` bytes, witness included, from its hex scripts.

    Weight is three times the size without witness plus the whole size (BIP 141). The
    part without witness is version, inputs (outpoint 36, script, sequence 4), outputs
    (value 8, script) and lock time, each list and script led by its length. None where
    the size is too small for the scripts.
    """
    base = 8 + _length_size(len(input_scripts)) + _length_size(len(output_scripts))
    for script in input_scripts:
        length = len(script) // 2
        base += length + (41 if length < 253 else 40 + _length_size(length))
    for script in output_scripts:
        length = len(script) // 2
        base += length + (9 if length < 253 else 8 + _length_size(length))
    return 3 * base + size if size >= base else None


def _length_size(length: int) -> int:
    """The bytes that a length takes on the wire (the protocol's "compactSize")."""
    if length < 253:
        return 1
    return 3 if length <= 0xFFFF else 5
