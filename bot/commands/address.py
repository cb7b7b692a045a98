"""`/address ADDRESS`: what is known of an address, without asking anybody outside."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bot.asking import LOOK_UP, LookUpError, look_up_address, look_up_button, source_for
from bot.commands.command import Call, Parameter, Type
from bot.commands.tx import net_of
from bot.commands.watches import meant_address
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.amounts import format_amount, format_round
from bot.wording.words import at, bold, code, filled, link, many, number, quiet, refuse, say, short
from bot.wording.worth import in_brackets, price_of
from storage.model import Button, Line, Message
from storage.passages import AddressRecord, Passage, address_record
from storage.statistics import raw_since
from storage.subscriptions import labels_of
from watchers.lookup import FoundAddress
from watchers.model import Chain, Price


class View(Struct, frozen=True):
    """What an address is shown with: `label` is None where the chat does not watch it.

    `since`: from when on transactions are stored whole, None for none.
    """

    chain: Chain
    address: str
    label: str | None
    zone: str
    price: Price | None
    since: int | None

    @property
    def name(self) -> str:
        """The chat's label, or enough of the address to know it again."""
        return self.label or short(self.address)


class AddressAt:
    """What came to an address and what went, as far as it is stored."""

    name = "address"
    summary = marked("An address: what came, what went, and when")
    parameters = (
        Parameter("address", Type.WATCH, marked("The address, or its label or number on the list")),
        Parameter(
            "outside",
            Type.CHOICE,
            marked("Ask outside for its balance, which tells the source the address"),
            required=False,
            choices=(LOOK_UP,),
            around=True,
        ),
    )
    examples = ("/address bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",)
    changes = False
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        meant = await meant_address(call.arguments["address"], call, desk, self.name)
        if isinstance(meant, Message):
            return meant
        return await _known_of(meant.chain, meant.address, call, desk)


async def _known_of(chain: Chain, address: str, call: Call, desk: Desk) -> Message:
    labels = await desk.read(labels_of, call.chat.id)
    price = await price_of(desk, chain.asset, call.chat.currency, call.now)
    since = await desk.read(raw_since, chain.name)
    view = View(chain, address, labels.get(address), call.chat.timezone, price, since)
    if "outside" not in call.arguments:
        record = await desk.read(address_record, chain.name, address, call.now)
        ask = look_up_button(desk, chain, f"/address {address}", "address")
        return format_record(record, view, ask)
    try:
        found = await look_up_address(desk, chain, address)
    except LookUpError as error:
        return refuse(str(error), buttons=_buttons(view, ()))
    watcher = source_for(desk, chain)
    return format_found(found, view, watcher.feed.source if watcher else "")


def format_record(record: AddressRecord, view: View, ask: tuple[Button, ...]) -> Message:
    """What is stored of an address; its balance cannot be known from that."""
    if not record.transactions:
        unseen = bold(_("I have not seen {name}").format(name=view.name))
        title = filled(_("{unseen} in a transaction."), unseen=unseen)
        lines = [say(code(view.address)), _history(view)]
        return Message(title, tuple(lines), _buttons(view, ask))
    lines = [
        say(code(view.address)),
        *_sums(record, view),
        say(),
        *_passages(record.newest, view),
        _history(view),
    ]
    return Message(_verdict(record, view), tuple(lines), _buttons(view, ask))


def _verdict(record: AddressRecord, view: View) -> Line:
    net = record.received - record.sent
    count = many(record.transactions, "in {n} transaction", "in {n} transactions")
    worth = in_brackets(abs(net), view.chain.asset, view.price)
    return say(bold(f"{view.name}: {_signed(net, view.chain)}"), f"{worth} {count}")


def _signed(amount: int, chain: Chain) -> str:
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    return f"{sign}{format_round(abs(amount), chain.asset)}"


def _sums(record: AddressRecord, view: View) -> Iterator[Line]:
    asset = view.chain.asset
    came, went = format_round(record.received, asset), format_round(record.sent, asset)
    yield say(_("In {came}, out {went}").format(came=came, went=went))
    if record.unconfirmed:
        some, all_ = number(record.unconfirmed), number(record.transactions)
        yield say(_("{n} of {all} unconfirmed").format(n=some, all=all_))
    if record.last_seen is not None and record.first_seen is not None:
        yield say(_("Last seen {time}").format(time=at(record.last_seen, view.zone)))
        if record.transactions > 1:
            yield say(_("First seen {time}").format(time=at(record.first_seen, view.zone)))


def _passages(passages: Sequence[Passage], view: View) -> Iterator[Line]:
    yield say(bold(_("Newest")))
    for passage in passages:
        url = view.chain.transaction_url.format(passage.hash)
        mark = "✅" if passage.confirmed else "⏳"
        amount = _signed(passage.net, view.chain)
        when = at(passage.seen_at, view.zone)
        yield say(f"{mark} {amount} · {when} · ", link(short(passage.hash), url))


def _history(view: View) -> Line:
    if view.since is None:
        return say(quiet(_("Nothing is stored yet: /status tells how far I am.")))
    known = _("Only what I have seen since {time}: I cannot know the balance from that.")
    return say(quiet(known.format(time=at(view.since, view.zone))))


def format_found(found: FoundAddress, view: View, source: str) -> Message:
    """What the source tells: the balance, and all that ever came and went."""
    asset = view.chain.asset
    worth = in_brackets(found.balance, asset, view.price)
    newest = [
        Passage(
            each.transaction.hash, each.transaction.time,
            net_of(each.transaction, {view.address}), each.height is not None,
        )
        for each in found.newest[:3]
    ]  # fmt: skip
    came, went = format_round(found.received, asset), format_round(found.sent, asset)
    lines = [
        say(code(view.address)),
        say(_("Ever: {came} came, {went} went").format(came=came, went=went)),
        say(many(found.transactions, "in {n} transaction", "in {n} transactions")),
        *([say(), *_passages(newest, view)] if newest else []),
        say(quiet(_("As {source} told just now.").format(source=source))),
    ]
    balance = bold(f"{view.name}: {format_amount(found.balance, asset)}")
    title = filled(_("{balance}{worth} there"), balance=balance, worth=worth)
    return Message(title, tuple(lines), _buttons(view, ()))


def _buttons(view: View, ask: tuple[Button, ...]) -> tuple[tuple[Button, ...], ...]:
    watch = Button(_("👁 Watch it"), f"/watch {view.address}")
    if view.label is not None:
        watch = Button(_("Unwatch"), f"/unwatch {view.address}")
    url = view.chain.address_url.format(view.address)
    row = (watch, Button(_("🔗 Explorer"), url=url))
    return (row, ask) if ask else (row,)
