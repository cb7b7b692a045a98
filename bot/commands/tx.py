"""`/tx HASH`: what is known of a transaction."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bot.asking import LOOK_UP, LookUpError, look_up_button, look_up_transaction, source_for
from bot.commands.command import Call, Parameter, Type
from bot.commands.values import TransactionOn
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.amounts import format_amount, format_round
from bot.wording.transaction_words import (
    fee_rate_words,
    kind_words,
    parties_line,
    state_words,
    watch_buttons,
)
from bot.wording.words import (
    at,
    bold,
    code,
    filled,
    link,
    many,
    number,
    quiet,
    refuse,
    say,
    short,
    span,
)
from bot.wording.worth import in_brackets, price_of
from storage.blocks import tip_height
from storage.lookups import TransactionRecord, transaction_record
from storage.model import Button, Line, Message
from storage.states import State
from storage.subscriptions import labels_of
from watchers.model import Chain, Price, Transaction, Transfer

SHOWN_OUTPUTS = 5


class View(Struct, frozen=True):
    """What a transaction is shown with: the chat's labels and zone, the price of its time.

    `source` is whom the transaction was asked of, "" where it is stored.
    """

    chain: Chain
    labels: Mapping[str, str]
    zone: str
    price: Price | None
    source: str = ""


class Tx:
    """One transaction: amount, parties, state, fee, times."""

    name = "tx"
    summary = marked("A transaction: who to whom, its state and fee")
    parameters = (
        Parameter("id", Type.TRANSACTION, marked("Its id")),
        Parameter(
            "outside",
            Type.CHOICE,
            marked("Ask the chain's source outside, which tells it the id"),
            required=False,
            choices=(LOOK_UP,),
        ),
    )
    examples = ("/tx 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",)
    changes = False
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        meant: TransactionOn = call.arguments["id"]
        chain, source = meant.chain, ""
        record = await desk.read(transaction_record, chain.name, meant.hash, call.now)
        if "outside" in call.arguments:
            try:
                record = await look_up(desk, meant)
            except LookUpError as error:
                return refuse(str(error), _explorer_line(meant))
            watcher = source_for(desk, chain)
            source = watcher.feed.source if watcher else ""
        if record is None:
            return _unknown(desk, meant)
        time = record.transaction.time
        price = await price_of(desk, chain.asset, call.chat.currency, time)
        labels = await desk.read(labels_of, call.chat.id)
        return format_transaction(record, View(chain, labels, call.chat.timezone, price, source))


async def look_up(desk: Desk, meant: TransactionOn) -> TransactionRecord:
    """As if it were stored; how deep it is, only our own blocks can tell."""
    found = await look_up_transaction(desk, meant.chain, meant.hash)
    tip = await desk.read(tip_height, meant.chain.name)
    depth = 0 if tip is None or found.height is None else max(0, tip - found.height + 1)
    state = State(height=found.height, confirmations=depth)
    return TransactionRecord(found.transaction, state, None, found.height is None)


def _unknown(desk: Desk, meant: TransactionOn) -> Message:
    button = look_up_button(desk, meant.chain, f"/tx {meant.hash}", "id")
    kept = many(
        desk.raw_days,
        "I keep what I see for {n} day. What came before, I never saw.",
        "I keep what I see for {n} days. What came before, I never saw.",
    )
    return refuse(
        _("I do not know {id}.").format(id=short(meant.hash)),
        say(kept),
        _explorer_line(meant),
        buttons=(button,) if button else (),
    )


def _explorer_line(meant: TransactionOn) -> Line:
    url, label = meant.chain.transaction_url.format(meant.hash), _("Look at it in an explorer")
    return say(link(label, url))


def format_transaction(record: TransactionRecord, view: View) -> Message:
    """The verdict, who to whom, how it stands, what it cost, when."""
    transaction = record.transaction
    lines = [
        parties_line(transaction, view.labels),
        say(kind_words(transaction)),
        say(_state(record.state, view.chain)),
        *_fee(transaction, view),
        *_times(record, view),
        *_outputs(transaction, view),
    ]
    if view.source:
        told = _("As {source} told just now; I have not stored it.")
        lines.append(say(quiet(told.format(source=view.source))))
    url = view.chain.transaction_url.format(transaction.hash)
    lines.append(say(link(short(transaction.hash), url)))
    return Message(_verdict(transaction, view), tuple(lines), _buttons(transaction, view, url))


def _verdict(transaction: Transaction, view: View) -> Line:
    """What moved; for addresses that the chat watches, what they gained or lost."""
    asset = view.chain.asset
    if transaction.category == "coinbase":
        worth = in_brackets(transaction.moved, asset, view.price)
        amount = bold(f"⛏ {format_round(transaction.moved, asset)}")
        return filled(_("{amount}{worth} to a miner"), amount=amount, worth=worth)
    mine = {t.address for t in (*transaction.inputs, *transaction.outputs)} & set(view.labels)
    if not mine:
        worth = in_brackets(transaction.moved, asset, view.price)
        amount = bold(format_round(transaction.moved, asset))
        return filled(_("{amount}{worth} moved"), amount=amount, worth=worth)
    net = net_of(transaction, {address for address in mine if address})
    worth, names = in_brackets(abs(net), asset, view.price), _names(mine, view)
    sign = "🟢 +" if net >= 0 else "🔴 −"
    said = _("{amount}{worth} to {names}") if net >= 0 else _("{amount}{worth} from {names}")
    amount = bold(f"{sign}{format_round(abs(net), asset)}")
    return filled(said, amount=amount, worth=worth, names=names)


def net_of(transaction: Transaction, addresses: set[str]) -> int:
    """What some addresses gained, below zero where they paid."""
    return _sum(transaction.outputs, addresses) - _sum(transaction.inputs, addresses)


def _sum(transfers: Sequence[Transfer], addresses: set[str]) -> int:
    return sum(transfer.amount for transfer in transfers if transfer.address in addresses)


def _names(addresses: set[str | None], view: View) -> str:
    known = sorted(address for address in addresses if address)
    first = view.labels[known[0]] or short(known[0])
    if len(known) == 1:
        return first
    more = _("{first} and {n} more of yours")
    return more.format(first=first, n=number(len(known) - 1))


def _state(state: State, chain: Chain) -> str:
    """The state, and how deep it is."""
    said, depth = state_words(state), number(state.confirmations)
    if not state.confirmations:
        return said
    if state.confirmations >= chain.final_after:
        return _("{state}, {n} deep: final").format(state=said, n=depth)
    deep = _("{state}, {n} of {final} deep")
    return deep.format(state=said, n=depth, final=chain.final_after)


def _fee(transaction: Transaction, view: View) -> Iterator[Line]:
    rate = fee_rate_words(transaction, view.chain)
    if transaction.fee == 0 and rate:
        yield say(_("No fee"))
    elif rate and transaction.fee is not None:
        worth = in_brackets(transaction.fee, view.chain.asset, view.price)
        fee = f"{format_amount(transaction.fee, view.chain.asset)}{worth}"
        yield say(_("Fee {amount}").format(amount=fee))
        yield say(f"{rate}, {number(transaction.virtual_size)} vB")
    elif transaction.category != "coinbase":
        yield say(_("Fee unknown"))


def _times(record: TransactionRecord, view: View) -> Iterator[Line]:
    seen = record.transaction.time
    if record.announced:
        yield say(_("First seen {time}").format(time=at(seen, view.zone)))
    if record.header is not None:
        waited = record.header.time - seen
        later = record.announced and waited > 0
        mined = _("Mined {time}, {span} later") if later else _("Mined {time}")
        yield say(mined.format(time=at(record.header.time, view.zone), span=span(waited)))
    elif not record.announced:
        yield say(_("In a block of {time}").format(time=at(seen, view.zone)))


def _outputs(transaction: Transaction, view: View) -> Iterator[Line]:
    """Who got how much, the largest first, where the line above does not tell it all."""
    if len(transaction.outputs) < 2:
        return
    yield say()
    yield say(bold(_("Paid")))
    senders = {transfer.address for transfer in transaction.inputs}
    ranked = sorted(transaction.outputs, key=lambda transfer: -transfer.amount)
    for transfer in ranked[:SHOWN_OUTPUTS]:
        amount = format_round(transfer.amount, view.chain.asset)
        is_back = transfer.address and transfer.address in senders
        back = _("(back to a sender)")
        yield say(f"{amount} → ", *_receiver(transfer, view), f" {back}" if is_back else "")
    if len(ranked) > SHOWN_OUTPUTS:
        rest = sum(transfer.amount for transfer in ranked[SHOWN_OUTPUTS:])
        more = many(len(ranked) - SHOWN_OUTPUTS, "{n} output more", "{n} outputs more")
        yield say(f"{format_round(rest, view.chain.asset)} → {more}")


def _receiver(transfer: Transfer, view: View) -> Line:
    if transfer.address is None:
        return say(_("no address"))
    label = view.labels.get(transfer.address, "")
    return say(bold(f"{label} ") if label else "", code(short(transfer.address)))


def _buttons(transaction: Transaction, view: View, url: str) -> tuple[tuple[Button, ...], ...]:
    links = (Button(_("🔗 Explorer"), url=url), Button(_("📋 Copy id"), copy=transaction.hash))
    watch = watch_buttons(transaction, view.labels)
    return (watch, links) if watch else (links,)
