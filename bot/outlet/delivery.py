"""The outbox at work: claim, send, and close by the verdict."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

from msgspec.structs import replace
from sqlite_utils import Database

from bot.language import speaking_to
from bot.notices import note_incident
from bot.outlet.bell import Bell
from bot.outlet.compose import Claimed, Outgoing, claim_and_compose, compose
from bot.outlet.drawing import Ahead, Drawings
from bot.outlet.faults import MOVED, OURS, fault_of
from bot.outlet.verdicts import Verdicts
from bot.persistence import write_persistently
from bot.platforms.platform import Platform
from bot.store import Store
from detectors.interests import Interests
from storage._sqlite import is_trouble
from storage.dispatch import UnsettledError, due_now, put_off, reopen_unfinished
from storage.model import LEFT_BEHIND, Gone, Rejected, Retry, Verdict
from storage.model import Delivery as DueDelivery
from watchers.model import Chain

T = TypeVar("T")
log = logging.getLogger(__name__)

IN_FLIGHT = 30
"""Calls under way at once on a platform: the bound on what a crash can repeat there."""
PUT_OFF_SECONDS = 60.0
"""What cannot even be claimed is tried again after so long."""
TURN_SECONDS = 0.25
"""What does not leave so soon after its turn has missed it."""


class Delivery:
    """Sends what is due, the most urgent first; runs until it is told to finish.

    Whoever enqueues calls `wake`; or lets `take_along` claim what a write makes due, and
    `begin` when that is durable. Verdicts are stored together; while they cannot be stored,
    nothing more is sent.
    """

    def __init__(
        self,
        store: Store,
        chains: Mapping[str, Chain],
        clock: Callable[[], float],
        interests: Interests,
        drawings: Drawings,
    ) -> None:
        self._store = store
        self._chains = chains
        self._clock = clock
        self._drawings = drawings
        self._bell = Bell(store, clock)
        self._finishing = False
        self._sending = asyncio.TaskGroup()
        self._ahead = Ahead(drawings, self._sending, self._drawn)
        self._reopened = False
        self._in_flight: set[int] = set()
        self._platforms: Mapping[str, Platform] = {}
        self._waiting: dict[str, int] = {}
        self._verdicts = Verdicts(store, clock, interests)

    def wake(self) -> None:
        """Something may be due."""
        self._bell.ring()

    def finish(self) -> None:
        """Send nothing new; `run` returns when what is under way has its verdict."""
        self._finishing = True
        self._bell.ring()

    def take_along(self, db: Database, now: float) -> list[Claimed]:
        """Claim what is due within a write that is under way, on the database thread.

        `begin` follows when that is durable. Nothing where this fails: the write must not fail
        with it, and `wake` lets it be tried again.
        """
        if self._finishing or not self._reopened:
            return []
        try:
            with db.atomic():
                return self._claim(db, now)
        except Exception as error:  # the boundary between what is told and what is stored
            if is_trouble(error):
                raise
            log.exception("claiming failed")
            return []

    def _claim(self, db: Database, now: float) -> list[Claimed]:
        free = [name for name, waiting in self._waiting.items() if not waiting]
        most = dict.fromkeys(self._platforms, IN_FLIGHT)
        claimed = claim_and_compose(db, self._chains, most, free, self._drawings.is_drawn, now)
        durable_at = self._store.commits + 1
        return [replace(one, durable_at=durable_at) for one in claimed]

    def begin(self, claimed: Iterable[Claimed]) -> None:
        """Send what was claimed, now that this is durable; more may be due."""
        self._begin(claimed)
        self.wake()

    def _begin(self, claimed: Iterable[Claimed]) -> None:
        for one in claimed:
            if one.drawing and one.undrawn:
                self._ahead.draw(one.drawing, one.due.id)
                self._bell.ring()  # another may leave in its place
            else:
                self._in_flight.add(one.due.id)
                self._sending.create_task(self._send(one))

    async def _drawn(self, deliveries: Collection[int]) -> None:
        """What waited for a picture can leave."""
        await self._persistently(due_now, deliveries, self._clock())
        self._bell.ring()

    async def run(self, platforms: Mapping[str, Platform]) -> None:
        """Empty the outbox until asked to finish."""
        self._platforms, self._waiting = platforms, dict.fromkeys(platforms, 0)
        await self._persistently(reopen_unfinished, self._clock())
        async with self._sending:
            self._reopened = True
            while not self._is_done():
                self._bell.clear()
                await self._store_verdicts()
                if not self._finishing:
                    await self._send_due()
                if not self._verdicts and not self._is_done():
                    await self._bell.rest(self._platforms, busy=bool(self._in_flight))
            self._ahead.stop()

    def _is_done(self) -> bool:
        return self._finishing and not self._in_flight and not self._verdicts

    async def _send_due(self) -> None:
        try:
            claimed = await self._persistently(self._claim, self._clock())
        except UnsettledError as error:
            log.exception("claiming failed")
            await self._persistently(self._put_off, error, self._clock())
            self._bell.ring()
        else:
            self._begin(claimed)

    def _put_off(self, db: Database, error: UnsettledError, now: float) -> None:
        put_off(db, error.delivery, now + PUT_OFF_SECONDS, OURS)
        note_incident(db, fault_of(error.platform, error.__cause__ or error, int(now)), int(now))

    async def _send(self, claimed: Claimed) -> None:
        """Send once; the verdict waits for the next round."""
        due = claimed.due
        try:
            verdict, shown = await self._said(claimed)
        except Exception as error:  # the boundary around one message: the others must leave
            log.exception("sending failed platform=%s message=%s", due.chat.platform, due.message)
            now = int(self._clock())
            await self._persistently(note_incident, fault_of(due.chat.platform, error, now), now)
            verdict, shown = Retry(_backoff(due.attempts), OURS), ""
        if verdict is None:
            self._in_flight.remove(due.id)
        else:
            self._verdicts.add(due, verdict, shown)
        self._bell.ring()

    async def _said(self, claimed: Claimed) -> tuple[Verdict | None, str]:
        """Send what there is to say when the platform's turn comes."""
        due = claimed.due
        picture = await self._drawings.picture(claimed.drawing) if claimed.drawing else None
        platform = self._platforms[due.chat.platform]
        outgoing = await self._composed_in_turn(platform, claimed)
        if outgoing is None:
            return None, ""
        replies = due.action == "reply"
        edits = due.arrived if replies else due.reference  # of a send: the part that arrived
        if edits == LEFT_BEHIND:
            return Gone(MOVED), outgoing.shown
        answers = due.reference if replies else ""
        message = outgoing.message
        if message.drawing:
            message = replace(message, drawing=None, picture=picture)
        with speaking_to(due.chat):  # a platform may add words of its own
            verdict = await platform.send(due.chat, message, edits, answers, str(due.id))
        if isinstance(verdict, Rejected):
            log.warning(
                "message %s was refused by %s: %r", due.message, platform.name, verdict.reason
            )
        return verdict, outgoing.shown

    async def _composed_in_turn(self, platform: Platform, claimed: Claimed) -> Outgoing | None:
        """What there is to say now that it may leave; composed anew where things have changed.

        Where the database is so slow that the turn is over by then, another one is waited for:
        the platform may have asked for a pause, and others in this chat wait in the same way.
        """
        await self._turn(platform, claimed.due)
        if claimed.outgoing is not None and self._store.commits == claimed.durable_at:
            return claimed.outgoing
        now = asyncio.get_running_loop().time
        over_at = now() + TURN_SECONDS
        outgoing = await self._persistently(compose, self._chains, claimed.due, self._clock())
        if outgoing is not None and now() >= over_at:
            await self._turn(platform, claimed.due)
        return outgoing

    async def _turn(self, platform: Platform, due: DueDelivery) -> None:
        self._waiting[platform.name] += 1
        try:
            await platform.turn(due.chat, due.priority)
        finally:
            self._waiting[platform.name] -= 1

    async def _store_verdicts(self) -> None:
        for due in await self._verdicts.store():
            self._in_flight.remove(due.id)

    async def _persistently(self, change: Callable[..., T], *arguments: object) -> T:
        return await write_persistently(self._store, change, *arguments)


def _backoff(attempts: int) -> float:
    return float(min(2**attempts, 300))
