"""What is no command: a pasted address, id, height or amount, or just words."""

import re
from collections.abc import Sequence

from bot.asking import look_up_button
from bot.commands.command import Call, UsageError
from bot.commands.nearest import MEANT
from bot.commands.threshold_preview import Rule, asset_of, named
from bot.commands.values import (
    AddressOn,
    Chains,
    TransactionOn,
    parse_address,
    parse_amount_in,
    parse_height,
    parse_transaction,
    unquoted,
)
from bot.commands.watches import last_seen_of, name_of, watches_of
from bot.desk import Desk
from bot.language import _
from bot.wording.typed_amounts import typed_amount
from bot.wording.words import bold, code, number, refuse, say, short, span
from detectors.model import Kind, Subscription
from storage.blocks import tip_height
from storage.model import Button, Message

_FEW = 3
"""In so many words at most the first one is meant as a command."""
_BETWEEN = re.compile(r"[\s,;<>()\[\]]+")


async def answer_text(text: str, call: Call, desk: Desk) -> Message:
    """What can be done with what was pasted, as buttons; a hint where it is only words."""
    words = [unquoted(word.strip(".!?")) for word in _BETWEEN.split(text)]
    if address := _looking_like_address(words, desk.chains):
        try:
            return await _offer_address(parse_address(address, desk.chains), call, desk)
        except UsageError as error:
            return refuse(str(error), buttons=((_help(),),))
    for word in words:
        try:
            return _offer_transaction(parse_transaction(word, desk.chains), desk)
        except UsageError:
            continue
    return await _offer_number(unquoted(text), desk) or _offer_command(words) or _hint()


def _looking_like_address(words: list[str], chains: Chains) -> str:
    """The first word that is meant as an address, or that ends in one as a link does."""
    parts = ((word, re.split(r"[/?#=]", word)[-1] if "://" in word else word) for word in words)
    looks = [chain.looks_like_address for chain in chains.values()]
    return next((word for word, part in parts if any(look(part) for look in looks)), "")


async def _offer_address(meant: AddressOn, call: Call, desk: Desk) -> Message:
    chain, address = meant.chain, meant.address
    asked = Subscription(0, call.chat.id, Kind.WATCH, chain.name, address)
    watches = await watches_of(call, desk)
    known = next((w for w in watches if (w.chain, w.address) == (chain.name, address)), None)
    seen = (await last_seen_of(desk, [asked])).get(address)
    lines = [say(code(address))]
    if known is not None:
        watched = _("You watch it as {label}.") if known.label else _("You watch it.")
        lines.append(say(watched.format(label=known.label)))
    if seen is not None:
        ago = span(max(0, call.now - seen))
        lines.append(say(_("Last seen {span} ago.").format(span=ago)))
    first = Button(_("👁 Watch it"), f"/watch {address}")
    if known is not None:
        first = Button(_("Unwatch {name}").format(name=name_of(known)), f"/unwatch {address}")
    known_of_it = f"/address {address}"
    ask = look_up_button(desk, chain, known_of_it, "address")
    buttons = ((first, Button(_("What I know of it"), known_of_it)), *((ask,) if ask else ()))
    good = _("A good {chain} address.").format(chain=chain.title)
    return Message(say(bold(good)), tuple(lines), buttons)


def _offer_transaction(meant: TransactionOn, desk: Desk) -> Message:
    url = meant.chain.transaction_url.format(meant.hash)
    known_of_it = f"/tx {meant.hash}"
    ask = look_up_button(desk, meant.chain, known_of_it, "id")
    first = (Button(_("What I know of it"), known_of_it), Button(_("🔗 Explorer"), url=url))
    buttons = (first, *((ask,) if ask else ()))
    title = say(bold(f"{_('A transaction id:')} "), code(short(meant.hash)))
    return Message(title, (), buttons)


async def _offer_number(text: str, desk: Desk) -> Message | None:
    """A block by its height, or whale alerts from an amount on; a bare number may be either."""
    offers = []
    height = await _height(text, desk)
    if height is not None:
        block = _("Block {height}").format(height=number(height))
        offers.append(Button(block, f"/block {height}"))
    try:
        amount = parse_amount_in(text, desk.chains)
    except UsageError:
        pass
    else:
        rule = Rule(amount.amount, amount.unit)
        command = f"/threshold whales {typed_amount(rule.amount, asset_of(desk, rule))}"
        label = _("🐋 Alerts from {amount}").format(amount=named(desk, rule))
        offers.append(Button(label, command))
    if not offers:
        return None
    return Message(say(_("What shall I do with it?")), (), tuple((offer,) for offer in offers))


async def _height(text: str, desk: Desk) -> int | None:
    """The height that a number can be: one up to the tip of any chain."""
    try:
        height = parse_height(text)
    except UsageError:
        return None
    tips = [await desk.read(tip_height, chain) for chain in desk.chains]
    return height if height <= max((tip for tip in tips if tip is not None), default=0) else None


def _offer_command(words: Sequence[str]) -> Message | None:
    """The command that a few words begin with as people call it: `fees`, `stop`, `whales 500`."""
    guess = MEANT.get(words[0].lower(), "") if len(words) <= _FEW else ""
    if not guess:
        return None
    offer = Button(f"/{guess}", " ".join((f"/{guess}", *words[1:])))
    meant = _("Did you mean {command}?")
    return refuse(meant.format(command=f"/{guess}"), buttons=((offer, _help()),))


def _hint() -> Message:
    return refuse(
        _("Paste an address, a transaction id or a block height, or see what I can do."),
        buttons=((_help(),),),
    )


def _help() -> Button:
    return Button(_("Help"), "/help")
