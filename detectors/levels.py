"""Values that cross levels: told once, and again only after they went well back."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from detectors.model import Subscription, Way

Beyond: TypeAlias = Mapping[str, bool]
"""By `Subscription.about`: whether the value is past the level and that was told."""


def crossed(
    levels: Iterable[Subscription], value: int, before: Beyond, slack_percent: int
) -> tuple[list[Subscription], dict[str, bool]]:
    """One subscription for each level that a value crosses, and what to remember.

    A level that is new is told from the next time on that it is crossed. One that was
    crossed waits until the value is back by `slack_percent` of the level, so that a value
    which trembles around it is told once.
    """
    found, after = [], {}
    for about, level in {level.about: level for level in levels}.items():
        was = before.get(about)
        if was:
            after[about] = not _is_back(value, level, slack_percent)
        else:
            after[about] = is_beyond(value, level)
            if was is False and after[about]:
                found.append(level)
    return found, after


def is_beyond(value: int, level: Subscription) -> bool:
    """Whether a value reaches a level: at least where it is `ABOVE`, at most where below."""
    return value >= level.amount if level.way is Way.ABOVE else value <= level.amount


def _is_back(value: int, level: Subscription, slack_percent: int) -> bool:
    if level.way is Way.ABOVE:
        return value * 100 <= level.amount * (100 - slack_percent)
    return value * 100 >= level.amount * (100 + slack_percent)
