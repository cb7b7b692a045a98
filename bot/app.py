"""The composition root: the only place that knows every concrete part.

The nesting of the task groups in `run` is the order of shutdown, inside out: intake is cancelled
(it can be read again), the queue drains, delivery is asked to finish (it cannot be unsaid),
platforms close, the database closes last. The start goes the other way: what is announced before
the watchers listen is missed, so the libraries of platforms, worker and languages come after them.
"""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from bot.alarm import Alarm
from bot.clock import SteadyClock
from bot.commands.completion import Completion, Place
from bot.commands.registry import COMMANDS
from bot.conversation import Conversation
from bot.desk import Desk
from bot.farewell import cancel, finish_or_cancel
from bot.housekeeping import Chore, Housekeeping
from bot.intake.ingest import Ingest
from bot.intake.pipeline import Pipeline
from bot.intake.steps import Step
from bot.keeper import ChatKeeper
from bot.learning.drift import DriftWatch
from bot.learning.lesson import teach
from bot.learning.training import Trainer
from bot.loading import load_the_rest
from bot.notices import tell_owners
from bot.outlet.compose import Claimed
from bot.outlet.delivery import Delivery
from bot.outlet.drawing import Drawings
from bot.owners import settle_owners
from bot.platforms.platform import Dispatch, Platform, PlatformRefusedError
from bot.platforms.registry import Surroundings, platforms_for
from bot.settings import Endpoint, Settings
from bot.store import Store
from bot.summaries.telling import Summaries
from bot.worker import Worker
from charts.render import render_chart, warm_up
from charts.report import render_report
from detectors.interests import Interests
from detectors.registry import DETECTORS
from storage.blocks import begin_chain, checkpoint_of
from storage.chats import Defaults
from storage.ledger import newest_moment
from storage.model import Message
from storage.subscriptions import all_subscriptions, watching_places
from watchers.registry import CHAINS, SOURCES, FeedOptions
from watchers.watcher import Watcher

HEAD_START_SECONDS = 1.0
"""How long the rest of the program waits for the watchers to subscribe."""


@dataclass(frozen=True)
class Around:
    """What differs between a live run, the demo and a test."""

    clock: Callable[[], float] = time.time
    history_pace_seconds: float = 10.0
    pictures: Path = Path("spyhop-charts")


class App:
    """One bot. `stop` ends it in good order; `conversation` answers as any platform does.

    `claim_code` makes whoever sends it the owner; None where the bot has one.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        worker: Worker,
        trainer: Trainer,
        interests: Interests,
        places: Mapping[Place, int],
        around: Around,
        clock: SteadyClock,
        claim_code: str | None,
    ) -> None:
        self.claim_code = claim_code
        self._settings = settings
        self._store, self._worker = store, worker
        self._around = around
        self._clock = clock
        self._interests = interests
        self._stopping = asyncio.Event()
        self._refused: PlatformRefusedError | None = None
        self._platforms: Mapping[str, Platform] = {}
        self._chains = {name: CHAINS[name] for name in settings.chains}
        draw = partial(worker.run, render_chart)
        self._delivery = Delivery(store, self._chains, clock, interests, Drawings(draw))
        self._wake = trainer.wake = self._delivery.wake
        self._ingest = Ingest(self._chains, DETECTORS, interests)
        self._pipeline = Pipeline(store, self._take, clock, self._delivery.begin)
        self._watchers = [self._watcher(endpoint) for endpoint in settings.endpoints]
        self._completion = Completion(self._chains, interests, places)
        desk = Desk(
            self._chains, store, interests, self._watchers, draw,
            clock, self._pipeline.queued, clock(), settings.raw_days, self._invitation_url,
            self._wake, self._completion.meet, self._is_admin, partial(worker.run, render_report),
            train=trainer.ask, currencies=settings.currencies,
        )  # fmt: skip
        self.conversation: Dispatch = Conversation(desk, settings.access, _defaults(settings))
        chores: list[Chore] = [Summaries(store, self._chains.values()).tell,
                               partial(store.write, self._ingest.tick), trainer.look,
                               DriftWatch(store, self._chains, settings.timezone).look]  # fmt: skip
        self._housekeeping = Housekeeping(store, settings.raw_days, clock, self._wake, chores)

    def stop(self) -> None:
        """End in good order."""
        self._stopping.set()

    def _take(self, db: Database, step: Step, now: int) -> list[Claimed]:
        """Store a step; what it makes due is claimed in the same transaction."""
        self._ingest(db, step, now)
        return self._delivery.take_along(db, now)

    async def announce(self, key: str, compose: Callable[[], Message]) -> None:
        """Say something to the owners, once for each key: `compose` makes the message."""
        await self._store.write(tell_owners, key, compose, int(self._clock()))
        self._wake()

    async def run(self) -> None:
        """Watch, tell and answer until `stop`, a signal, or a platform that ends.

        Raises `PlatformRefusedError` at the end where that was the reason.
        """
        self._listen_to_signals()
        async with asyncio.TaskGroup() as platforms:
            async with asyncio.TaskGroup() as outlet:
                async with asyncio.TaskGroup() as storing:
                    keeping = storing.create_task(self._pipeline.run())
                    async with asyncio.TaskGroup() as intake:
                        watching = [intake.create_task(watcher.run()) for watcher in self._watchers]
                        await self._head_start()
                        self._meet_people()
                        talks = map(self._talk, self._platforms.values())
                        talking = [platforms.create_task(talk) for talk in talks]
                        sending = outlet.create_task(self._delivery.run(self._platforms))
                        watching.append(intake.create_task(self._alarm().run()))
                        await self._until_stopped()
                        cancel(watching)
                    self._pipeline.finish()
                    await finish_or_cancel(keeping, lambda: self._store.trouble is not None)
                self._delivery.finish()
                await finish_or_cancel(sending)
            cancel(talking)
        if self._refused:
            raise self._refused

    async def _head_start(self) -> None:
        """Let the watchers subscribe before anything else takes time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(HEAD_START_SECONDS):
                for watcher in self._watchers:
                    await watcher.subscribed.wait()

    def _meet_people(self) -> None:
        """Load what people meet: platforms, and what draws for them."""
        surroundings = Surroundings(COMMANDS, self._keeper, self._completion, self._around.pictures)
        self._platforms = {p.name: p for p in platforms_for(self._settings, surroundings)}
        self._worker.begin()
        asyncio.get_running_loop().run_in_executor(None, load_the_rest)

    def _alarm(self) -> Alarm:
        restart = self._housekeeping.restart
        return Alarm(self._store, self._platforms, self._clock, self._wake, restart)

    async def _until_stopped(self) -> None:
        self._housekeeping.start()
        await self._stopping.wait()
        self._housekeeping.stop()

    async def _talk(self, platform: Platform) -> None:
        """A platform that returns has been left by its person: the program ends with it."""
        try:
            await platform.run(self.conversation)
        except PlatformRefusedError as error:
            self._refused = error
        self.stop()

    def _keeper(self, platform: str) -> ChatKeeper:
        return ChatKeeper(
            platform, self._store, self._pipeline.mention, self._clock, self._interests, self._wake
        )

    def _invitation_url(self, code: str) -> str:
        links = (platform.invitation_url(code) for platform in self._platforms.values())
        return next(filter(None, links), "")

    async def _is_admin(self, platform: str, chat: str, person: str) -> bool | None:
        return await self._platforms[platform].is_admin(chat, person)

    def _watcher(self, endpoint: Endpoint) -> Watcher:
        source = SOURCES[endpoint.chain, endpoint.source]
        settings, pace = self._settings, self._around.history_pace_seconds
        options = FeedOptions(endpoint.stream, settings.history, settings.currencies, pace)
        feed = source.feed(options)
        wanted = self._interests.currencies(endpoint.chain)
        feed.watching(self._interests.addresses(endpoint.chain), wanted)
        return Watcher(
            feed,
            endpoint.ws,
            endpoint.http,
            load_checkpoint=lambda: self._store.read(checkpoint_of, endpoint.chain),
            hand_on=self._pipeline.hand_on,
            clock=self._clock,
        )

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError, RuntimeError):
                loop.add_signal_handler(number, self.stop)


@asynccontextmanager
async def opened_app(settings: Settings, around: Around | None = None) -> AsyncIterator[App]:
    """The app on its open database, with its worker; both end with it."""
    around = around or Around()
    clock = SteadyClock(around.clock)
    chains = {name: CHAINS[name] for name in settings.chains}
    async with (
        Store(settings.database) as store,
        Worker(warm_up) as worker,
        Trainer(store, chains, settings.timezone, clock, teach) as trainer,
    ):
        clock.not_before(await store.read(newest_moment))
        now = int(clock())
        for chain in settings.chains:
            await store.write(begin_chain, chain, now - settings.history, now)
        interests = Interests(await store.read(all_subscriptions))
        code = await settle_owners(store, settings.owners, _defaults(settings), now)
        places = await store.read(watching_places)
        yield App(settings, store, worker, trainer, interests, places, around, clock, code)


def _defaults(settings: Settings) -> Defaults:
    return Defaults(settings.language, settings.timezone, settings.currency)
