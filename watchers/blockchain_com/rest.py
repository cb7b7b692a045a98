"""Turns REST answers into blocks, heights and prices. All raise `FeedError`."""

from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TypeAlias, cast

import msgspec
from msgspec import Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from watchers.bitcoin.chain import difficulty
from watchers.blockchain_com.frames import decode, parse_transaction
from watchers.blockchain_com.wire import LatestBlock, RawBlock, RawBlocks, Tx
from watchers.feed import Answer, FeedError
from watchers.model import Block, Header, Price, Transaction, sealed

CHAIN = "bitcoin"
SOURCE = "blockchain.com"
MICRO = 10**6
MAX_PRICE = 10**12
"""Above this a price is taken for an error; with it, micro units still fit 64 bits."""

BETWEEN_RESTS = 16
"""So many transactions take about a millisecond to read."""

_BY_HASH, _BY_HEIGHT = "/rawblock/", "/block-height/"

_LATEST = Decoder(LatestBlock)
_BLOCK = Decoder(RawBlock)
_BLOCKS = Decoder(RawBlocks)
_TX = Decoder(Tx)
_TICKER = Decoder(dict[str, msgspec.Raw])


class Quote(Struct):
    """A member of `/ticker`."""

    last: Decimal


_QUOTE = Decoder(Quote)


class CutError(FeedError):
    """A block without all of its transactions; it may be asked for by its hash instead."""

    def __init__(self, header: Header, found: int, told: int | None) -> None:
        cut = sealed("block {height} is cut: {found} of {told} transactions")
        of = "?" if told is None else told
        super().__init__(cut, height=header.height, found=found, told=of)
        self.header = header


Found: TypeAlias = tuple[Block | CutError, ...]
"""The blocks of an answer."""


def parse_latest(body: bytes) -> LatestBlock:
    """The answer of `/latestblock`."""
    return decode(_LATEST, body)


def _on() -> None:
    """Go on without a rest."""


def digest(path: str, answer: Answer, rest: Callable[[], None] = _on) -> Answer:
    """An answer with its blocks as `content`, or the `FeedError` that they are.

    Calls `rest` after every few transactions.
    """
    if answer.status != 200 or not path.startswith((_BY_HASH, _BY_HEIGHT)):
        return answer
    try:
        return replace(answer, content=_parse_found(path, answer.body, rest))
    except FeedError as error:
        return replace(answer, content=error)


def _parse_found(path: str, body: bytes, rest: Callable[[], None]) -> Found:
    if path.startswith(_BY_HASH):
        return parse_block(body, path.removeprefix(_BY_HASH), rest)
    return parse_blocks(body, rest)


def blocks_of(path: str, answer: Answer, height: int) -> tuple[Block, ...]:
    """The blocks of an answer, digested or not, at the height that was asked for."""
    content = (answer if answer.content is not None else digest(path, answer)).content
    if isinstance(content, FeedError):
        raise content
    return at_height(cast("Found", content), height)


def parse_blocks(body: bytes, rest: Callable[[], None] = _on) -> Found:
    """The answer of `/block-height/N`: the blocks that may be on the main chain.

    Those that the source calls so; all where it calls none so, for it is not reliable
    (a captured answer for a block of the main chain says false).
    """
    blocks = decode(_BLOCKS, body).blocks
    main = [raw for raw in blocks if raw.main_chain]
    return tuple(_parse_raw(raw, rest) for raw in main or blocks)


def parse_block(body: bytes, hash: str, rest: Callable[[], None] = _on) -> Found:  # noqa: A002
    """The answer of `/rawblock/HASH`, whatever it says of the main chain."""
    raw = decode(_BLOCK, body)
    if raw.hash != hash:
        raise FeedError("another block than {hash}", hash=hash)
    return (_parse_raw(raw, rest),)


def at_height(found: Found, height: int) -> tuple[Block, ...]:
    """The blocks of an answer, if they are the ones that were asked for and whole."""
    if not found:
        raise FeedError("no block at height {height}", height=height)
    return tuple(_checked(block, height) for block in found)


def _checked(found: Block | CutError, height: int) -> Block:
    if found.header.height != height:
        raise FeedError(
            "block {found} instead of {height}", found=found.header.height, height=height
        )
    if isinstance(found, CutError):
        raise found
    return found


def find(blocks: Sequence[Block], hash: str) -> Block:  # noqa: A002
    """The block of that hash."""
    for block in blocks:
        if block.header.hash == hash:
            return block
    raise FeedError("another block than {hash}", hash=hash)


def _parse_raw(raw: RawBlock, rest: Callable[[], None]) -> Block | CutError:
    header = Header(raw.height, raw.hash, raw.prev_block, raw.time)
    if not raw.tx or (raw.n_tx is not None and raw.n_tx != len(raw.tx)):
        return CutError(header, len(raw.tx), raw.n_tx)
    transactions = tuple(_transactions(raw, rest))
    return Block(
        chain=CHAIN,
        header=header,
        size=raw.size,
        weight=raw.weight,
        difficulty=difficulty(raw.bits),
        reward=sum(tx.moved for tx in transactions if tx.category == "coinbase"),
        fees=_fees(transactions, raw.fee),
        transactions=transactions,
    )


def _transactions(raw: RawBlock, rest: Callable[[], None]) -> Iterator[Transaction]:
    for number, tx in enumerate(raw.tx, 1):
        yield parse_transaction(decode(_TX, tx), raw.time)
        if number % BETWEEN_RESTS == 0:
            rest()


def _fees(transactions: Sequence[Transaction], told: int | None) -> int:
    """The sum of all fees; where one is unknown, what the source tells instead."""
    fees = [tx.fee for tx in transactions]
    if None in fees and told is not None:
        return told
    return sum(fee for fee in fees if fee is not None)


def parse_prices(body: bytes, currencies: Sequence[str], now: float) -> tuple[Price, ...]:
    """What one bitcoin costs in each of the currencies that `/ticker` knows, now."""
    quotes = decode(_TICKER, body)
    known = [currency for currency in currencies if currency in quotes]
    if not known:
        raise FeedError("no price in {currencies}", currencies=", ".join(currencies))
    return tuple(
        Price("BTC", currency, _parse_micro(quotes[currency]), int(now), SOURCE)
        for currency in known
    )


def _parse_micro(quote: msgspec.Raw) -> int:
    last = decode(_QUOTE, quote).last
    if not (last.is_finite() and 0 < last <= MAX_PRICE):
        raise FeedError("no price: {what}", what=str(last)[:40])
    return int((last * MICRO).to_integral_value(ROUND_HALF_EVEN)) or 1
