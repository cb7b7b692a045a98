"""How mutes and quiet hours are named: pure."""

from collections.abc import Mapping

from msgspec import Struct

from bot.kinds.registry import KINDS
from bot.language import _, signs
from bot.wording.words import at, clock, date_of, short
from detectors.model import Subscription
from storage.mutes import Subject
from storage.quiet import EVERY_DAY, QuietHours
from storage.ruling import Mute, Scope
from watchers.model import Chain

ENDLESS_SECONDS = 5 * 10**9
"""What ends later than this ends never."""
_DAY = 86400
_SOON_SECONDS = 20 * 3600
"""What is no further off is named by its time of day alone."""
_MOST_OF_A_YEAR = 300 * _DAY


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
            return _("Alerts about {subject}").format(subject=names.address(about.subject))
        case Scope.COUNTERPARTY:
            said = _("Alerts of dealings with {address}")
            return said.format(address=names.address(about.subject))
        case Scope.ASSET:
            return _("Alerts about {subject}").format(subject=about.subject)
        case Scope.RULE:
            rule = names.rules.get(about.subject)
            if rule is None:
                return _("Alerts by a rule that is gone")
            return _("Alerts by {rule}").format(rule=rule_words(rule, names))
        case _:
            return _("All alerts")


def rule_words(rule: Subscription, names: Names) -> str:
    """`rule 3, Transactions from 500 BTC on`: what somebody asked for."""
    described = KINDS[rule.kind].describe(rule, names.chains)
    return _("rule {number} ({rule})").format(number=rule.number, rule=described)


def until_words(until: int, now: int, zone: str, ending: str = "unmute") -> str:
    """`until 18:40`, with the day where it is not soon; `ending` ends the endless."""
    if until - now > ENDLESS_SECONDS:
        return _("until you resume") if ending == "resume" else _("until you unmute")
    if until - now > _MOST_OF_A_YEAR:
        return _("until {time}").format(time=date_of(until, zone))
    return _("until {time}").format(
        time=(clock if until - now < _SOON_SECONDS else at)(until, zone)
    )


def quiet_words(hours: QuietHours) -> str:
    """`22:00 to 07:00, Mon to Fri`."""
    days = _weekday_words(hours.weekdays)
    said = _("{begin} to {end}, {days}") if days else _("{begin} to {end}")
    return said.format(begin=_wall(hours.begins), end=_wall(hours.ends), days=days)


def _wall(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _weekday_words(weekdays: int) -> str:
    if weekdays == EVERY_DAY:
        return ""
    return ", ".join(name for bit, name in enumerate(signs().weekdays) if weekdays >> bit & 1)
