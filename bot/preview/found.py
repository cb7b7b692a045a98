"""What a preview found, before it is put into words."""

from collections.abc import Sequence

from msgspec import Struct

from bot.preview.count import Count
from bot.preview.past import Past
from detectors.model import Subscription


class Asked(Struct, frozen=True):
    """The rules that are meant, how they were asked for, and how far back.

    `typed` is what follows `/preview`; `adds` what follows `/alerts add` to have the rule,
    "" where the chat has it.
    """

    rules: tuple[Subscription, ...]
    typed: str
    period: int
    adds: str = ""

    @property
    def is_one(self) -> bool:
        """Whether it is about one rule, if perhaps on several chains."""
        return len({(rule.kind, rule.about) for rule in self.rules}) == 1


class Found(Struct, frozen=True):
    """What the rules would have told together.

    `near`: how many messages at levels nearby; `each`: how many every rule, one of several,
    would have told by itself.
    """

    asked: Asked
    pasts: Sequence[Past]
    count: Count
    budget: int
    near: tuple[tuple[Subscription, int], ...] = ()
    each: tuple[int, ...] = ()

    @property
    def is_cut(self) -> bool:
        """Whether there was more than could be read."""
        return not all(
            past.is_whole(rule)
            for past in self.pasts
            for rule in self.asked.rules
            if rule.chain == past.chain
        )

    def begin(self, now: int) -> int | None:
        """The first moment of the period that anything is known of; None for none."""
        known = [b for past in self.pasts if (b := self._begin(past)) is not None]
        return max(min(known), now - self.asked.period) if known else None

    def _begin(self, past: Past) -> int | None:
        begins = [past.begin_of(rule) for rule in self.asked.rules if rule.chain == past.chain]
        return min((begin for begin in begins if begin is not None), default=None)
