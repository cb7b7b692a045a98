"""What is said, composed at the last moment from the state of things then."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import DecodeError, Struct
from msgspec.structs import replace
from sqlite_utils import Database

from bot.language import speaking_to
from bot.outlet.view import view_of
from bot.wording.alert_message import (
    ACKNOWLEDGED,
    format_alerts,
    format_end,
    shown,
    told_by_name,
)
from bot.wording.alert_view import View
from bot.wording.overflow_message import Overflow, format_overflow
from storage._sqlite import is_trouble
from storage.acknowledgements import acknowledgement_of
from storage.alerts import Story, count_stories, stories_of
from storage.budget import budget_of, collects
from storage.buttons import save_buttons
from storage.closing import close_needless
from storage.dispatch import claim, notice_of, put_back, shown_of
from storage.ends import tells_ends_alone, told_before
from storage.fates import fates_of
from storage.grouping import group_burst, kept_of
from storage.labels import labels_on
from storage.model import Delivery, Drawing, Message
from storage.silence import settle
from storage.states import states_in
from watchers.model import Chain

log = logging.getLogger(__name__)

UNDRAWN_SECONDS = 60.0
"""What waits for a picture is due after so long by itself, should the drawing be lost."""
NAMED_AT_MOST = 20
"""So many lines a message has that tells what is more than the budget."""


class Outgoing(Struct, frozen=True):
    """What a delivery says, and the states that it shows."""

    message: Message
    shown: str


def compose(
    db: Database, chains: Mapping[str, Chain], delivery: Delivery, now: float
) -> Outgoing | None:
    """What a claimed delivery says now; None where there is nothing to say.

    That is so where an edit would change nothing, or the chat began to want silence while
    the delivery waited for its turn. A burst is put into this one message. An edit that was
    tried before is made again in any case: nobody knows what it left in the chat.
    """
    with speaking_to(delivery.chat):
        return _compose(db, chains, delivery, now)


def _compose(
    db: Database, chains: Mapping[str, Chain], delivery: Delivery, now: float
) -> Outgoing | None:
    decision = settle(db, delivery.id, now)
    if not decision.leaves:
        return None
    notice = notice_of(db, delivery.message)
    if notice is not None:
        message = replace(notice, silent=notice.silent or decision.silent)
        return Outgoing(save_buttons(db, message, int(now)), "")
    if delivery.action == "send":
        group_burst(db, delivery, now)
    if collects(db, delivery.message):
        return _overflow(db, chains, delivery, now, silent=decision.silent)
    stories = stories_of(db, delivery.message, int(now), without=decision.muted)
    judged = labels_on(db, delivery.message)
    before, ends = shown_of(db, delivery.message), tells_ends_alone(db, delivery.message)
    told = stories if ends else told_by_name(stories, states_in(before))
    states = shown(told, acknowledgement_of(db, delivery.message), judged)
    if _is_needless(db, delivery, before, states, now):
        return None
    view = replace(_view(db, delivery, before, stories, chains), judged=judged)
    news = ends or delivery.action == "reply"
    said = format_end(told, chains, view) if news else format_alerts(stories, chains, view)
    message = replace(said, silent=decision.silent)
    return Outgoing(save_buttons(db, message, int(now)), states)


def _is_needless(db: Database, delivery: Delivery, before: str, states: str, now: float) -> bool:
    """Whether an edit would change nothing, and is closed."""
    is_first_edit = delivery.action == "edit" and delivery.attempts == 1
    if is_first_edit and states == before:
        close_needless(db, delivery, now)
        return True
    return False


def _view(
    db: Database,
    delivery: Delivery,
    before: str,
    stories: Sequence[Story],
    chains: Mapping[str, Chain],
) -> View:
    """How the chat sees a message that showed some states `before`."""
    seen = acknowledgement_of(db, delivery.message)
    news = seen is not None and ACKNOWLEDGED not in before
    view = view_of(db, delivery.chat, stories, chains)
    kept = kept_of(db, delivery.message)
    told = told_before(db, delivery.message) if kept else frozenset()
    view = replace(view, acknowledged=seen, news=news, message=delivery.message)
    return replace(view, kept=kept, before=told)


def _overflow(
    db: Database, chains: Mapping[str, Chain], delivery: Delivery, now: float, *, silent: bool
) -> Outgoing | None:
    """What is more than a page or a budget: the newest, what ended badly, a way to see all.

    All of it is followed, however much it is: its states are counted, and only what ended
    badly is named in them.
    """
    message, moment = delivery.message, int(now)
    newest = stories_of(db, message, moment, newest=NAMED_AT_MOST)
    fates, named = fates_of(db, message, moment), {story.hash for story in newest}
    gone = [hash_ for hash_ in fates.ended if hash_ not in named]
    ended = stories_of(db, message, moment, only=gone[:NAMED_AT_MOST]) if gone else []
    count = count_stories(db, message)
    states = " ".join(
        [
            *([known] if (known := shown(newest, acknowledgement_of(db, message))) else []),
            *(f"{hash_}:{fates.ended[hash_]}" for hash_ in gone),
            *(["rest:pending"] if set(fates.open) - named else []),
            f"all:{count} in:{fates.confirmed}",
        ]
    )
    before = shown_of(db, message)
    if _is_needless(db, delivery, before, states, now):
        return None
    if delivery.action == "reply":
        bad = list(fates.ended)[:NAMED_AT_MOST]
        stories = stories_of(db, message, moment, only=bad) if bad else newest
        said = format_end(stories, chains, _view(db, delivery, before, stories, chains))
    else:
        over = Overflow(newest, ended, count, fates.confirmed, budget_of(db, delivery.chat.id))
        said = format_overflow(over, chains, _view(db, delivery, before, [*newest, *ended], chains))
    return Outgoing(save_buttons(db, replace(said, silent=silent), moment), states)


class Claimed(Struct, frozen=True):
    """A delivery that is 'sending', and what it says where that is composed already.

    `drawing` is what becomes its picture. One that is `undrawn` is not sent: it holds up
    nothing, and is due again when it is drawn. What it says holds as long as the claim, the
    commit of the number `durable_at`, is the last one of the store.
    """

    due: Delivery
    outgoing: Outgoing | None = None
    drawing: Drawing | None = None
    undrawn: bool = False
    durable_at: int = 0


def claim_and_compose(
    db: Database,
    chains: Mapping[str, Chain],
    most: Mapping[str, int],
    free: Collection[str],
    is_drawn: Callable[[Drawing], bool],
    now: float,
) -> list[Claimed]:
    """Claim what leaves next, and compose at once what has its turn at once.

    That is the first on each of the `free` platforms. `most` is as in `claim`. What waits
    for its picture is put back.
    """
    found, at_once = [], set(free)
    for due in claim(db, most, now):
        drawing = _drawing_of(db, due.message)
        if drawing and not is_drawn(drawing):
            put_back(db, due.id, now + UNDRAWN_SECONDS)
            found.append(Claimed(due, drawing=drawing, undrawn=True))
        elif drawing or due.chat.platform not in at_once:
            found.append(Claimed(due, drawing=drawing))
        elif (claimed := _composed(db, chains, due, now)) is not None:
            at_once.remove(due.chat.platform)
            found.append(claimed)
    return found


def _drawing_of(db: Database, message: int) -> Drawing | None:
    """What a notice is to show; None also where it cannot be read, as composing it will tell."""
    try:
        notice = notice_of(db, message)
    except DecodeError:
        return None
    return notice.drawing if notice else None


def _composed(
    db: Database, chains: Mapping[str, Chain], due: Delivery, now: float
) -> Claimed | None:
    try:
        with db.atomic():
            outgoing = compose(db, chains, due, now)
    except Exception as error:  # the boundary around one message: it is composed at its turn
        if is_trouble(error):
            raise
        log.exception("composing failed message=%s", due.message)
        return Claimed(due)
    return None if outgoing is None else Claimed(due, outgoing)
