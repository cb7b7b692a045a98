"""What a kind of subscription is: how it is asked for, listed and told."""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.commands.command import UsageError
from bot.commands.values import parse_chain
from bot.language import _
from detectors.model import Alert, Kind, Subscription
from storage.model import Button, Line
from watchers.model import Chain

_WAYS = {
    "above": r"[>≥]=?|(?:above|over|more than|über|mehr als|por encima de|más de)\b",
    "below": r"[<≤]=?|(?:below|under|less than|unter|weniger als|por debajo de|bajo|menos de)\b",
}
Chains = Mapping[str, Chain]


class KindWords(Protocol):
    """One kind. Alerts without a transaction come from the detector of the same name."""

    @property
    def kind(self) -> Kind:
        """Which one."""

    @property
    def mark(self) -> str:
        """An emoji to know it by."""

    @property
    def examples(self) -> tuple[str, ...]:
        """What can be typed after its name."""

    def parse(self, text: str, chains: Chains) -> Sequence[Subscription]:
        """What is meant by the text after its name, in chat 0; raises `UsageError`."""

    def text(self, subscription: Subscription, chains: Chains) -> str:
        """What `parse` would read as this, in full."""

    def describe(self, subscription: Subscription, chains: Chains) -> str:
        """What is told, in a few words."""

    def tell(self, alert: Alert, chain: Chain, zone: str) -> Line:
        """The verdict of an alert that has no transaction."""

    def buttons(self, alert: Alert, chain: Chain) -> tuple[Button, ...]:
        """What may be done next after such an alert."""


def on_chain(text: str, chains: Chains) -> tuple[Chain, list[str]]:
    """The chain that the last word names, else the first of all; and the words before it."""
    words = text.split()
    if words:
        try:
            return parse_chain(words[-1], chains), words[:-1]
        except UsageError:
            pass
    return next(iter(chains.values())), words


def past(words: Sequence[str]) -> tuple[str, str]:
    """`above` or `below`, and the value after it; raises `UsageError`."""
    text = " ".join(words).lower()
    for way, said in _WAYS.items():
        found = re.match(rf"(?:{said})\s*(?=\S)", text)
        if found:
            return way, text[found.end() :]
    raise UsageError(_("Say above or below, and a number."))
