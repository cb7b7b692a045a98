"""Fees past a level: `/alerts add fees below 3`."""

import re
from collections.abc import Sequence
from decimal import Decimal

from bot.commands.command import UsageError
from bot.commands.values import SHOWN
from bot.kinds.kind import Chains, on_chain, past
from bot.language import _
from bot.wording.amounts import format_fee_level, format_fee_rate
from bot.wording.words import bold, clean, say
from detectors.model import Alert, Kind, Subscription, Way
from storage.model import Button, Line
from watchers.model import Chain

_HIGHEST = 1_000_000
_NUMBER = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?|\.[0-9]{1,20}")
_UNIT = re.compile(r"\s*\w+/\w+$")
_COMMA = re.compile(r"([0-9]+),([0-9]{1,2})$")


class FeesWords:
    """The usual fee rate, crossing a level."""

    kind = Kind.FEES
    mark = "⛽"
    examples = ("below 3", "above 50")

    def parse(self, text: str, chains: Chains) -> Sequence[Subscription]:
        """`below 3`, `above 12.5 sat/vB`."""
        chain, words = on_chain(text, chains)
        way, value = past(words)
        number = _UNIT.sub("", value.removesuffix(chain.fee_rate_unit.lower()))
        rate = _thousandths(number.strip())
        return [Subscription(0, 0, self.kind, chain.name, amount=rate, way=Way(way))]

    def text(self, subscription: Subscription, chains: Chains) -> str:
        """`below 3`."""
        del chains
        return f"{subscription.way} {Decimal(subscription.amount).scaleb(-3).normalize():f}"

    def describe(self, subscription: Subscription, chains: Chains) -> str:
        """`Fees below 3 sat/vB`."""
        above = subscription.way is Way.ABOVE
        said = _("Fees above {rate} {unit}") if above else _("Fees below {rate} {unit}")
        unit = chains[subscription.chain].fee_rate_unit
        return said.format(rate=format_fee_level(subscription.amount), unit=unit)

    def tell(self, alert: Alert, chain: Chain, zone: str) -> Line:
        """`Fees are below 3 sat/vB: usual is 2.8`."""
        del zone
        way, level, *_rest = alert.subject.split()
        above = way == Way.ABOVE
        said = (
            _("⛽ Fees are above {rate} {unit}") if above else _("⛽ Fees are below {rate} {unit}")
        )
        verdict = bold(said.format(rate=format_fee_level(int(level)), unit=chain.fee_rate_unit))
        return say(verdict, _(": {rate} is usual now").format(rate=format_fee_rate(alert.amount)))

    def buttons(self, alert: Alert, chain: Chain) -> tuple[Button, ...]:
        """How they went."""
        del alert
        return (Button(_("📈 Chart"), f"/chart fees {chain.name} 24h"),)


def _thousandths(text: str) -> int:
    plain = _COMMA.sub(r"\1.\2", text)
    if not _NUMBER.fullmatch(plain):
        no_rate = _("“{text}” is no fee rate: write one like 3.")
        raise UsageError(no_rate.format(text=clean(text, SHOWN)))
    rate = Decimal(plain)
    if not 0 < rate <= _HIGHEST or rate * 1000 != int(rate * 1000):
        raise UsageError(_("A fee rate is more than 0 and has at most three decimal places."))
    return int(rate * 1000)
