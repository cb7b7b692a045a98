"""Critical alerts that nobody acknowledged, said once more."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from sqlite_utils import Database

from bot.language import _, speaking_to
from bot.outlet.view import view_of
from bot.wording.alert_message import format_alerts
from bot.wording.severity import is_critical
from bot.wording.words import bold, say, span
from storage.acknowledgements import Overdue, overdue, repeat_key
from storage.alerts import Story, stories_of
from storage.chats import chat_by_id
from storage.model import Message, Priority
from storage.outbox import enqueue_notice
from storage.silence import decision_on
from watchers.model import Chain


def repeat_unacknowledged(db: Database, chains: Mapping[str, Chain], now: int) -> None:
    """Say what is overdue again, each once; what is muted is said when it no longer is."""
    for late in overdue(db, now):
        decision = decision_on(db, late.message, late.chat, now)
        stories = [
            story
            for story in stories_of(db, late.message, now, without=decision.muted)
            if is_critical(story)
        ]
        if decision.leaves and stories:
            with speaking_to(chat_by_id(db, late.chat)):
                message, key = _format(db, chains, late, stories), repeat_key(late.message)
            enqueue_notice(db, late.chat, key, message, Priority.ANSWER, now)


def _format(
    db: Database, chains: Mapping[str, Chain], late: Overdue, stories: Sequence[Story]
) -> Message:
    """What was told, with how long nobody has looked at it."""
    view = view_of(db, chat_by_id(db, late.chat), stories, chains)
    told = format_alerts(stories, chains, replace(view, message=late.message))
    said = _("‼️ Nobody has acknowledged this for {span}.")
    waited = say(bold(said.format(span=span(late.waited_seconds))))
    return replace(told, title=waited, lines=(told.title, *told.lines))
