"""What is said of a transaction, in alerts and in answers alike: pure."""

from collections.abc import Mapping, Sequence

from bot.language import _, marked
from bot.wording.amounts import format_fee_rate
from bot.wording.words import bold, code, many, number, say, short
from storage.model import Button, Line, Text
from storage.states import State
from watchers.model import Chain, Transaction, Transfer

CATEGORIES = {
    "payment": marked("Payment"),
    "self-transfer": marked("Self-transfer"),
    "consolidation": marked("Consolidation"),
    "batch": marked("Batch payment"),
    "coinbase": marked("Mining reward"),
    "coinjoin": marked("Coinjoin"),
    "data": marked("Data"),
}
NOBODY = marked("no address")
MARKS = {"pending": "⏳", "confirmed": "✅", "replaced": "⚠️", "orphaned": "↩️", "expired": "❔"}


def senders_of(transaction: Transaction) -> list[str]:
    """The addresses it spends from, the largest amount first."""
    return _ranked(transaction.inputs)


def receivers_of(transaction: Transaction) -> list[str]:
    """The addresses it pays besides its senders, the largest amount first."""
    senders = set(senders_of(transaction))
    return [address for address in _ranked(transaction.outputs) if address not in senders]


def _ranked(transfers: Sequence[Transfer]) -> list[str]:
    sums: dict[str, int] = {}
    for transfer in transfers:
        if transfer.address is not None:
            sums[transfer.address] = sums.get(transfer.address, 0) + transfer.amount
    return sorted(sums, key=lambda address: -sums[address])


def parties_line(transaction: Transaction, labels: Mapping[str, str]) -> Line:
    """From whom to whom, by the chat's own labels."""
    senders, receivers = senders_of(transaction), receivers_of(transaction)
    nobody = _("newly mined") if transaction.category == "coinbase" else _(NOBODY)
    origin = _party(senders, labels, nobody)
    return say(*origin, " → ", *_party(receivers or senders, labels, _(NOBODY)))


def _party(
    addresses: Sequence[str], labels: Mapping[str, str], nobody: str
) -> tuple[str | Text, ...]:
    if not addresses:
        return (nobody,)
    label = labels.get(addresses[0], "")
    others = len(addresses) - 1
    more = many(others, " and {n} more", " and {n} more") if others else ""
    name = (bold(label), " ") if label else ()
    return (*name, code(short(addresses[0])), more)


def kind_words(transaction: Transaction) -> str:
    """`Payment · 1 input, 2 outputs`."""
    inputs, outputs = len(transaction.inputs), len(transaction.outputs)
    kind = CATEGORIES.get(transaction.category, transaction.category.capitalize())
    spent = many(inputs, "{n} input", "{n} inputs")
    made = many(outputs, "{n} output", "{n} outputs")
    return f"{_(kind)} · {spent}, {made}"


def state_words(state: State) -> str:
    """How it stands, with a mark to know it by; not how deep, which would not stay true."""
    return f"{MARKS[state.name]} {state_phrase(state)}"


def state_phrase(state: State) -> str:
    """The same without the mark."""
    match state.name:
        case "confirmed" if state.height is not None:
            said = _("Confirmed in block {height}").format(height=number(state.height))
        case "confirmed":
            said = _("Confirmed")
        case "replaced" if state.replaced_by:
            said = _("Replaced by {other}, so unlikely to be mined")
            said = said.format(other=short(state.replaced_by))
        case "replaced":
            said = _("Replaced, so unlikely to be mined")
        case "orphaned":
            said = _("Unconfirmed again: its block left the chain")
        case "expired":
            said = _("No word of it for 14 days, fate unknown")
        case "pending":
            said = _("Unconfirmed")
    return said


def fee_rate_words(transaction: Transaction | None, chain: Chain) -> str:
    """`12.3 sat/vB`, "" where nothing is paid or known."""
    if transaction is None or transaction.fee is None or transaction.category == "coinbase":
        return ""
    thousandths = transaction.fee * 1000 // max(transaction.virtual_size, 1)
    return f"{format_fee_rate(thousandths)} {chain.fee_rate_unit}"


def watch_buttons(transaction: Transaction, labels: Mapping[str, str]) -> tuple[Button, ...]:
    """The next step for its largest sender and receiver, unless they are watched already."""
    roles = (
        (_("👁 Watch sender"), senders_of(transaction)),
        (_("👁 Watch receiver"), receivers_of(transaction)),
    )
    return tuple(
        Button(label, f"/watch {addresses[0]}")
        for label, addresses in roles
        if addresses and addresses[0] not in labels
    )
