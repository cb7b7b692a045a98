"""What a person asks the source for by a button: one address, one transaction.

Paths to ask and parsers of the answers; all parsers raise `FeedError`. Asking tells the
source what one is interested in, so nothing here is asked by itself.
"""

from msgspec import Struct
from msgspec.json import Decoder

from watchers.blockchain_com.frames import decode, parse_transaction
from watchers.blockchain_com.wire import RawAddress, Tx
from watchers.feed import FeedError
from watchers.model import Transaction

MAX_NEWEST = 50

_ADDRESS = Decoder(RawAddress)
_TX = Decoder(Tx)


class FoundTransaction(Struct, frozen=True):
    """A transaction and the height of its block, None while it is unconfirmed.

    Its time is its block's, or when the source first met it.
    """

    transaction: Transaction
    height: int | None


class FoundAddress(Struct, frozen=True):
    """What ever happened at an address, in satoshi, with its newest transactions first."""

    address: str
    transactions: int
    received: int
    sent: int
    balance: int
    newest: tuple[FoundTransaction, ...]


def address_path(address: str, newest: int = 10) -> str:
    """Where an address is asked for, with at most that many of its transactions."""
    return f"/rawaddr/{address}?limit={min(newest, MAX_NEWEST)}&offset=0"


def transaction_path(hash: str) -> str:  # noqa: A002 - the vocabulary's word
    """Where a transaction is asked for."""
    return f"/rawtx/{hash}"


def parse_found_address(body: bytes, address: str) -> FoundAddress:
    """The answer to `address_path`."""
    raw = decode(_ADDRESS, body)
    if raw.address != address:
        raise FeedError(f"another address than {address}")
    return FoundAddress(
        address=raw.address,
        transactions=raw.n_tx,
        received=raw.total_received,
        sent=raw.total_sent,
        balance=raw.final_balance,
        newest=tuple(_found(tx) for tx in raw.txs),
    )


def parse_found_transaction(body: bytes, hash: str) -> FoundTransaction:  # noqa: A002
    """The answer to `transaction_path`."""
    tx = decode(_TX, body)
    if tx.hash != hash:
        raise FeedError(f"another transaction than {hash}")
    return _found(tx)


def _found(tx: Tx) -> FoundTransaction:
    return FoundTransaction(parse_transaction(tx, tx.time or 0), tx.block_height)
