"""One line of a list of subscriptions, as text: what a file holds of it."""

from collections.abc import Mapping

from msgspec.structs import replace

from bot.commands.command import UsageError
from bot.commands.values import parse_amount_in, parse_chain, warn_of_secret
from bot.kinds.kind import Chains
from bot.kinds.registry import KINDS
from bot.kinds.watch import LABEL_LENGTH, WAY_NAMES, WAYS
from bot.language import _
from bot.wording.amounts import asset_in
from bot.wording.typed_amounts import typed_amount
from bot.wording.words import clean
from detectors.model import Kind, Ring, Subscription

COLUMNS = ("kind", "chain", "address", "label", "direction", "minimum", "rule", "ring")

Row = Mapping[str, str]


def row_of(asked: Subscription, chains: Chains) -> dict[str, str]:
    """A subscription as the columns of a file."""
    row = dict.fromkeys(COLUMNS, "") | {
        "kind": str(asked.kind),
        "chain": asked.chain,
        "label": asked.label,
        "ring": str(asked.ring),
    }
    if asked.kind is not Kind.WATCH:
        return row | {"rule": KINDS[asked.kind].text(asked, chains)}
    least = ""
    if asked.amount:
        asset = asset_in(asked.unit, chains[asked.chain].asset)
        least = typed_amount(asked.amount, asset)
    return row | {
        "address": asked.address, "direction": WAY_NAMES[asked.way], "minimum": least,
    }  # fmt: skip


def parse_row(row: Row, present: Mapping[object, Subscription], chains: Chains) -> Subscription:
    """What a line means; what it leaves out stays as it is `present` (by `same`).

    Raises `UsageError`.
    """
    kind = _kind(row)
    if kind is Kind.WATCH:
        meant = KINDS[kind].parse(row.get("address", ""), chains)[0]
    else:
        meant = _ruled(kind, row, chains)
    known = present.get(same(meant))
    if known is not None:
        meant = replace(
            meant, label=known.label, ring=known.ring, number=known.number,
            **({"way": known.way, "amount": known.amount, "unit": known.unit}
               if kind is Kind.WATCH else {}),
        )  # fmt: skip
    if kind is Kind.WATCH:
        meant = _watched(meant, row, chains)
    if ring := row.get("ring", "").lower():
        if ring not in set(Ring):
            unlike = _("“{word}” is no ring: say {rings}.")
            raise UsageError(unlike.format(word=clean(ring, 20), rings=", ".join(Ring)))
        meant = replace(meant, ring=Ring(ring))
    return meant


def same(asked: Subscription) -> tuple[str, str, str]:
    """What two subscriptions of a chat have in common that cannot both be."""
    return asked.kind, asked.chain, asked.about


def _kind(row: Row) -> Kind:
    name = row.get("kind", "").lower() or ("watch" if row.get("address") else "")
    if name not in set(Kind):
        raise UsageError(_("“{word}” is no kind of alert.").format(word=clean(name, 20)))
    return Kind(name)


def _ruled(kind: Kind, row: Row, chains: Chains) -> Subscription:
    """What its rule says, on the chain that is named."""
    only = chains
    if row.get("chain"):
        chain = parse_chain(row["chain"], chains)
        only = {chain.name: chain}
    return KINDS[kind].parse(row.get("rule", ""), only)[0]


def _watched(meant: Subscription, row: Row, chains: Chains) -> Subscription:
    if warning := warn_of_secret(row.get("label", ""), chains):
        raise UsageError(warning)
    if row.get("label"):
        meant = replace(meant, label=clean(row["label"], LABEL_LENGTH))
    if direction := row.get("direction", "").lower():
        if direction not in WAYS:
            unknown = _("“{word}” is no direction: in, out or any.")
            raise UsageError(unknown.format(word=clean(direction, 20)))
        meant = replace(meant, way=WAYS[direction])
    if row.get("minimum"):
        chain = chains[meant.chain]
        least = parse_amount_in(row["minimum"], {chain.name: chain})
        meant = replace(meant, amount=least.amount, unit=least.unit)
    return meant
