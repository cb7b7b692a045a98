"""`/block [height]`: what is in a block, and what its miner got for it."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bot.charting.picture_words import picture_words
from bot.commands.command import Call, Parameter, Type
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.amounts import format_amount, format_round
from bot.wording.words import (
    at,
    bold,
    code,
    filled,
    link,
    many,
    number,
    octets,
    refuse,
    say,
    short,
    span,
)
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
    """What a block is shown with: its price is that of its time, `lowest` the first stored."""

    chain: Chain
    zone: str
    price: Price | None
    tip: int
    lowest: int


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
        stored = await desk.read(block_range, chain.name)
        if tip is None or stored is None or not blocks:
            return _unknown(chain, height, stored)
        content = await desk.read(content_of, chain.name, blocks[0])
        time = blocks[0].header.time
        price = await price_of(desk, chain.asset, call.chat.currency, time)
        view = View(chain, call.chat.timezone, price, tip, stored.lowest)
        return format_block(blocks, content, view)


def _unknown(chain: Chain, height: int | None, stored: BlockRange | None) -> Message:
    if stored is None or height is None:
        return refuse(
            _("No block of {chain} is stored yet.").format(chain=chain.title),
            say(_("/status tells how far I am.")),
        )
    holes = stored.highest - stored.lowest + 1 - stored.count
    reach = _("I have {lowest} to {highest}.")
    if holes:
        reach = _("I have {lowest} to {highest}, but for {n} in between.")
    lowest, highest = number(stored.lowest), number(stored.highest)
    newest = Button(_("Newest block"), "/block")
    lines = [say(reach.format(lowest=lowest, highest=highest, n=number(holes)))]
    if height < stored.highest:  # nobody has seen a later one
        lines.append(say(link(_("Look at it in an explorer"), chain.block_url.format(height))))
    unknown = _("Block {height} is not stored.").format(height=number(height))
    return refuse(unknown, *lines, buttons=((newest,),))


def format_block(blocks: Sequence[BlockRow], content: BlockContent | None, view: View) -> Message:
    """The first of the blocks of a height, and that it has rivals."""
    block, chain = blocks[0], view.chain
    title = _("Block {height}").format(height=number(block.header.height))
    verdict = many(block.transactions, "{n} transaction", "{n} transactions")
    if content is not None:
        worth = in_brackets(content.moved, chain.asset, view.price)
        moved = f"{format_round(content.moved, chain.asset)}{worth}"
        verdict = _("{count}, {amount} moved").format(count=verdict, amount=moved)
    left = _("↩️ It left the main chain, and nothing replaced it yet.")
    lines = [
        *([] if block.canonical else [say(left)]),
        *_time(block, view),
        *_reward(block, view),
        *_content(content, view),
        *_measures(block),
        *_rivals(blocks[1:]),
        say(link(short_hash(block.header.hash), chain.block_url.format(block.header.hash))),
    ]
    return Message(say(bold(title), f": {verdict}"), tuple(lines), _buttons(block, view))


def short_hash(hash_: str) -> str:
    """`…0a1b2c3d`: the end of a block's hash, since many begin with the same zeros."""
    return f"…{hash_[-12:]}"


def _time(block: BlockRow, view: View) -> Iterator[Line]:
    mined, waited = at(block.header.time, view.zone), block.waited_seconds
    if waited is None or waited < 0:
        yield say(_("Mined {time}").format(time=mined))
    else:
        after = _("Mined {time}, {span} after the one before")
        yield say(after.format(time=mined, span=span(waited)))
    if block.canonical:
        depth = view.tip - block.header.height + 1
        yield say(many(depth, "✅ {n} confirmation", "✅ {n} confirmations"))


def _reward(block: BlockRow, view: View) -> Iterator[Line]:
    """What the miner took: new coins and fees; some forgo a part of it."""
    asset = view.chain.asset
    subsidy = view.chain.subsidy(block.header.height)
    worth = in_brackets(block.reward, asset, view.price)
    yield say(_("Reward {amount}").format(amount=f"{format_round(block.reward, asset)}{worth}"))
    new, fees = format_amount(subsidy, asset), format_amount(block.fees, asset)
    yield say(_("= {new} new + {fees} fees").format(new=new, fees=fees))
    forgone = subsidy + block.fees - block.reward
    if forgone > 0:
        lost = _("{amount} of it was not taken and is lost")
        yield say(lost.format(amount=format_amount(forgone, asset)))


def _content(content: BlockContent | None, view: View) -> Iterator[Line]:
    if content is None:
        yield say(_("Its transactions are too old: I no longer have them all."))
    elif content.largest is not None:
        hash_, moved = content.largest
        worth = in_brackets(moved, view.chain.asset, view.price)
        url = view.chain.transaction_url.format(hash_)
        amount = f"{format_round(moved, view.chain.asset)}{worth}"
        largest = _("Largest {amount}").format(amount=amount)
        yield say(f"{largest} · ", link(short(hash_), url))


def _measures(block: BlockRow) -> Iterator[Line]:
    size = octets(block.size)
    if block.weight is None:
        yield say(size)
    else:
        weight = compact(block.weight, picture_words())
        yield say(_("{size}, weight {weight}").format(size=size, weight=weight))
    if block.difficulty is not None:
        yield say(
            _("Difficulty {difficulty}").format(
                difficulty=compact(block.difficulty, picture_words())
            )
        )


def _rivals(rivals: Sequence[BlockRow]) -> Iterator[Line]:
    for rival in rivals:
        yield filled(_("Orphaned rival: {hash}"), hash=code(short_hash(rival.header.hash)))


def _buttons(block: BlockRow, view: View) -> tuple[tuple[Button, ...], ...]:
    height = block.header.height
    near = []
    if height > view.lowest:
        near.append(Button(f"← {number(height - 1)}", f"/block {height - 1}", replaces=True))
    if height < view.tip:
        near.append(Button(f"{number(height + 1)} →", f"/block {height + 1}", replaces=True))
    url = view.chain.block_url.format(block.header.hash)
    return tuple(near), (
        Button(_("🔗 Explorer"), url=url),
        Button(_("Copy hash"), copy=block.header.hash),
    )
