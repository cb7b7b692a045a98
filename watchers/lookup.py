"""What a person may ask a source for by a button, the same for every source.

Asking tells the source what one is interested in, so nothing here is asked by itself.
A question is a path for `Watcher.look_up` and a parser of what it brings.
"""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import Struct

from watchers.model import Transaction


class FoundTransaction(Struct, frozen=True):
    """A transaction and the height of its block, None while it is unconfirmed.

    Its time is its block's, or when the source first met it.
    """

    transaction: Transaction
    height: int | None


class FoundAddress(Struct, frozen=True):
    """What ever happened at an address, in base units, with its newest transactions first."""

    address: str
    transactions: int
    received: int
    sent: int
    balance: int
    newest: tuple[FoundTransaction, ...]


@dataclass(frozen=True, slots=True)
class LookUps:
    """The questions that a source answers.

    The parsers take the body and the address or hash that was asked for, and raise
    `FeedError` where it holds something else.
    """

    address_path: Callable[[str], str]
    parse_address: Callable[[bytes, str], FoundAddress]
    transaction_path: Callable[[str], str]
    parse_transaction: Callable[[bytes, str], FoundTransaction]
