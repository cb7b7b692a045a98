"""What is said of a transaction, in alerts and in answers alike: pure."""

from collections.abc import Mapping, Sequence

from bot.wording.amounts import format_fee_rate
from bot.wording.words import bold, code, many, say, short
from storage.alerts import State
from storage.model import Button, Line, Text
from watchers.model import Chain, Transaction, Transfer

CATEGORIES = {
    "payment": "Payment",
    "self-transfer": "Self-transfer",
    "consolidation": "Consolidation",
    "batch": "Batch payment",
    "coinbase": "Mining reward",
    "coinjoin": "Coinjoin",
    "data": "Data",
}
NOBODY = "no address"
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
    origin = _party(
        senders, labels, "newly mined" if transaction.category == "coinbase" else NOBODY
    )
    return say(*origin, " → ", *_party(receivers or senders, labels, NOBODY))


def _party(
    addresses: Sequence[str], labels: Mapping[str, str], nobody: str
) -> tuple[str | Text, ...]:
    if not addresses:
        return (nobody,)
    label = labels.get(addresses[0], "")
    more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
    name = (bold(label), " ") if label else ()
    return (*name, code(short(addresses[0])), more)


def kind_words(transaction: Transaction) -> str:
    """`Payment · 1 input, 2 outputs`."""
    inputs, outputs = len(transaction.inputs), len(transaction.outputs)
    kind = CATEGORIES.get(transaction.category, transaction.category.capitalize())
    spent = many(inputs, "{n} input", "{n} inputs")
    made = many(outputs, "{n} output", "{n} outputs")
    return f"{kind} · {spent}, {made}"


def state_words(state: State) -> str:
    """How it stands, with a mark to know it by; not how deep, which would not stay true."""
    mark = MARKS[state.name]
    match state.name:
        case "confirmed":
            return f"{mark} Confirmed" + (
                "" if state.height is None else f" in block {state.height:,}"
            )
        case "replaced":
            by = f" by {short(state.replaced_by)}" if state.replaced_by else ""
            return f"{mark} Replaced{by}, so unlikely to be mined"
        case "orphaned":
            return f"{mark} Unconfirmed again: its block left the chain"
        case "expired":
            return f"{mark} No word of it for 14 days, fate unknown"
        case _:
            return f"{mark} Unconfirmed"


def fee_rate_words(transaction: Transaction | None, chain: Chain) -> str:
    """`12.3 sat/vB`, "" where nothing is paid or known."""
    if transaction is None or transaction.fee is None or transaction.category == "coinbase":
        return ""
    thousandths = transaction.fee * 1000 // max(transaction.virtual_size, 1)
    return f"{format_fee_rate(thousandths)} {chain.fee_rate_unit}"


def watch_buttons(transaction: Transaction, labels: Mapping[str, str]) -> tuple[Button, ...]:
    """The next step for its largest sender and receiver, unless they are watched already."""
    roles = (("sender", senders_of(transaction)), ("receiver", receivers_of(transaction)))
    return tuple(
        Button(f"👁 Watch {role}", f"/watch {addresses[0]}")
        for role, addresses in roles
        if addresses and addresses[0] not in labels
    )
