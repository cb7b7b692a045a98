"""A stage for whole-program scenes: a chain driven by hand, a strict Telegram, the program."""

import re
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.end_to_end.program import running
from tests.strict_telegram.server import StrictTelegram
from watchers.simulated.address import address_of, witness
from watchers.simulated.server import SimulatedBitcoin

BTC = 10**8
LINK = re.compile(r'href="[^"]*/tx/([0-9a-f]{64})"')


def new_address(seed):
    """An address that nobody in the simulated economy has."""
    return address_of(witness(0, Random(f"address {seed}").randbytes(20)))


@dataclass
class Scene:
    """`settings` are those of the program; every program of a scene has the same database."""

    chain: SimulatedBitcoin
    server: StrictTelegram
    folder: Path
    settings: dict[str, str]

    @asynccontextmanager
    async def program(self, hurry=None, **more):
        """The program, watching: subscribed, level with the chain, and with a price."""
        before = self.subscriptions()
        async with running(self.folder, hurry, **{**self.settings, **more}) as program:
            await program.until(lambda: self.subscriptions() > before, "subscription")
            await self.until_level(program)
            await program.until(lambda: program.rows("SELECT 1 FROM prices"), "price")
            yield program

    def subscriptions(self):
        return sum(request == {"op": "blocks_sub"} for request in self.chain.heard)

    async def until_level(self, program):
        """Wait until the program's main chain is the source's, block by block."""
        await program.until(
            lambda: self.stored_chain(program)[-1:] == [(self.chain.chain.tip.hash,)],
            "the source's tip on the main chain",
        )

    @staticmethod
    def stored_chain(program):
        return program.rows("SELECT hash FROM blocks WHERE canonical ORDER BY height")

    @staticmethod
    def heights_above(program, height):
        """The heights of the stored main chain above one, in the order of their storing."""
        rows = program.rows(
            "SELECT height FROM blocks WHERE canonical AND height > ? ORDER BY id", height
        )
        return [height for (height,) in rows]

    async def asks(self, person, text, **where):
        """The answer to what somebody says."""
        await person.says(text, **where)
        return await self.next(where.get("chat") or person)

    async def next(self, where, seconds=30):
        """The next message in somebody's private chat, or in a group."""
        return await self.server.next_message(getattr(where, "chat", where), timeout=seconds)

    async def until_shows(self, message, text, seconds=30):
        """Wait until a message has been edited to say something."""
        await self.server.until(lambda: text in message.text, timeout=seconds)

    def log(self):
        """What all programs of the scene wrote."""
        return (self.folder / "log.txt").read_text(errors="replace")

    def told(self, where):
        """Which transactions are named in a chat, one entry a time."""
        chat = getattr(where, "chat", where)
        return [
            txid for message in self.server.messages(chat) for txid in LINK.findall(message.html)
        ]


@asynccontextmanager
async def staged(folder, *, limits=False, clock=time.time, **settings):
    """The scene without its program; at the end Telegram must have nothing to complain of.

    `clock` is that of the chain.
    """
    async with (
        SimulatedBitcoin(speed=0, history_blocks=3, clock=clock) as chain,
        StrictTelegram(limits=limits) as server,
    ):
        while chain.chain.mempool:  # nothing happens but what a test does
            chain.mine()
        wired = {
            "TELEGRAM_TOKEN": server.token, "TELEGRAM_API": server.base, "ACCESS": "open",
            "HISTORY": "1s", "BITCOIN_WS": chain.ws_url, "BITCOIN_HTTP": chain.http_url,
        }  # fmt: skip
        scene = Scene(chain, server, folder, {**wired, **settings})
        yield scene
        server.assert_clean()
        assert server.token not in scene.log()
