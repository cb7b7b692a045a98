"""What is said, composed at the last moment from the state of things then."""

import logging
from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace
from sqlite_utils import Database

from bot.wording.alert_message import ACKNOWLEDGED, View, format_alerts, format_end, shown
from detectors.whales import in_money
from storage.acknowledgements import acknowledgement_of
from storage.alerts import Story, stories_of
from storage.buttons import save_buttons
from storage.closing import close_needless
from storage.dispatch import claim, group_burst, notice_of, shown_of
from storage.ledger import PRICE_MAX_AGE_SECONDS, price_at
from storage.model import Chat, Delivery, Message
from storage.silence import settle
from storage.subscriptions import labels_of
from watchers.model import Chain

log = logging.getLogger(__name__)


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
    decision = settle(db, delivery.id, now)
    if not decision.leaves:
        return None
    notice = notice_of(db, delivery.message)
    if notice is not None:
        message = replace(notice, silent=notice.silent or decision.silent)
        return Outgoing(save_buttons(db, message, int(now)), "")
    if delivery.action == "send":
        group_burst(db, delivery, now)
    stories = stories_of(db, delivery.message, int(now), without=decision.muted)
    seen, before = acknowledgement_of(db, delivery.message), shown_of(db, delivery.message)
    states = shown(stories, seen)
    is_first_edit = delivery.action == "edit" and delivery.attempts == 1
    if is_first_edit and states == before:
        close_needless(db, delivery, now)
        return None
    view = view_of(db, delivery.chat, stories, chains)
    news = seen is not None and ACKNOWLEDGED not in before
    view = replace(view, acknowledged=seen, news=news)
    form = format_end if delivery.action == "reply" else format_alerts
    message = replace(form(stories, chains, view), silent=decision.silent)
    return Outgoing(save_buttons(db, message, int(now)), states)


class Claimed(Struct, frozen=True):
    """A delivery that is 'sending', and what it says where that is composed already."""

    due: Delivery
    outgoing: Outgoing | None = None


def claim_and_compose(
    db: Database,
    chains: Mapping[str, Chain],
    room: Mapping[str, int],
    free: Collection[str],
    now: float,
) -> list[Claimed]:
    """Claim what leaves next, and compose at once what has its turn at once.

    That is the first on each of the `free` platforms. `room` is as in `claim`.
    """
    found, at_once = [], set(free)
    for due in claim(db, room, now):
        if due.chat.platform not in at_once:
            found.append(Claimed(due))
        elif (claimed := _composed(db, chains, due, now)) is not None:
            at_once.remove(due.chat.platform)
            found.append(claimed)
    return found


def _composed(
    db: Database, chains: Mapping[str, Chain], due: Delivery, now: float
) -> Claimed | None:
    try:
        with db.atomic():
            outgoing = compose(db, chains, due, now)
    except Exception:  # the boundary around one message: it is composed again at its turn
        log.exception("composing failed message=%s", due.message)
        return Claimed(due)
    return None if outgoing is None else Claimed(due, outgoing)


def view_of(
    db: Database, chat: Chat, stories: Iterable[Story], chains: Mapping[str, Chain]
) -> View:
    """How a chat sees what is told."""
    values = {}
    for story in stories:
        asset = chains[story.chain].asset
        for alert in story.alerts:
            value = alert.usd_micro
            if chat.currency != "USD":
                price = price_at(db, asset.symbol, chat.currency, alert.time, PRICE_MAX_AGE_SECONDS)
                value = in_money(abs(alert.amount), asset.decimals, price)
            if value is not None:
                values[story.hash, alert.subject] = value
    return View(labels_of(db, chat.id), chat.timezone, chat.currency, values)
