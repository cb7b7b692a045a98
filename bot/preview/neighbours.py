"""Levels near that of a rule, round as people think them: pure."""

from collections.abc import Sequence

from msgspec.structs import replace

from detectors.model import Kind, Subscription, Way

_ROUND = (1, 2, 3, 5)
_MINUTES = (10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 720)
_RATES = (100, 1_000, 10_000)
_PRICE_STEP_PERCENT = 5


def neighbours(rule: Subscription) -> tuple[Subscription, ...]:
    """The rule at the next lower and the next higher level, none where it has no level."""
    if rule.way is Way.LATER:
        amounts = _around(rule.amount, [minutes * 60 for minutes in _MINUTES])
    elif rule.kind is Kind.ANOMALIES:
        amounts = _around(rule.amount, _RATES)
    elif rule.kind is Kind.PRICE:
        amounts = _by_steps(rule.amount)
    elif rule.kind in {Kind.WHALES, Kind.FEES} or (rule.kind is Kind.WATCH and rule.amount):
        amounts = _around(rule.amount, _round_numbers(rule.amount))
    else:
        amounts = ()
    return tuple(replace(rule, amount=amount) for amount in amounts)


def _round_numbers(amount: int) -> list[int]:
    powers = [10**power for power in range(len(str(amount)) + 1)]
    return [first * power for power in powers for first in _ROUND]


def _around(amount: int, levels: Sequence[int]) -> tuple[int, ...]:
    below = [level for level in levels if level < amount][-1:]
    above = [level for level in levels if level > amount][:1]
    return (*below, *above)


def _by_steps(amount: int) -> tuple[int, ...]:
    wanted = amount * _PRICE_STEP_PERCENT // 100
    step = max((n for n in _round_numbers(max(wanted, 1)) if n <= max(wanted, 1)), default=1)
    return tuple(level for level in (-(-amount // step) * step - step, amount // step * step + step)
                 if level > 0)  # fmt: skip
