"""Trouble with a source: `/alerts add source`."""

from collections.abc import Sequence

from bot.commands.command import UsageError
from bot.kinds.kind import Chains, on_chain
from bot.wording.words import at, bold, say, span
from detectors.model import Alert, Kind, Subscription
from detectors.sources import DOWN
from storage.model import Button, Line
from watchers.model import Chain


class SourceWords:
    """That a chain cannot be heard, and that it can again."""

    kind = Kind.SOURCE
    mark = "📡"
    examples = ("",)

    def parse(self, text: str, chains: Chains) -> Sequence[Subscription]:
        """Nothing, or a chain."""
        chain, words = on_chain(text, chains)
        if words:
            raise UsageError("Say nothing more, or name a chain.")
        return [Subscription(0, 0, self.kind, chain.name)]

    def text(self, subscription: Subscription, chains: Chains) -> str:
        """Nothing."""
        del subscription, chains
        return ""

    def describe(self, subscription: Subscription, chains: Chains) -> str:
        """`When Bitcoin cannot be heard`."""
        return f"When {chains[subscription.chain].title} cannot be heard"

    def tell(self, alert: Alert, chain: Chain, zone: str) -> Line:
        """`Bitcoin cannot be heard since 18:40 on 3 May`."""
        since = at(alert.window, zone)
        if alert.subject == DOWN:
            return say(bold(f"📡 {chain.title} cannot be heard"), f" since {since}")
        return say(bold(f"📡 {chain.title} is heard again"), f" after {span(alert.amount)}")

    def buttons(self, alert: Alert, chain: Chain) -> tuple[Button, ...]:
        """How everything is."""
        del alert, chain
        return (Button("Status", "/status"),)
