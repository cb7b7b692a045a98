"""What went wrong on a message's way out, for its reader and for the owners."""

from bot.language import marked
from bot.wording.words import platform_name
from storage.model import Delivery
from watchers.model import Incident, sealed

OURS = marked("a fault of ours, see the log")
MOVED = marked("it was said before the chat moved")
_LONGEST = 300


def fault_of(platform: str, error: BaseException, now: int) -> Incident:
    """A message fails to leave, and not by a verdict of its platform: it is tried again."""
    detail = sealed("A message is tried again later. {cause}", cause=_cause(error))
    return Incident(_to(platform), marked("fault"), detail, now, urgent=True)


def set_aside(due: Delivery, error: Exception, now: int) -> Incident:
    """The database refuses what became of a message: it is not tried again."""
    detail = sealed("A message is set aside. {cause}", cause=_cause(error))
    return Incident(_to(due.chat.platform), marked("set aside"), detail, now, urgent=True)


def _to(platform: str) -> str:
    return sealed("messages to {platform}", platform=platform_name(platform))


def _cause(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:_LONGEST]
