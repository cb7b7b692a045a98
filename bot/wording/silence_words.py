"""How mutes and quiet hours are named: pure."""

from collections.abc import Mapping

from msgspec import Struct

from bot.kinds.registry import KINDS
from bot.wording.words import at, clock, short
from detectors.model import Subscription
from storage.mutes import Subject
from storage.quiet import EVERY_DAY, QuietHours
from storage.ruling import Mute, Scope
from watchers.model import Chain

ENDLESS_SECONDS = 5 * 10**9
"""What ends later than this ends never."""
_DAY = 86400
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Names(Struct, frozen=True):
    """What a chat calls things: its labels by address, its rules by id, and the chains."""

    labels: Mapping[str, str]
    rules: Mapping[str, Subscription]
    chains: Mapping[str, Chain]

    def address(self, address: str) -> str:
        """The label of an address, else what one knows it by."""
        return self.labels.get(address) or short(address)


def subject_words(about: Mute | Subject, names: Names) -> str:
    """`Alerts about Cold wallet`: what a mute keeps back."""
    match about.scope:
        case Scope.ADDRESS:
            return f"Alerts about {names.address(about.subject)}"
        case Scope.COUNTERPARTY:
            return f"Alerts of dealings with {names.address(about.subject)}"
        case Scope.ASSET:
            return f"Alerts about {about.subject}"
        case Scope.RULE:
            rule = names.rules.get(about.subject)
            return f"Alerts by {rule_words(rule, names) if rule else 'a rule that is gone'}"
        case _:
            return "All alerts"


def rule_words(rule: Subscription, names: Names) -> str:
    """`rule 3, Transactions from 500 BTC on`: what somebody asked for."""
    return f"rule {rule.number}, {KINDS[rule.kind].describe(rule, names.chains)}"


def until_words(until: int, now: int, zone: str, ending: str = "unmute") -> str:
    """`until 18:40`, with the day where it is not within one; `ending` ends the endless."""
    if until - now > ENDLESS_SECONDS:
        return f"until you {ending}"
    return f"until {(clock if until - now < _DAY else at)(until, zone)}"


def quiet_words(hours: QuietHours) -> str:
    """`22:00 to 07:00, Mon to Fri`."""
    days = _weekday_words(hours.weekdays)
    return f"{_wall(hours.begins)} to {_wall(hours.ends)}{f', {days}' if days else ''}"


def _wall(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _weekday_words(weekdays: int) -> str:
    if weekdays == EVERY_DAY:
        return ""
    return ", ".join(name for bit, name in enumerate(_DAYS) if weekdays >> bit & 1)
