"""What is odd by what was learnt of the chain: `/alerts add anomalies 1 in 1000`."""

import re
from collections.abc import Sequence

from bot.commands.command import UsageError
from bot.commands.values import SHOWN
from bot.kinds.kind import Chains, on_chain
from bot.kinds.transactions import OfTransactions
from bot.language import _
from bot.wording.words import clean, number
from detectors.model import Kind, Subscription

LEVELS = (100, 1_000, 10_000)
COMMONEST, RAREST = 10, 1_000_000
_WORDS = {"unusual": 100, "rare": 1_000, "very rare": 10_000}
_RATE = re.compile(r"(?:1|one) in ([\d,]{1,9})", re.ASCII)


class AnomaliesWords(OfTransactions):
    """Odd transactions, by how rare they are."""

    kind = Kind.ANOMALIES
    mark = "🔎"
    examples = ("", "1 in 1000", "rare", "very rare")

    def parse(self, text: str, chains: Chains) -> Sequence[Subscription]:
        """`1 in 1000`, `rare`, `very rare`; nothing is read as 0: the chat's budget decides."""
        chain, words = on_chain(text, chains)
        return [Subscription(0, 0, self.kind, chain.name, amount=parse_rate(" ".join(words)))]

    def text(self, subscription: Subscription, chains: Chains) -> str:
        """`1 in 1000`."""
        del chains
        return f"1 in {subscription.amount}"

    def describe(self, subscription: Subscription, chains: Chains) -> str:
        """`Odd Bitcoin transactions, 1 in 1,000 or rarer`."""
        title = chains[subscription.chain].title
        odd = _("Odd {chain} transactions, 1 in {n} or rarer")
        return odd.format(chain=title, n=number(subscription.amount))


def parse_rate(text: str) -> int:
    """In how many transactions one is to be told, 0 for no text; raises `UsageError`."""
    words = text.lower().strip()
    if not words:
        return 0
    match = _RATE.fullmatch(words)
    one_in = int(match[1].replace(",", "") or 0) if match else _WORDS.get(words)
    if one_in is None:
        unlike = _("“{word}” is no rate: write 1 in 1000, rare or very rare.")
        raise UsageError(unlike.format(word=clean(text, SHOWN)))
    if not COMMONEST <= one_in <= RAREST:
        between = _("From 1 in {commonest} to 1 in {rarest}, please.")
        raise UsageError(between.format(commonest=COMMONEST, rarest=number(RAREST)))
    return one_in


def rate_within(hourly: int, transactions_an_hour: float) -> int:
    """The commonest level that takes at most half of so many messages an hour."""
    for level in LEVELS:
        if transactions_an_hour / level <= hourly / 2:
            return level
    return LEVELS[-1]
