"""What went wrong on a message's way out, for its reader and for the owners."""

from bot.language import marked
from bot.wording.words import platform_name
from storage.model import Delivery
from watchers.model import Incident, sealed

OURS = marked("a fault of ours, see the log")
MOVED = marked("it was said before the chat moved")
_LONGEST = 300


def fault_of(due: Delivery, error: Exception, now: int) -> Incident:
    """Sending failed, and not by a verdict of the platform: it is tried again."""
    detail = sealed("A message is tried again later. {cause}", cause=_cause(error))
    return Incident(_to(due), marked("fault"), detail, now, urgent=True)


def set_aside(due: Delivery, error: Exception, now: int) -> Incident:
    """The database refuses what became of a message: it is not tried again."""
    detail = sealed("A message is set aside. {cause}", cause=_cause(error))
    return Incident(_to(due), marked("set aside"), detail, now, urgent=True)


def _to(due: Delivery) -> str:
    return sealed("messages to {platform}", platform=platform_name(due.chat.platform))


def _cause(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_LONGEST]
