"""How what is odd reads: how rare it is, and the features that carry that, with the usual."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.language import _
from bot.wording.amounts import format_fee_rate, format_round
from bot.wording.features import reason_said
from bot.wording.words import number, octets, say, span
from detectors.model import Kind
from storage.alerts import Story
from storage.model import Button, Line
from watchers.model import Chain

if TYPE_CHECKING:
    from detectors.learnt.reasons import Reason

MILLION = 1_000_000


def rarity(one_in: int) -> str:
    """`1 in 4,200`: to two digits, as more would promise too much."""
    if one_in >= MILLION:
        return _("rarer than 1 in {n}").format(n=number(MILLION))
    step = 10 ** max(len(str(one_in)) - 2, 0)
    return _("1 in {n}").format(n=number(one_in // step * step))


def is_only_odd(story: Story) -> bool:
    """Whether there is nothing else to tell of a transaction."""
    return all(alert.detector == Kind.ANOMALIES for alert in story.alerts)


def odd_lines(story: Story, reasons: Sequence[Line]) -> list[Line]:
    """The reasons, after how rare that is where the verdict tells of something else."""
    if not reasons or is_only_odd(story):
        return list(reasons)
    return [say(f"🔎 {rarity(max(alert.rate for alert in story.alerts))}"), *reasons]


def judge_buttons(story: Story, message: int) -> tuple[Button, ...]:
    """Whether that was worth telling: asked of what a model found odd."""
    if not message or all(alert.detector != Kind.ANOMALIES for alert in story.alerts):
        return ()
    return (Button("👍", f"/useful {message} yes"), Button("👎", f"/useful {message} no"))


def reason_line(reason: "Reason", chain: Chain) -> Line:
    """`• 121 inputs; 99.9 % of transactions have fewer than 14`."""
    return say(f"• {reason_words(reason, chain)}")


def reason_words(reason: "Reason", chain: Chain) -> str:
    """`121 inputs; 99.9 % of transactions have fewer than 14`."""
    unit = reason.about.unit
    value, bound = (written(amount, unit, chain) for amount in (reason.value, reason.bound))
    return reason_said(reason, value, bound)


def written(value: float, unit: str, chain: Chain) -> str:
    """A value of a feature, by its unit."""
    match unit:
        case "amount":
            return format_round(round(value), chain.asset)
        case "rate":
            return f"{format_fee_rate(round(value * 1000))} {chain.fee_rate_unit}"
        case "share":
            return f"{number(value * 100, 1 if 0 < value < 0.1 else 0)} %"
        case "seconds":
            return span(value)
        case "size":
            return octets(round(value))
    return number(value, 1 if unit == "times" and value < 10 else 0)
