"""Turns websocket frames into transactions and announcements, and says what to send."""

from typing import TypeVar, cast

from msgspec import MsgspecError, Raw, Struct
from msgspec.json import Decoder

from watchers.bitcoin.transaction import build_transaction, weight_of
from watchers.blockchain_com.wire import MAX_MONEY, AnnouncedBlock, Message, Output, PrevOut, Tx
from watchers.feed import FeedError
from watchers.model import Transaction, Transfer

SUBSCRIBE_TRANSACTIONS = '{"op":"unconfirmed_sub"}'
SUBSCRIBE_BLOCKS = '{"op":"blocks_sub"}'
PING = '{"op":"ping"}'
PING_BLOCK = '{"op":"ping_block"}'
OP_RETURN = "6a"
NOWHERE = 2**32 - 1


_NOTHING = PrevOut()
_MESSAGE = Decoder(Message)
_TX = Decoder(Tx)
_BLOCK = Decoder(AnnouncedBlock)

T = TypeVar("T")


class Other(Struct, frozen=True):
    """A frame that says nothing but that the source is there: a pong, an unknown `op`."""

    op: str


def parse_frame(data: bytes, now: float) -> Transaction | AnnouncedBlock | Other:
    """What a frame says; a transaction is dated `now`. Raises `FeedError`."""
    message = decode(_MESSAGE, data)
    if message.op == "utx":
        return parse_transaction(decode(_TX, message.x), int(now))
    if message.op == "block":
        return decode(_BLOCK, message.x)
    return Other(message.op[:40])


def decode(decoder: Decoder[T], data: bytes | Raw) -> T:
    """The decoded value; raises `FeedError` with a short reason for anything else."""
    try:
        return decoder.decode(data)
    except (MsgspecError, UnicodeError) as error:
        raise FeedError("it cannot be read: {cause}", cause=str(error)[:200]) from error
    except RecursionError as error:
        raise FeedError("nested too deeply") from error


def subscribe_address(address: str) -> str:
    """Ask for the transactions that touch an address."""
    return f'{{"op":"addr_sub","addr":"{address}"}}'


def unsubscribe_address(address: str) -> str:
    """Ask for no more of them."""
    return f'{{"op":"addr_unsub","addr":"{address}"}}'


def parse_transaction(tx: Tx, time: int) -> Transaction:
    """The transaction dated `time`. Raises `FeedError` for values that cannot be.

    A coinbase has no inputs here: nobody sends it. An input of unknown value counts
    as 0 and makes the fee unknown.
    """
    spent = [item.prev_out or _NOTHING for item in tx.inputs]
    coinbase = len(spent) < 2 and all(_is_nothing(coin) for coin in spent)
    outputs = tuple([Transfer(out.addr or None, out.value) for out in tx.out])
    inputs = () if coinbase else tuple([Transfer(c.addr or None, c.value or 0) for c in spent])
    _check(inputs, outputs)
    return build_transaction(
        tx.hash,
        time,
        inputs,
        outputs,
        size=tx.size,
        weight=tx.weight or _weight(tx),
        spends=tuple([f"{c.tx_index}:{c.n}" for c in spent if c.tx_index and c.n is not None]),
        data=[out.value for out in tx.out if not out.addr and _is_data(out)],
        coinbase=coinbase,
        inputs_known=None not in [coin.value for coin in spent],
    )


def _check(inputs: tuple[Transfer, ...], outputs: tuple[Transfer, ...]) -> None:
    """Refuse what the wire's types cannot: amounts that add up to too much, odd addresses."""
    if sum([out.amount for out in outputs]) > MAX_MONEY:
        raise FeedError("the outputs are more than all coins")
    addresses = [transfer.address for transfer in inputs + outputs if transfer.address]
    together = "".join(addresses)
    if not (together.isascii() and (together.isalnum() or not together)):
        raise FeedError("not an address among {together}", together=ascii(together[:80]))


def _is_nothing(coin: PrevOut) -> bool:
    """What a coinbase spends: null until 2021, since then output 2**32 - 1, worth 0, of no one.

    Seen in answers about blocks 717678 (2022), 785356 and 800566 (2023).
    """
    return not coin.addr and (coin.value is None or coin.n == NOWHERE)


def _is_data(out: Output) -> bool:
    return out.script is not None and out.script.startswith(OP_RETURN)


def _weight(tx: Tx) -> int | None:
    inputs = [item.script for item in tx.inputs]
    outputs = [out.script for out in tx.out]
    if None in inputs or None in outputs:
        return None
    return weight_of(tx.size, cast("list[str]", inputs), cast("list[str]", outputs))
