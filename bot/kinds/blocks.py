"""New and late blocks: `/alerts add blocks`, `/alerts add blocks later than 30m`."""

from collections.abc import Sequence

from bot.commands.command import UsageError
from bot.commands.times import FOREVER_SECONDS, parse_duration
from bot.kinds.kind import Chains, on_chain
from bot.language import _
from bot.wording.words import bold, filled, link, number, say, short, span
from detectors.model import Alert, Kind, Subscription, Way
from storage.model import Button, Line
from watchers.model import Chain


class BlocksWords:
    """Each block, or one that keeps everybody waiting."""

    kind = Kind.BLOCKS
    mark = "⛏"
    examples = ("", "later than 30m")

    def parse(self, text: str, chains: Chains) -> Sequence[Subscription]:
        """Nothing, or `later than` a time, 30 minutes where none is said."""
        chain, words = on_chain(text, chains)
        if not words:
            return [Subscription(0, 0, self.kind, chain.name)]
        if words[0].lower() not in {"later", "late", "slower"}:
            raise UsageError(_("Say nothing more for each block, or: later than 30m."))
        if words[-1].lower() == "than":
            raise UsageError(_("Later than what? For example: later than 30m."))
        given = [word for word in words[1:] if word.lower() != "than"]
        seconds = parse_duration(" ".join(given) or "30m")
        if seconds >= FOREVER_SECONDS:
            raise UsageError(_("That would be never. A block is late after 30m or 1h."))
        return [Subscription(0, 0, self.kind, chain.name, amount=seconds, way=Way.LATER)]

    def text(self, subscription: Subscription, chains: Chains) -> str:
        """`later than 30m`, or nothing."""
        del chains
        later = subscription.way is Way.LATER
        return f"later than {subscription.amount // 60}m" if later else ""

    def describe(self, subscription: Subscription, chains: Chains) -> str:
        """`Each new Bitcoin block`."""
        title = chains[subscription.chain].title
        if subscription.way is Way.LATER:
            late = _("A {chain} block later than {span}")
            return late.format(chain=title, span=span(subscription.amount))
        return _("Each new {chain} block").format(chain=title)

    def tell(self, alert: Alert, chain: Chain, zone: str) -> Line:
        """`Block 840,000 was found`."""
        del zone
        at = chain.block_url.format(alert.subject)
        if alert.window:
            waited = _("⏳ No {chain} block for {span}")
            waited = waited.format(chain=chain.title, span=span(alert.window))
            last = link(number(alert.amount), at)
            return filled(_("{waited} since {block}"), waited=bold(waited), block=last)
        late = _(" · late") if alert.late else ""
        block = _("⛏ {chain} block {height}")
        block = block.format(chain=chain.title, height=number(alert.amount))
        return say(bold(block), " ", link(short(alert.subject), at), late)

    def buttons(self, alert: Alert, chain: Chain) -> tuple[Button, ...]:
        """The block itself."""
        del chain
        return (
            Button(
                _("Block {height}").format(height=number(alert.amount)), f"/block {alert.amount}"
            ),
        )
