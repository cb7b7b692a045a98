"""Serves the simulated chain as blockchain.com does: a websocket at /inv, and REST.

One aiohttp application on one port of this machine. With a speed the chain lives by
itself from the first subscription on; at speed 0 nothing happens unless it is told to.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, Self

from aiohttp import web

from .blockchain import Chain
from .schedule import BLOCK_SECONDS, Schedule
from .site import Site
from .wire import Dialect
from .world import World


class SimulatedBitcoin:
    """A Bitcoin that speaks blockchain.com's protocols on a free port of 127.0.0.1.

    `speed` is simulated seconds per second: at 60 a block comes every 10 s, and three
    transactions a second. `history_blocks` are mined before the start, spread at 600 s
    over the time before `clock()`. The same seed gives the same course of events.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        speed: float = 60.0,
        history_blocks: int = 144,
        dialect: Dialect = "2019",
        clock: Callable[[], float] = time.time,
    ) -> None:
        now = int(clock())
        self.world = World(seed, now - (history_blocks + 1) * int(BLOCK_SECONDS))
        self._schedule = Schedule(self.world)
        self._schedule.live_through(history_blocks, now)
        self._site = Site(self.world, dialect)
        application = self._site.application()
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        self._speed, self._clock = speed, clock
        self._tasks = asyncio.TaskGroup()
        self._living: asyncio.Task[None] | None = None
        self._port = 0

    @property
    def chain(self) -> Chain:
        """The chain itself, for answers by another route than the wire."""
        return self.world.chain

    @property
    def asked(self) -> Sequence[str]:
        """The paths of the last REST calls with their queries, refused ones included."""
        return self._site.faults.asked

    @property
    def heard(self) -> Sequence[Any]:
        """The last requests over a websocket."""
        return self._site.heard

    @property
    def ws_url(self) -> str:
        """The address of the websocket."""
        return f"ws://127.0.0.1:{self._port}/inv"

    @property
    def http_url(self) -> str:
        """The base address of the REST API."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        await self._tasks.__aenter__()
        if self._speed > 0:
            self._living = self._tasks.create_task(self._live())
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._living:
            self._living.cancel()
        # Not told of `error`: the group would wrap it, and a test could not recognise it.
        await self._tasks.__aexit__(None, None, None)
        self.cut()
        await self._runner.cleanup()

    def transact(self) -> str:
        """Somebody does something; the transaction's hash."""
        return self._site.announce(self.world.transact(self._now()))

    def pay(self, recipient: str, amount: int, sender: str | None = None) -> str:
        """Pay an address so many satoshi, from another one or from a whale; the hash.

        ValueError where an address is none or the sender cannot afford it.
        """
        return self._site.announce(self.world.pay(recipient, amount, sender, self._now()))

    def replace(self, loser: str) -> str:
        """Replace a waiting transaction by one with a higher fee; the new one's hash."""
        return self._site.announce(self.world.replace(loser, self._now()))

    def whale(self) -> str:
        """Several hundred to a few thousand bitcoin move; the transaction's hash."""
        return self._site.announce(self.world.whale(self._now()))

    def mine(self) -> str:
        """The next block's hash."""
        return self._site.announce(self.world.mine(self._now()))

    def reorg(self, depth: int = 1) -> list[str]:
        """Replace so many blocks by one more; the new ones' hashes, oldest first."""
        return [self._site.announce(block) for block in self.world.reorg(depth, self._now())]

    def cut(self) -> None:
        """Drop all websockets without a word."""
        for listener in self._site.listeners:
            listener.drop()

    def go_silent(self) -> None:
        """Send nothing more on the present websockets, not even a pong; new ones work."""
        for listener in self._site.listeners:
            listener.silent = True

    def go_down(self) -> None:
        """Drop all websockets and answer 503 to everything until `come_up`."""
        self._site.faults.down = True
        self.cut()

    def come_up(self) -> None:
        """Answer again."""
        self._site.faults.down = False

    def refuse(self, status: int = 429, retry_after: int | None = None, calls: int = 1) -> None:
        """Answer the next REST calls with this status and `Retry-After` in seconds."""
        self._site.faults.refusals.extend([(status, retry_after)] * calls)

    def truncate_next_rest(self, keep: float = 0.5, *, torn: bool = False) -> None:
        """Send this part of the next REST body; torn: promise it all and hang up."""
        self._site.faults.cuts.append((keep, torn))

    def send_raw(self, frame: bytes) -> None:
        """Send any bytes as a text frame to every websocket."""
        for listener in self._site.listeners:
            listener.put(frame)

    @property
    def listeners(self) -> int:
        """How many websockets are open."""
        return len(self._site.listeners)

    async def _live(self) -> None:
        await self._site.subscribed.wait()
        self._schedule.go_live()
        while True:
            await asyncio.sleep(self._schedule.next_in_seconds / self._speed)
            for happening in self._schedule.step(self._now()):
                self._site.announce(happening)

    def _now(self) -> int:
        return int(self._clock())
