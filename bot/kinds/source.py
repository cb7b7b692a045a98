"""Trouble with a source: `/alerts add source`."""

from collections.abc import Sequence

from bot.commands.command import UsageError
from bot.kinds.kind import Chains, on_chain
from bot.language import _
from bot.wording.words import at, bold, filled, span
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
            raise UsageError(_("Say nothing more, or name a chain."))
        return [Subscription(0, 0, self.kind, chain.name)]

    def text(self, subscription: Subscription, chains: Chains) -> str:
        """Nothing."""
        del subscription, chains
        return ""

    def describe(self, subscription: Subscription, chains: Chains) -> str:
        """`When Bitcoin cannot be heard`."""
        title = chains[subscription.chain].title
        return _("When {chain} cannot be heard").format(chain=title)

    def tell(self, alert: Alert, chain: Chain, zone: str) -> Line:
        """`Bitcoin cannot be heard since 18:40 on 3 May`."""
        since = at(alert.window, zone)
        if alert.subject == DOWN:
            lost = _("📡 {chain} cannot be heard").format(chain=chain.title)
            return filled(_("{lost} since {time}"), lost=bold(lost), time=since)
        heard = _("📡 {chain} is heard again").format(chain=chain.title)
        return filled(_("{heard} after {span}"), heard=bold(heard), span=span(alert.amount))

    def buttons(self, alert: Alert, chain: Chain) -> tuple[Button, ...]:
        """How everything is."""
        del alert, chain
        return (Button(_("Status"), "/status"),)
