"""Events as units of work: each is stored in one transaction of the database."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from watchers.model import Block, Event, Gap, Heard, Incident, Price, Reorg, Transaction

SLICE = 250
"""So many transactions in one database transaction, so that commands pass in between."""


class Pending(Struct, frozen=True):
    """Unconfirmed transactions of one chain."""

    chain: str
    transactions: tuple[Transaction, ...]


class Slice(Struct, frozen=True):
    """A part of a block; with the `last` one the block counts."""

    block: Block
    transactions: tuple[Transaction, ...]
    last: bool


Step: TypeAlias = Pending | Slice | Reorg | Price | Gap | Heard | Incident


def steps(events: Sequence[Event]) -> Iterator[Step]:
    """Events in order, as units that are each stored in one transaction."""
    pending: list[Transaction] = []
    for event in events:
        if isinstance(event, Transaction):
            if pending and (len(pending) == SLICE or pending[0].chain != event.chain):
                yield Pending(pending[0].chain, tuple(pending))
                pending = []
            pending.append(event)
            continue
        if pending:
            yield Pending(pending[0].chain, tuple(pending))
            pending = []
        if isinstance(event, Block):
            yield from _slices(event)
        else:
            yield event
    if pending:
        yield Pending(pending[0].chain, tuple(pending))


def _slices(block: Block) -> Iterator[Slice]:
    total = len(block.transactions)
    for start in range(0, max(total, 1), SLICE):
        end = start + SLICE
        yield Slice(block, block.transactions[start:end], last=end >= total)


def halves(step: Step) -> tuple[Step, ...]:
    """A step in smaller ones that do the same together; none where it cannot be divided."""
    if not isinstance(step, Pending | Slice) or len(step.transactions) < 2:
        return ()
    middle = len(step.transactions) // 2
    first, second = step.transactions[:middle], step.transactions[middle:]
    if isinstance(step, Pending):
        return Pending(step.chain, first), Pending(step.chain, second)
    return Slice(step.block, first, last=False), Slice(step.block, second, last=step.last)
