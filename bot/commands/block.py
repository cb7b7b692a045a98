"""`/block [height]`: what is in a block, and what its miner got for it."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bot.commands.command import Call, Parameter, Type
from bot.desk import Desk
from bot.language import marked
from bot.wording.amounts import format_amount, format_round
from bot.wording.words import at, bold, code, link, many, octets, refuse, say, short, span
from bot.wording.worth import in_brackets, price_of
from charts.ticks import compact
from storage.blocks import tip_height
from storage.lookups import (
    BlockContent,
    BlockRange,
    BlockRow,
    block_range,
    blocks_at,
    content_of,
)
from storage.model import Button, Line, Message
from watchers.model import Chain, Price


class View(Struct, frozen=True):
    """What a block is shown with: its price is that of its time."""

    chain: Chain
    zone: str
    price: Price | None
    tip: int


class BlockAt:
    """One block of the main chain, and its rivals."""

    name = "block"
    summary = marked("A block: what moved in it, its reward and difficulty")
    parameters = (
        Parameter(
            "height", Type.HEIGHT, marked("Its height; the newest where left out"), required=False
        ),
    )
    examples = ("/block", "/block 840000")
    changes = False
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        chain = next(iter(desk.chains.values()))
        tip = await desk.read(tip_height, chain.name)
        height: int | None = call.arguments.get("height", tip)
        blocks = [] if height is None else await desk.read(blocks_at, chain.name, height)
        if tip is None or not blocks:
            return _unknown(chain, height, await desk.read(block_range, chain.name))
        content = await desk.read(content_of, chain.name, blocks[0])
        time = blocks[0].header.time
        price = await price_of(desk, chain.asset, call.chat.currency, time)
        return format_block(blocks, content, View(chain, call.chat.timezone, price, tip))


def _unknown(chain: Chain, height: int | None, stored: BlockRange | None) -> Message:
    if stored is None or height is None:
        return refuse(
            f"No block of {chain.title} is stored yet.",
            say("/status tells how far I am."),
        )
    reach = f"I have {stored.lowest:,} to {stored.highest:,}"
    holes = stored.highest - stored.lowest + 1 - stored.count
    missing = f", but for {holes:,} in between" if holes else ""
    newest = Button("Newest block", "/block")
    lines = (
        say(f"{reach}{missing}."),
        say(link("Look at it in an explorer", chain.block_url.format(height))),
    )
    return refuse(f"Block {height:,} is not stored.", *lines, buttons=((newest,),))


def format_block(blocks: Sequence[BlockRow], content: BlockContent | None, view: View) -> Message:
    """The first of the blocks of a height, and that it has rivals."""
    block, chain = blocks[0], view.chain
    title = f"Block {block.header.height:,}"
    count = many(block.transactions, "{n} transaction", "{n} transactions")
    verdict = f": {count}"
    if content is not None:
        worth = in_brackets(content.moved, chain.asset, view.price)
        verdict += f", {format_round(content.moved, chain.asset)}{worth} moved"
    lines = [
        *(
            []
            if block.canonical
            else [say("↩️ It left the main chain, and nothing replaced it yet.")]
        ),
        *_time(block, view),
        *_reward(block, view),
        *_content(content, view),
        *_measures(block),
        *_rivals(blocks[1:]),
        say(link(short_hash(block.header.hash), chain.block_url.format(block.header.hash))),
    ]
    return Message(say(bold(title), verdict), tuple(lines), _buttons(block, view))


def short_hash(hash_: str) -> str:
    """`…0a1b2c3d`: the end of a block's hash, since many begin with the same zeros."""
    return f"…{hash_[-12:]}"


def _time(block: BlockRow, view: View) -> Iterator[Line]:
    after = ""
    if block.waited_seconds is not None:
        waited = block.waited_seconds
        after = f", {span(waited)} after the one before" if waited >= 0 else ""
    yield say(f"Mined {at(block.header.time, view.zone)}{after}")
    if block.canonical:
        depth = view.tip - block.header.height + 1
        yield say(many(depth, "✅ {n} confirmation", "✅ {n} confirmations"))


def _reward(block: BlockRow, view: View) -> Iterator[Line]:
    """What the miner took: new coins and fees; some forgo a part of it."""
    asset = view.chain.asset
    subsidy = view.chain.subsidy(block.header.height)
    worth = in_brackets(block.reward, asset, view.price)
    yield say(f"Reward {format_round(block.reward, asset)}{worth}")
    yield say(f"= {format_amount(subsidy, asset)} new + {format_amount(block.fees, asset)} fees")
    forgone = subsidy + block.fees - block.reward
    if forgone > 0:
        yield say(f"{format_amount(forgone, asset)} of it was not taken and is lost")


def _content(content: BlockContent | None, view: View) -> Iterator[Line]:
    if content is None:
        yield say("Its transactions are too old: I no longer have them all.")
    elif content.largest is not None:
        hash_, moved = content.largest
        worth = in_brackets(moved, view.chain.asset, view.price)
        url = view.chain.transaction_url.format(hash_)
        yield say(
            f"Largest {format_round(moved, view.chain.asset)}{worth} · ", link(short(hash_), url)
        )


def _measures(block: BlockRow) -> Iterator[Line]:
    weight = "" if block.weight is None else f", weight {compact(block.weight)}"
    yield say(f"{octets(block.size)}{weight}")
    if block.difficulty is not None:
        yield say(f"Difficulty {compact(block.difficulty)}")


def _rivals(rivals: Sequence[BlockRow]) -> Iterator[Line]:
    for rival in rivals:
        yield say("Orphaned rival: ", code(short_hash(rival.header.hash)))


def _buttons(block: BlockRow, view: View) -> tuple[tuple[Button, ...], ...]:
    height = block.header.height
    near = [Button(f"← {height - 1:,}", f"/block {height - 1}", replaces=True)] if height else []
    if height < view.tip:
        near.append(Button(f"{height + 1:,} →", f"/block {height + 1}", replaces=True))
    url = view.chain.block_url.format(block.header.hash)
    return tuple(near), (
        Button("🔗 Explorer", url=url),
        Button("Copy hash", copy=block.header.hash),
    )
