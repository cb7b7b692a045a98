"""Large transactions: `/alerts add whales 500 BTC`, or `/threshold`."""

from collections.abc import Sequence

from bot.commands.values import parse_amount_in
from bot.kinds.kind import Chains
from bot.kinds.transactions import OfTransactions
from bot.language import _
from bot.wording.amounts import USD, asset_in, format_exact
from bot.wording.typed_amounts import typed_amount
from detectors.model import Kind, Subscription


class WhalesWords(OfTransactions):
    """A whale threshold."""

    kind = Kind.WHALES
    mark = "🐋"
    examples = ("500 BTC", "$10M")

    def parse(self, text: str, chains: Chains) -> Sequence[Subscription]:
        """An amount, on every chain that has its unit; `above` may stand before it."""
        meant = parse_amount_in(text, chains)
        return [
            Subscription(0, 0, self.kind, chain.name, unit=meant.unit, amount=meant.amount)
            for chain in chains.values()
            if meant.unit in {chain.asset.symbol, USD.symbol}
        ]

    def text(self, subscription: Subscription, chains: Chains) -> str:
        """`500 BTC`."""
        asset = asset_in(subscription.unit, chains[subscription.chain].asset)
        return typed_amount(subscription.amount, asset)

    def describe(self, subscription: Subscription, chains: Chains) -> str:
        """`Transactions from 500 BTC on`."""
        chain = chains[subscription.chain]
        least = format_exact(subscription.amount, asset_in(subscription.unit, chain.asset))
        return _("Transactions from {amount} on").format(amount=least)
