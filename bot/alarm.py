"""Tells the owners what is wrong with the ground we stand on: the database and the clock.

What cannot be stored cannot wait in the outbox either. So trouble with the database is said
past it, at once and to each owner once; that it is over is said through it, like everything else.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from bot.clock import SteadyClock
from bot.language import _, marked, speaking_to
from bot.notices import note_incident, owners_to_tell, tell_owners
from bot.platforms.platform import Platform
from bot.store import Store, Trouble
from bot.wording.words import clean, say, span
from storage.model import Chat, Message, Priority, Retry, Sent, Verdict
from watchers.model import Incident, sealed

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
ALARM_SECONDS = 5.0
"""Trouble that lasts so long is worth a word; who could not be told is told after so long again."""
SET_BACK_SECONDS = 60.0
_REASON = 150


class Alarm:
    """Looks once a second until cancelled. `wake`: something was put into the outbox;
    `set_back`: the system's clock was.
    """

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        clock: SteadyClock,
        wake: Callable[[], None],
        set_back: Callable[[], None],
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._wake = wake
        self._set_back = set_back
        self._troubled_seconds = 0.0
        self._due_seconds = ALARM_SECONDS
        self._told: set[int] = set()
        self._is_set_back = False

    async def run(self) -> None:
        """Look and tell."""
        while True:
            try:
                await self._look()
            # The boundary around the alarm: one that cannot be given must not end the watch.
            except Exception as error:  # noqa: BLE001 - as said above
                log.warning("the owners could not be told: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        trouble = self._store.trouble
        if trouble is None:
            await self._look_back()
            await self._look_at_clock()
            return
        if trouble.seconds >= ALARM_SECONDS:
            self._troubled_seconds = trouble.seconds
        if trouble.seconds >= self._due_seconds:
            self._due_seconds = trouble.seconds + ALARM_SECONDS
            await self._say(partial(format_unwritable_database, trouble))

    async def _look_back(self) -> None:
        if self._troubled_seconds:
            compose = partial(format_back, self._troubled_seconds)
            await self._tell(tell_owners, f"database:{self._clock()}", compose)
            self._troubled_seconds, self._due_seconds = 0.0, ALARM_SECONDS
            self._told.clear()

    async def _look_at_clock(self) -> None:
        seconds = self._clock.ahead_seconds
        if seconds > SET_BACK_SECONDS and not self._is_set_back:
            self._set_back()
            await self._tell(note_incident, _incident(seconds, int(self._clock())))
        self._is_set_back = seconds > SET_BACK_SECONDS

    async def _tell(self, change: Callable[..., None], *arguments: object) -> None:
        await self._store.write(change, *arguments, int(self._clock()))
        self._wake()

    async def _say(self, compose: Callable[[], Message]) -> None:
        """Past the outbox, to every owner that can be reached and has not heard of it."""
        log.error("the database cannot be written")
        for places in await self._store.read(owners_to_tell):
            owner = places[0].id
            if owner not in self._told and await self._is_settled(places, compose):
                self._told.add(owner)

    async def _is_settled(self, places: Sequence[Chat], compose: Callable[[], Message]) -> bool:
        """Tell an owner where they can be; whether that need not be tried again."""
        settled = True
        for chat in places:
            with speaking_to(chat):
                verdict = await self._said(chat, compose())
            if isinstance(verdict, Sent):
                return True
            log.warning("an owner could not be told platform=%s", chat.platform)
            settled = settled and not isinstance(verdict, Retry)
        return settled

    async def _said(self, chat: Chat, message: Message) -> Verdict | None:
        """What became of a message, None where its platform is off."""
        platform = self._platforms.get(chat.platform)
        if platform is None:
            return None
        await platform.turn(chat, Priority.PERSONAL)
        return await platform.send(chat, message)


def format_unwritable_database(trouble: Trouble) -> Message:
    """What is wrong, what it means, and what to do."""
    reason = clean(trouble.reason, _REASON)
    return Message(
        say(_("⚠️ My database cannot be written")),
        (
            say(_("For {span}: {reason}.").format(span=span(trouble.seconds), reason=reason)),
            say(_("What I hear waits, and so do alerts. Questions are answered.")),
            say(remedy(trouble.reason), " ", _("I go on by myself then.")),
        ),
    )


def remedy(reason: str) -> str:
    """What whoever runs the bot can do."""
    if "full" in reason:
        return _("Make room on its disk.")
    if "locked" in reason:
        return _("Another program holds it: end that one.")
    if "readonly" in reason:
        return _("Let the file and its folder be written again.")
    return _("Look after its disk.")


def format_back(seconds: float) -> Message:
    """It is over."""
    return Message(
        say(_("✅ Back after {span}: my database can be written").format(span=span(seconds))),
        (say(_("What waited is stored and sent now.")),),
    )


def _incident(seconds: float, now: int) -> Incident:
    detail = sealed(
        "This machine's clock went back by {span}. Mine never does: it goes at half"
        " speed until both agree, so the times I say are that much ahead.",
        span=span(seconds),
    )
    return Incident(marked("clock"), marked("set back"), detail, now, urgent=True)
