"""The real program without its sockets: store, pipeline, desk and delivery on a real file.

It can die: at a chosen write, before or after the commit, the files are set aside as a kill
leaves them, and the next life begins on them.
"""

import asyncio
import shutil
from collections import defaultdict
from concurrent.futures import Executor, Future
from typing import Any, NamedTuple

from bot.desk import Desk
from bot.housekeeping import Housekeeping
from bot.intake.ingest import Ingest
from bot.intake.pipeline import Pipeline
from bot.outlet.delivery import Delivery
from bot.outlet.drawing import Drawings
from bot.store import Store
from detectors.interests import Interests
from detectors.registry import DETECTORS
from storage.blocks import begin_chain
from storage.states import State, state_of
from storage.subscriptions import all_subscriptions
from tests.bot.desk import draw
from tests.model.phones import Network
from watchers.registry import CHAINS

NEVER_DAYS = 10**5


class Died(BaseException):
    """The process is gone; nothing may handle this."""


class Fuse:
    """Burns with every write; when it is through, the program dies there."""

    def __init__(self):
        self.writes = 0
        self.before = False

    def set(self, writes, *, before):
        self.writes, self.before = writes, before

    def burns_through(self):
        self.writes -= 1
        return self.writes == 0


class AtOnce(Executor):
    """Runs what it is given where it is given."""

    def submit(self, function, /, *arguments, **named):
        result: Future = Future()
        try:
            result.set_result(function(*arguments, **named))
        except BaseException as error:  # noqa: BLE001 - whoever waits for it is told
            result.set_exception(error)
        return result


class MortalStore(Store):
    """The store without its threads, so that a history is the same each time it is lived
    through; and a list of what it has committed.
    """

    def __init__(self, path, fuse, committed):
        super().__init__(path)
        self._writer = self._readers = AtOnce()  # type: ignore[assignment]
        self.died = False
        self._fuse = fuse
        self._committed = committed

    def die(self):
        """What is in the files now is all that is left."""
        if not self.died:
            heir = self.path.parent.with_name(f"{int(self.path.parent.name) + 1}")
            heir.mkdir()
            for name in (self.path.name, f"{self.path.name}-wal"):
                if self.path.with_name(name).exists():
                    shutil.copy(self.path.with_name(name), heir)
        self.died = True

    def live(self):
        if self.died:
            raise Died

    async def write(self, change, *arguments, then=None):
        self.live()
        last = self._fuse.burns_through()

        def fatal(db, *given):
            change(db, *given)
            self.die()
            raise Died

        if last and self._fuse.before:
            return await super().write(fatal, *arguments)
        result = await super().write(change, *arguments, then=then)
        self._committed.append((change, arguments))
        if last:
            self.die()
            raise Died
        return result


class Product:
    """One life after another on the same database; `committed` is what outlived them."""

    networks = ("test", "other")

    def __init__(self, folder, clock):
        self.clock = clock
        self.fuse = Fuse()
        self.committed = []
        self._path = folder / "0" / "spyhop.db"
        self._path.parent.mkdir(parents=True)
        self._loop = asyncio.new_event_loop()
        self._begin()

    def _begin(self):
        self.store = MortalStore(self._path, self.fuse, self.committed)
        self._do(self._open())

    async def _open(self):
        await self.store.__aenter__()
        await self.store.write(begin_chain, "bitcoin", int(self.clock()))
        self.interests = Interests(await self.store.read(all_subscriptions))
        self.desk = Desk(
            CHAINS, self.store, self.interests, [], draw, self.clock, lambda: 0, 0.0, NEVER_DAYS
        )
        self._ingest = Ingest(CHAINS, DETECTORS, self.interests)

    def _do(self, work):
        return self._loop.run_until_complete(work)

    @property
    def deaths(self):
        """How many lives have ended."""
        return int(self._path.parent.name)

    def close(self):
        self._do(self.store.__aexit__(None, None, None))
        self._loop.close()

    def die(self):
        """Killed between two steps."""
        self.store.die()
        self.survive()

    def survive(self):
        """The next life, on what is left of this one."""
        self.fuse.set(0, before=False)
        self._do(self.store.__aexit__(None, None, None))
        self._path = self._path.parent.with_name(f"{int(self._path.parent.name) + 1}") / "spyhop.db"
        self._begin()

    def read(self, query, *arguments):
        return self._do(self.store.read(query, *arguments))

    def rows(self, query, *values):
        return self.read(lambda db: db.conn.execute(query, values).fetchall())

    def mortal(self, work):
        """Do something that may be the end of this life; whether it was."""
        try:
            self._do(work)
        except BaseException:
            if not self.store.died:
                raise
        if self.store.died:
            self.survive()
            return True
        return False

    def write(self, change, *arguments):
        return self.mortal(self.store.write(change, *arguments))

    def take(self, events):
        """Store events as the watchers hand them on."""
        return self.mortal(self._take(events))

    async def _take(self, events):
        pipeline = Pipeline(self.store, self._ingest, self.clock, lambda _: None)
        await pipeline.hand_on(events)
        pipeline.finish()
        await pipeline.run()

    def tick(self):
        """A round of housekeeping; raw rows are kept."""
        housekeeping = Housekeeping(self.store, NEVER_DAYS, self.clock, lambda: None)
        return self.mortal(housekeeping.tick())

    def deliver(self, phones):
        """Send until nothing is left that could leave now."""
        return self.mortal(self._deliver(phones))

    async def _deliver(self, phones):
        networks: dict[str, Any] = {name: Network(name, phones) for name in self.networks}
        delivery = Delivery(self.store, CHAINS, self.clock, self.interests, Drawings(draw))
        phones.store = self.store
        sending = asyncio.ensure_future(delivery.run(networks))
        while not sending.done() and not await self.store.read(_is_quiet, self.clock()):
            await asyncio.sleep(0)
        delivery.finish()
        await sending


def _is_quiet(db, now):
    """Whether nothing is being sent, and nothing could be."""
    waiting = db.conn.execute(
        "SELECT 1 FROM deliveries d JOIN messages m ON m.id = d.message_id JOIN chats c"
        " ON c.id = d.chat_id WHERE d.state = 'sending' OR (d.state = 'due' AND d.due_at <= ?"
        " AND c.parked = '' AND (d.action != 'edit' OR m.reference != '')) LIMIT 1",
        (now,),
    )
    return waiting.fetchone() is None


class Contents(NamedTuple):
    """What is stored: hashes in the order in which they were met, sums and counts by place."""

    order: list[str]
    main: set[str]
    states: dict[str, State]
    sums: dict[tuple, dict]
    histograms: dict[tuple, dict]


def contents(db, hashes, now):
    """All of it, in one read."""
    found = Contents([], set(), {}, defaultdict(dict), defaultdict(dict))
    found.order.extend(h for (h,) in db.conn.execute("SELECT hash FROM transactions ORDER BY id"))
    found.main.update(h for (h,) in db.conn.execute("SELECT hash FROM blocks WHERE canonical"))
    found.states.update((hash_, state_of(db, "bitcoin", hash_, now)) for hash_ in hashes)
    for basis, span, start, count, moved, fees in db.conn.execute(
        "SELECT basis, span_seconds, start, transactions, moved, fees FROM rollups"
    ):
        found.sums[basis, span][start] = (count, int(moved), int(fees))
    for basis, measure, span, start, bucket, count in db.conn.execute(
        "SELECT basis, measure, span_seconds, start, bucket, transactions FROM histograms"
    ):
        found.histograms[basis, measure, span][start, bucket] = count
    return found
