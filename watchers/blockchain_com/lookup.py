"""What a person asks blockchain.com for by a button: one address, one transaction."""

from msgspec.json import Decoder

from watchers.blockchain_com.frames import decode, parse_transaction
from watchers.blockchain_com.wire import RawAddress, Tx
from watchers.feed import FeedError
from watchers.lookup import FoundAddress, FoundTransaction, LookUps

NEWEST = 10
"""How many of an address's transactions are asked for; the source gives 50 at most."""

_ADDRESS = Decoder(RawAddress)
_TX = Decoder(Tx)


def address_path(address: str) -> str:
    """Where an address is asked for."""
    return f"/rawaddr/{address}?limit={NEWEST}&offset=0"


def transaction_path(hash: str) -> str:  # noqa: A002 - the vocabulary's word
    """Where a transaction is asked for."""
    return f"/rawtx/{hash}"


def parse_found_address(body: bytes, address: str) -> FoundAddress:
    """The answer to `address_path`."""
    raw = decode(_ADDRESS, body)
    if raw.address != address:
        raise FeedError("another address than {address}", address=address)
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
        raise FeedError("another transaction than {hash}", hash=hash)
    return _found(tx)


def _found(tx: Tx) -> FoundTransaction:
    return FoundTransaction(parse_transaction(tx, tx.time or 0), tx.block_height)


LOOK_UPS = LookUps(address_path, parse_found_address, transaction_path, parse_found_transaction)
