"""How grave it is what a message tells: its colour, where a platform has colours, and words."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bot.language import _
from bot.wording.words import bold, say
from detectors.model import Severity
from detectors.watched import Watched
from storage.alerts import Story
from storage.model import Message


def is_critical(story: Story) -> bool:
    """Whether anything of it is, and it did not just pass between what is watched here."""
    critical = [alert for alert in story.alerts if alert.severity >= Severity.CRITICAL]
    if any(alert.detector != Watched.name for alert in critical):
        return True
    fee = story.transaction.fee if story.transaction is not None else None
    net = sum(alert.amount for alert in story.alerts if alert.detector == Watched.name)
    return bool(critical) and net < -(fee or 0)


def with_severity(message: Message, stories: Sequence[Story]) -> Message:
    """The severity of the gravest; a critical one is said in words, too."""
    if any(map(is_critical, stories)):
        line = say(bold(_("🚨 Critical")))
        return replace(message, lines=(*message.lines, line), severity=Severity.CRITICAL)
    return replace(message, severity=min(_gravest(stories), Severity.NOTABLE))


def _gravest(stories: Iterable[Story]) -> Severity:
    severities = (alert.severity for story in stories for alert in story.alerts)
    return max(severities, default=Severity.INFO)
