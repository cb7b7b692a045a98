"""What moves at an address: `/alerts add watch ADDRESS in min 0.5 BTC label`, or `/watch`."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from bot.commands.around import take_around
from bot.commands.command import Parameter, Type, UsageError
from bot.commands.values import parse_address, parse_amount_in, unquoted
from bot.kinds.kind import Chains
from bot.kinds.transactions import OfTransactions
from bot.language import _, marked
from bot.wording.amounts import asset_in, format_exact
from bot.wording.typed_amounts import typed_amount
from bot.wording.words import clean, short
from detectors.model import Kind, Ring, Subscription, Way
from watchers.model import Chain

LABEL, OFF = "label", "off"
LABEL_LENGTH = 40
WAYS: Mapping[str, Way] = {"in": Way.IN, "out": Way.OUT, "any": Way.ANY}
WAY_NAMES: Mapping[Way, str] = {way: name for name, way in WAYS.items()}
LIMITS = (
    Parameter(
        "direction", Type.CHOICE, marked("Only what comes in, or only what goes out"),
        required=False, choices=tuple(WAYS), around=True,
    ),
    Parameter(
        "min", Type.AMOUNT, marked("Only from this amount on"),
        required=False, choices=(OFF,), named=True, around=True,
    ),
)  # fmt: skip
"""What of an address is told: typed before or behind its label."""
_RING = Parameter(
    "ring", Type.CHOICE, "", required=False, choices=tuple(Ring), named=True, around=True
)
_WAYS = {Way.IN: marked("what comes in"), Way.OUT: marked("what goes out")}


class WatchWords(OfTransactions):
    """A watched address."""

    kind = Kind.WATCH
    mark = "👁"
    examples = (
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "ADDRESS in min 0.5 BTC label Savings",
    )

    def parse(self, text: str, chains: Chains) -> Sequence[Subscription]:
        """An address, and in any order a label, a direction, a least amount and a ring."""
        address, _space, rest = text.strip().partition(" ")
        if not address:
            raise UsageError(_("Which address?"))
        meant = parse_address(address, chains)
        only = {meant.chain.name: meant.chain}
        given, label = take_around((*LIMITS, _RING), LABEL, rest, only)
        begun = Subscription(
            0, 0, self.kind, meant.chain.name, meant.address, ring=Ring(given.get("ring", "loud"))
        )
        return [limited(begun, given | {LABEL: unquoted(label)}, meant.chain)]

    def text(self, subscription: Subscription, chains: Chains) -> str:
        """The address, and what is told of it."""
        chain = chains[subscription.chain]
        words = [subscription.address]
        if subscription.way in _WAYS:
            words.append(WAY_NAMES[subscription.way])
        if subscription.amount:
            asset = asset_in(subscription.unit, chain.asset)
            words.append(f"min {typed_amount(subscription.amount, asset)}")
        if subscription.label:
            words.append(f'{LABEL} "{subscription.label}"')
        return " ".join(words)

    def describe(self, subscription: Subscription, chains: Chains) -> str:
        """`Cold bc1q…5mdq, what comes in, from 0.5 BTC on`."""
        name = f"{subscription.label} {short(subscription.address)}".lstrip()
        return ", ".join(filter(None, (name, limits(subscription, chains[subscription.chain]))))


def limited(asked: Subscription, given: Mapping[str, Any], chain: Chain) -> Subscription:
    """A watch with what was given of its label and `LIMITS`; raises `UsageError`."""
    if label := given.get(LABEL):
        if any(chain.looks_like_address(word) for word in label.split()):
            raise UsageError(_("One address at a time: what stands behind it is its name."))
        asked = replace(asked, label=clean(label, LABEL_LENGTH))
    if "direction" in given:
        asked = replace(asked, way=WAYS[given["direction"]])
    least = given.get("min")
    if least == OFF:
        return replace(asked, amount=0, unit="")
    if least is not None:
        parse_amount_in(f"1 {least.unit}", {chain.name: chain})  # refuses another chain's
        asked = replace(asked, amount=least.amount, unit=least.unit)
    return asked


def limits(asked: Subscription, chain: Chain) -> str:
    """`what comes in, from 0.5 BTC on`; "" for all that moves."""
    way = _WAYS.get(asked.way)
    parts = [_(way)] if way else []
    if asked.amount:
        least = format_exact(asked.amount, asset_in(asked.unit, chain.asset))
        parts.append(_("from {amount} on").format(amount=least))
    return ", ".join(parts)
