"""What moves at an address: `/alerts add watch ADDRESS label`, or `/watch`."""

from collections.abc import Sequence

from bot.commands.command import UsageError
from bot.commands.values import parse_address
from bot.kinds.kind import Chains
from bot.kinds.transactions import OfTransactions
from bot.language import _, marked
from bot.wording.amounts import asset_in, format_exact
from bot.wording.words import clean, short
from detectors.model import Kind, Subscription, Way

LABEL_LENGTH = 40
_WAYS = {Way.IN: marked("what comes in"), Way.OUT: marked("what goes out")}


class WatchWords(OfTransactions):
    """A watched address."""

    kind = Kind.WATCH
    mark = "👁"
    examples = ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "ADDRESS My name for it")

    def parse(self, text: str, chains: Chains) -> Sequence[Subscription]:
        """An address and perhaps a label."""
        address, _space, label = text.strip().partition(" ")
        if not address:
            raise UsageError(_("Which address?"))
        meant = parse_address(address, chains)
        label = clean(label, LABEL_LENGTH)
        return [Subscription(0, 0, self.kind, meant.chain.name, meant.address, label)]

    def text(self, subscription: Subscription, chains: Chains) -> str:
        """The address and the label."""
        del chains
        return f"{subscription.address} {subscription.label}".rstrip()

    def describe(self, subscription: Subscription, chains: Chains) -> str:
        """`Cold bc1q…5mdq, what comes in, from 0.5 BTC on`."""
        name = f"{subscription.label} {short(subscription.address)}".lstrip()
        way = _WAYS.get(subscription.way)
        parts = [name, _(way) if way else ""]
        if subscription.amount:
            asset = asset_in(subscription.unit, chains[subscription.chain].asset)
            least = format_exact(subscription.amount, asset)
            parts.append(_("from {amount} on").format(amount=least))
        return ", ".join(filter(None, parts))
