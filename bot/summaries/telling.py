"""Summaries written: of what is due, into the outbox, and of the last day for who asks."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlite_utils import Database

from bot.charting.summary_series import summary_series
from bot.language import _, speaking_to
from bot.store import Store
from bot.summaries.usual import Usual, hours_of, moved_off, usual_of
from bot.wording.summary import View, summary_lines, summary_title
from charts.model import Series
from storage._sqlite import is_trouble
from storage.calendar import Due, due_summaries
from storage.chats import chat_by_id
from storage.flows import Told
from storage.ledger import PRICE_MAX_AGE_SECONDS, price_at
from storage.model import Button, Chat, Drawing, Message
from storage.rollups import DAY, QUARTER
from storage.subscriptions import labels_of, subscriptions_of
from storage.summaries import all_schedules, enqueue_summary
from storage.summary_facts import HOUR, ChainFacts, chain_facts, chat_facts
from watchers.model import Chain

Happened: TypeAlias = tuple[Chain, ChainFacts]
"""A chain and what happened on it in a period."""
_PANELS = 2
"""More would be too small on a phone."""


class Panel(Struct, frozen=True):
    """A chain's part of the picture; `unusual`: by how many per cent its amount was so."""

    series: Series
    unusual: int


class Summaries:
    """Tells every chat its summary when that is due: `tell` is called once a minute."""

    def __init__(self, store: Store, chains: Iterable[Chain]) -> None:
        self._store = store
        self._chains = tuple(chains)

    async def tell(self, now: int) -> None:
        """Enqueue what is due now; a chat that cannot be told now is told when it returns.

        Raises the first fault of a chat's summary once the others have theirs.
        """
        due = due_summaries(await self._store.read(all_schedules), now)
        together = sorted(due, key=_period)
        faults: list[Exception] = []
        for (since, until), chats in groupby(together, key=_period):
            facts = [
                (chain, await self._store.read(chain_facts, chain.name, since, until, now))
                for chain in self._chains
            ]
            for one in chats:
                try:
                    await self._store.write(_enqueue, facts, one, now)
                except Exception as error:  # the boundary around one chat
                    if is_trouble(error):
                        raise
                    faults.append(error)
        if faults:
            raise faults[0]


def _period(due: Due) -> tuple[int, int]:
    return whole_hours(due.since, due.until)


def whole_hours(since: int, until: int) -> tuple[int, int]:
    """A period as roll-ups tell of it: whole hours, up to the last whole quarter of one."""
    end = until - until % QUARTER
    return end - -(-(until - since) // HOUR) * HOUR, end


def last_day(now: int) -> tuple[int, int]:
    """At least the last 24 hours: whole hours from the quarter they begin in; the last may run."""
    begin = now - DAY
    since = begin - begin % QUARTER
    return since, since + -(-(now - since) // HOUR) * HOUR


def _enqueue(db: Database, facts: Sequence[Happened], due: Due, now: int) -> None:
    chat = chat_by_id(db, due.schedule.chat)
    zone, late = due.schedule.timezone, due.late
    with speaking_to(chat):
        message = summary_of(db, facts, chat, now, zone=zone, late=late)
        message = replace(message, buttons=(*message.buttons, _schedule_buttons()))
    enqueue_summary(db, due.schedule, due.day, message, now)


def _schedule_buttons() -> tuple[Button, ...]:
    return Button(_("🔄 Now"), "/summary"), Button(_("🚫 No more of these"), "/summary off")


def _more_buttons(chain: Chain) -> tuple[Button, ...]:
    volume, statistics = f"/chart volume {chain.name}", f"/stats {chain.name}"
    return Button(_("📊 Volume"), volume), Button(_("Statistics"), statistics)


def summary_of(
    db: Database,
    happened: Sequence[Happened],
    chat: Chat,
    now: int,
    *,
    zone: str = "",
    late: bool = False,
) -> Message:
    """The summary of a period for a chat: of each chain that it asked for, else of each.

    The picture, yet to be drawn, has a panel for each of them, for two at most: those where
    most is unusual.
    """
    asked = {subscription.chain for subscription in subscriptions_of(db, chat.id)}
    meant = [each for each in happened if each[0].name in asked] or happened
    parts = [
        _of_chain(db, chain, facts, chat, now, zone=zone, late=late, first=number == 0)
        for number, (chain, facts) in enumerate(meant)
    ]
    first, *others = (message for message, _panel in parts)
    lines = [line for other in others for line in (other.title, *other.lines)]
    panels = [panel for _message, panel in parts if panel]
    return replace(
        first,
        lines=(*first.lines, *lines),
        buttons=tuple(_more_buttons(chain) for chain, _facts in meant[:1]),
        drawing=_drawing(panels),
    )


def _of_chain(
    db: Database,
    chain: Chain,
    facts: ChainFacts,
    chat: Chat,
    now: int,
    *,
    zone: str,
    late: bool,
    first: bool,
) -> tuple[Message, Panel | None]:
    """What is told of a chain; the `first` also says how many alerts there were of all."""
    own = chat_facts(db, chat.id, chain.name, facts.since, facts.until, now)
    if not first:
        own = replace(own, told=Told(0, 0))
    symbol, currency = chain.asset.symbol, chat.currency
    price = price_at(db, symbol, currency, min(facts.until, now), PRICE_MAX_AGE_SECONDS)
    until = min(facts.until, now)
    view = View(chain, zone or chat.timezone, labels_of(db, chat.id), price, until, late and first)
    usual = usual_of(facts)
    message = Message(summary_title(facts, usual, until), summary_lines(facts, usual, own, view))
    return message, _panel(facts, usual, view)


def _panel(facts: ChainFacts, usual: Usual | None, view: View) -> Panel | None:
    """What is to be drawn of a chain, where there is anything."""
    if not any(hour.transactions for hour in hours_of(facts)):
        return None
    return Panel(summary_series(facts, usual, view), abs(moved_off(facts, usual) or 0))


def _drawing(panels: Sequence[Panel]) -> Drawing | None:
    """The panels one below the other, in the order of the chains."""
    unusual = sorted(panels, key=lambda panel: -panel.unusual)[:_PANELS]
    drawn = [panel.series for panel in panels if panel in unusual]
    if not drawn:
        return None
    said = _("summary: {title} ({period})")
    words = [said.format(title=each.title, period=each.subtitle) for each in drawn]
    series: Series | None = None
    for each in reversed(drawn):
        series = replace(each, below=series)
    return Drawing("summary", msgspec.json.encode(series).decode(), "; ".join(words))
