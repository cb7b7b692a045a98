"""A program on trial: a simulated chain and a strict Telegram behind wires, and a small disk."""

import asyncio
import json
import sys
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from tests.end_to_end.program import Program
from tests.end_to_end.scene import LINK, Scene, staged
from tests.end_to_end.system_time import faketime
from tests.faults.disk import Disk, small_disk
from tests.faults.inside import NAME
from tests.faults.proxy import Wire

HASTE = {
    "bot.intake.ingest:SETTLING_SECONDS": 1,
    "watchers.blockchain_com.liveness:SILENT_SECONDS": 5.0,
    "watchers.blockchain_com.liveness:PING_SECONDS": 1.0,
    "watchers.blockchain_com.liveness:CUT_SECONDS": 0.0,
    "watchers.blockchain_com.feed:LATEST_SECONDS": 2.0,
    "watchers.blockchain_com.requests:TIMEOUT_SECONDS": 3.0,
    "watchers.blockchain_com.requests:MAX_RETRY_SECONDS": 2.0,
    "watchers.watcher:OPEN_SECONDS": 3.0,
    "watchers.watcher:MAX_PAUSE_SECONDS": 1.0,
    "bot.platforms.telegram:Telegram.__init__.__kwdefaults__.poll_seconds": 2,
}
"""What takes minutes in life takes seconds here."""
PATIENCE_SECONDS = 90
NOTICES = ("⚠️", "🕶", "✅ Back")


class TriedProgram(Program):
    """The program with its database on a disk that can be full, and the faults of `inside`."""

    def __init__(self, folder, disk, clock, **settings):
        super().__init__(folder, **settings, DATABASE=str(disk / "spyhop.db"))
        self.database = disk / "spyhop.db"
        self._folder = folder
        self._clock = clock

    @property
    def command(self):
        first = [sys.executable, "-m", "tests.faults.inside"]
        return [*first, str(self._folder), json.dumps(HASTE)]

    @property
    def environment(self):
        return {**super().environment, **self._clock}


@dataclass
class Trial:
    """What a fault can be done to, and what must have been told in the end."""

    scene: Scene
    program: TriedProgram
    source: Wire
    telegram: Wire
    disk: Disk
    folder: Path
    rng: Random
    ada: Any
    due: list[str] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    first: int = 0
    read: int = 0
    broken: int = 0

    @property
    def chain(self):
        return self.scene.chain

    @property
    def server(self):
        return self.scene.server

    def begin_anew(self):
        """Count what comes from now on only."""
        self.settled |= set(self.due)
        self.due.clear()
        self.first = len(self.chain.chain.main)
        self.read = len(self.server.messages(self.ada.chat))
        self.broken = self.telegram.broken

    def news(self):
        """A whale that Ada is to hear of."""
        self.due.append(self.chain.whale())
        self.chain.transact()
        return self.due[-1]

    async def says(self, text, *, holds, seconds=60):
        """Ask until an answer to the question says something; the answer."""
        async with asyncio.timeout(seconds):
            while True:
                answer = await self.asks(text)
                if holds in answer:
                    return answer
                await asyncio.sleep(0.3)

    async def asks(self, text, seconds=40):
        """The answer to a command; alerts and notices that come meanwhile are passed over."""
        known = set(map(id, self.server.messages(self.ada.chat)))
        await self.ada.says(text)

        def answer():
            new = [m for m in self.server.messages(self.ada.chat) if id(m) not in known]
            return next((m.text for m in new if not _is_told(m)), "")

        await self.server.until(answer, timeout=seconds)
        return answer()

    def heard(self, text):
        """Whether a message to Ada says something."""
        messages = self.server.messages(self.ada.chat)[self.read :]
        return any(text in message.text for message in messages)

    async def until_heard(self, text, seconds=60):
        """Wait until a message to Ada says something."""
        await self.server.until(lambda: self.heard(text), timeout=seconds)

    async def until_told(self, seconds=PATIENCE_SECONDS):
        """Wait until Ada knows everything that is due, and nothing waits."""
        await self.program.until(
            lambda: set(self.due) <= set(self.scene.told(self.ada)), "alerts", seconds
        )
        await self.program.until_all_is_said(seconds)

    async def until_well(self):
        """Everything that was mined is stored, all is told, and the bot says so."""
        self.chain.mine()
        await self.scene.until_level(self.program)
        await self.program.until_knows(self.mined())
        await self.until_told()
        await self.says("/status", holds="All well")

    def mined(self):
        blocks = self.chain.chain.main[self.first :]
        return [tx.hash for block in blocks for tx in block.transactions]

    def figures(self):
        """What was lost and what was repeated; a reply says what became of a message."""
        told = Counter(
            txid
            for message in self.server.messages(self.ada.chat)
            if message.reply_to is None
            for txid in LINK.findall(message.html)
        )
        wanted = set(self.mined())
        stored = {hash_ for (hash_,) in self.program.rows("SELECT hash FROM transactions")}
        return {
            "transactions in blocks": len(wanted),
            "transactions lost": len(wanted - stored),
            "alerts due": len(self.due),
            "alerts lost": len(set(self.due) - set(told)),
            "alerts that were not due": len(set(told) - set(self.due) - self.settled),
            "alerts repeated": sum(told[hash_] - 1 for hash_ in self.due if told[hash_] > 1),
        }


def _is_told(message):
    """Whether nobody asked for a message."""
    is_notice = message.text.startswith(NOTICES) and "Not all is well" not in message.text
    return is_notice or "/tx/" in message.html


@asynccontextmanager
async def on_trial(folder, seed=1):
    """A program that watches, is owned by Ada, and has told her of a first whale."""
    async with AsyncExitStack() as stack:
        scene = await stack.enter_async_context(staged(folder))
        disk = stack.enter_context(small_disk(folder / "disk"))
        source = await stack.enter_async_context(Wire(urlsplit(scene.chain.http_url).port))
        port, forget = urlsplit(scene.server.base).port, scene.server.forget_waits
        telegram = await stack.enter_async_context(Wire(port, lost=forget))
        ada = scene.server.person("Ada")
        settings = {
            **scene.settings,
            "OWNERS": f"telegram:{ada.id}",
            "BITCOIN_WS": f"ws://{NAME}:{source.port}/inv",
            "BITCOIN_HTTP": f"http://{NAME}:{source.port}",
            "TELEGRAM_API": f"http://{NAME}:{telegram.port}",
        }
        program = TriedProgram(folder, disk.folder, faketime(folder / "clock"), **settings)
        trial = Trial(scene, program, source, telegram, disk, folder, Random(seed), ada)
        await program.start()
        try:
            await program.until(scene.subscriptions, "subscription")
            await scene.until_level(program)
            await program.until(lambda: program.rows("SELECT 1 FROM prices"), "price")
            await trial.says("/threshold whales 500 BTC", holds="500 BTC")
            await trial.says("/alerts budget off", holds="No budget")  # else not each is named
            trial.begin_anew()
            trial.news()
            await trial.until_well()
            trial.begin_anew()
            yield trial
            assert await program.stop() == 0, program.said()
        finally:
            if program.runs:
                await program.kill()
