"""The fee market: which waiting transactions the next block takes, and at what rate."""

from collections.abc import Collection, Iterable, Mapping
from operator import attrgetter

from .transaction import Transaction

FLOOR_RATE = 1.0
"""Satoshi per virtual byte below which nodes do not relay."""

SMALLEST_WEIGHT = 436
"""Weight units of a transaction with one input and one output."""


def by_rate(waiting: Iterable[Transaction]) -> list[Transaction]:
    """The best paying first; those of one rate in the order in which they came."""
    return sorted(waiting, key=attrgetter("rate"), reverse=True)


def next_block_rate(waiting: Collection[Transaction], weight_limit: int) -> float:
    """The rate in satoshi per virtual byte that buys a place in the next block."""
    room = weight_limit
    if sum(transaction.weight for transaction in waiting) <= room:
        return FLOOR_RATE
    for transaction in by_rate(waiting):
        room -= transaction.weight
        if room < 0:
            return max(FLOOR_RATE, transaction.rate)
    return FLOOR_RATE


def package(transaction: Transaction, waiting: Mapping[str, Transaction]) -> list[Transaction]:
    """The transaction after all it needs that is still waiting, parents first."""
    found: dict[str, Transaction] = {}
    stack = [transaction]
    while stack:
        child = stack[-1]
        needed = {item.outpoint.hash for item in child.inputs} & waiting.keys() - found.keys()
        if needed:
            stack.append(waiting[min(needed)])
        else:
            found[stack.pop().hash] = child
    return list(found.values())


def choose(waiting: Mapping[str, Transaction], weight_limit: int) -> list[Transaction]:
    """What a miner puts into a block: by fee rate while there is room, parents first."""
    chosen: dict[str, Transaction] = {}
    room = weight_limit
    for transaction in by_rate(waiting.values()):
        if room < SMALLEST_WEIGHT:
            break
        for item in package(transaction, waiting):
            if item.hash in chosen:
                continue
            if item.weight > room:
                break  # Its parents may go ahead of it; a later block takes the rest.
            room -= item.weight
            chosen[item.hash] = item
    return list(chosen.values())
