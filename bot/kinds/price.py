"""The price past a level: `/alerts add price above 100000`."""

import re
from collections.abc import Sequence

from bot.commands.command import UsageError
from bot.kinds.kind import Chains, on_chain, past
from bot.language import _
from bot.wording.amounts import USD, format_exact, money_in
from bot.wording.typed_amounts import CURRENCIES, SUFFIXES, AmountError, parse_amount, typed_amount
from bot.wording.words import bold, say
from detectors.model import Alert, Kind, Subscription, Way
from storage.model import Button, Line
from watchers.model import Asset, Chain


class PriceWords:
    """What one of a chain's asset costs, crossing a level."""

    kind = Kind.PRICE
    mark = "💵"
    examples = ("above 100000", "below 80k EUR")

    def parse(self, text: str, chains: Chains) -> Sequence[Subscription]:
        """`above 100000`, `below 80k EUR`."""
        chain, words = on_chain(text, chains)
        way, value = past(words)
        number, currency = _currency(value)
        if not currency and text.rsplit(maxsplit=1)[-1].upper() == chain.asset.symbol:
            raise UsageError(_("A price is in a currency: USD or EUR, for example."))
        currency = currency or USD.symbol
        try:
            micro, _unit = parse_amount(number, Asset(currency, USD.decimals, ""))
        except AmountError as error:
            raise UsageError(f"{error}.") from None
        return [
            Subscription(
                0, 0, self.kind, chain.name, unit=currency, amount=micro, way=Way(way)
            )
        ]  # fmt: skip

    def text(self, subscription: Subscription, chains: Chains) -> str:
        """`above 100000 USD`."""
        del chains
        level = typed_amount(subscription.amount, money_in(subscription.unit))
        return f"{subscription.way} {level}"

    def describe(self, subscription: Subscription, chains: Chains) -> str:
        """`BTC above $100,000`."""
        level = format_exact(subscription.amount, money_in(subscription.unit))
        above = subscription.way is Way.ABOVE
        said = _("{asset} above {price}") if above else _("{asset} below {price}")
        return said.format(asset=chains[subscription.chain].asset.symbol, price=level)

    def tell(self, alert: Alert, chain: Chain, zone: str) -> Line:
        """`BTC is above $100,000: $100,120 now`."""
        del zone
        way, level, currency = alert.subject.split()
        money = money_in(currency)
        above = way == Way.ABOVE
        said = _("💵 {asset} is above {price}") if above else _("💵 {asset} is below {price}")
        verdict = said.format(asset=chain.asset.symbol, price=format_exact(int(level), money))
        now = _(": {price} now").format(price=format_exact(alert.amount, money))
        return say(bold(verdict), now)

    def buttons(self, alert: Alert, chain: Chain) -> tuple[Button, ...]:
        """How the day went."""
        del alert, chain
        return (Button(_("📊 Statistics"), "/stats"),)


def _currency(value: str) -> tuple[str, str]:
    """The number, and the currency that stands before or behind it, if any does."""
    words = re.sub(r"([$€£¥])", r" \1 ", value).split()
    called = {word: CURRENCIES.get(word, word).upper() for word in words if word not in SUFFIXES}
    named = [name for name in called.values() if len(name) == 3 and name.isalpha()]
    if len(named) > 1:
        raise UsageError(_("Name one currency."))
    numbers = [word for word in words if called.get(word) not in named]
    return " ".join(numbers), named[0] if named else ""
