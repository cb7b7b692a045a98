"""Captured messages and answers of blockchain.com, as they were when they came."""

from msgspec.json import Decoder

from watchers.blockchain_com.frames import decode, parse_transaction
from watchers.blockchain_com.rest import CutError, parse_blocks
from watchers.blockchain_com.wire import Message, Tx
from watchers.model import Block, Transaction

_MESSAGE = Decoder(Message)
_TX = Decoder(Tx)


def parse_message(data: bytes, time: int) -> tuple[Transaction, ...]:
    """A websocket frame; nothing for one that only announces. Raises `FeedError`."""
    message = decode(_MESSAGE, data)
    return parse_tx(bytes(message.x), time) if message.op == "utx" else ()


def parse_tx(data: bytes, time: int) -> tuple[Transaction, ...]:
    """A transaction, met when it says or else at a time. Raises `FeedError`."""
    tx = decode(_TX, data)
    return (parse_transaction(tx, tx.time or time),)


def parse_rawblock(data: bytes, time: int) -> tuple[Block, ...]:
    """The answer of `/rawblock/HASH`. Raises `FeedError`, also where it is cut."""
    return parse_rawblocks(b'{"blocks":[%b]}' % data, time)


def parse_rawblocks(data: bytes, _time: int) -> tuple[Block, ...]:
    """The answer of `/block-height/N`. Raises `FeedError`, also where it is cut."""
    blocks = []
    for found in parse_blocks(data):
        if isinstance(found, CutError):
            raise found
        blocks.append(found)
    return tuple(blocks)
