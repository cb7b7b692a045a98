"""Where the proof happens: real transactions and blocks, fifty chats, a slow Telegram."""

import asyncio
import random
import shutil
import tempfile
from collections import Counter
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.end_to_end import real
from tests.end_to_end.program import Program
from tests.end_to_end.source import Source
from tests.proof.crowd import Crowd
from tests.proof.promises import forgotten
from tests.strict_telegram.server import StrictTelegram

CHATS = 50
FIRST_HEIGHT = 800_000
BATCH = 4
PAUSE_SECONDS = 0.25
ASK_SHARE = 0.5
LATENCY_SECONDS = 0.2
PATIENCE_SECONDS = 120


class Ground:
    """Streams real transactions, mines them, and keeps what must become of them."""

    def __init__(self, folder, source, server, rng):
        self.source = source
        self.server = server
        self.rng = rng
        self.crowd = Crowd(server, CHATS, rng)
        self.streamed = []
        self.newest: Any = None
        self.ambiguous: Counter[int] = Counter()
        self._folder = folder
        self._coming = real.mempool()
        self._waiting = []
        self._settings = {
            "TELEGRAM_TOKEN": server.token, "TELEGRAM_API": server.base, "ACCESS": "open",
            "HISTORY": "1s", "RAW_DAYS": "3650", **source.settings,  # they are of 2024
        }  # fmt: skip
        self.mine(self._next_lines())  # known before the first start

    def _next_lines(self, count=BATCH):
        """The next transactions to stream."""
        lines, self._coming = self._coming[:count], self._coming[count:]
        assert lines, "there are no more real transactions: take shorter runs"
        return lines

    def program(self, place="", hit=1):
        """The program, doomed at a place where one is named."""
        self.newest = DoomedProgram(self._folder, place, hit, **self._settings)
        return self.newest

    async def settle(self, program):
        """Let everybody say what they want to be told, and wait until it is durable."""
        await self.crowd.settle()
        await program.until(
            lambda: program.rows("SELECT count(*) FROM subscriptions") == [(CHATS,)],
            "thresholds of all chats", PATIENCE_SECONDS,
        )  # fmt: skip

    async def live(self, program, seconds):
        """Stream, mine and ask until the program dies or the time is over."""
        async with asyncio.TaskGroup() as tasks:
            traffic = tasks.create_task(self._traffic())
            try:
                async with asyncio.timeout(seconds):
                    await program.ended()
            except TimeoutError:
                pass
            traffic.cancel()

    async def _traffic(self):
        while True:
            # A slow start on a busy machine must not use up what there is.
            for line in self._next_lines(BATCH if self.source.is_heard else 1):
                self.streamed.append(line)
                self._waiting.append(line)
                await self.source.say("utx", real.utx(line))
            self.crowd.read(len(self.streamed))
            if self.rng.random() < ASK_SHARE:
                await self.crowd.ask(self._coming)
            if self.rng.random() < 0.2:
                await self.source.mine(self.mine(self._take()))
            await asyncio.sleep(PAUSE_SECONDS)

    def _take(self):
        taken, self._waiting = self._waiting, []
        return taken

    def mine(self, lines):
        """A block of real transactions on top of the last one; its raw form."""
        height = FIRST_HEIGHT + len(self.source.blocks)
        parent = self.source.blocks[height - 1]["hash"] if self.source.blocks else "00" * 32
        name = sha256(f"block {height}".encode()).hexdigest()
        raw = real.rawblock(real.made_block(name, lines), height, parent)
        self.source.blocks[height] = raw
        return raw

    async def finish(self, program):
        """Mine what is left and wait until all is stored and said."""
        await self.source.until_subscribed()
        if not self._waiting:
            self._waiting = self._next_lines()
            self.streamed += self._waiting
        await self.source.mine(self.mine(self._take()))
        tip = self.source.blocks[max(self.source.blocks)]["hash"]
        await program.until(
            lambda: program.rows("SELECT 1 FROM blocks WHERE canonical AND hash = ?", tip),
            "last block", PATIENCE_SECONDS,
        )  # fmt: skip
        await program.until_all_is_said(PATIENCE_SECONDS)

    def lost_transactions(self, program):
        """Transactions of mined blocks that are not on the stored main chain."""
        stored = {
            hash_
            for (hash_,) in program.rows(
                "SELECT t.hash FROM transactions t"
                " JOIN block_transactions l ON l.transaction_id = t.id"
                " JOIN blocks b ON b.id = l.block_id WHERE b.canonical"
            )
        }
        mined = {tx["hash"] for raw in self.source.blocks.values() for tx in raw["tx"]}
        return mined - stored

    async def bury(self, program):
        """Kill the program if it lives, and note whose message was under way."""
        if program.runs:
            await program.kill()
        self.ambiguous.update(_being_told(self._folder))

    def figures(self, program):
        """How much was done."""
        told = [member.told(self.server) for member in self.crowd.members]
        return {
            "each with so many chats": CHATS,
            "transactions streamed": len(self.streamed),
            "blocks": len(self.source.blocks),
            "addresses watched": sum(len(m.watches) for m in self.crowd.members),
            "commands asked": self.crowd.commands(),
            "alerts that were due for sure": sum(
                len(m.due(self.streamed)) for m in self.crowd.members
            ),
            "alerts told": sum(map(len, told)),
            "alerts kept back by a mute": sum(map(len, self.kept_back(program).values())),
            "messages under way at a kill": self.ambiguous.total(),
            "messages repeated": sum(m.repeats(self.server) for m in self.crowd.members),
        }

    def losses(self, program):
        """All that must not be, by its name in the report."""
        members, kept_back = self.crowd.members, self.kept_back(program)
        told = {m.person.id: set(m.told(self.server)) for m in members}
        return {
            "transactions lost": self.lost_transactions(program),
            "alerts lost": [
                (m.person.id, txid)
                for m in members
                for txid in m.due(self.streamed) - told[m.person.id] - kept_back[m.person.id]
            ],
            "alerts that nobody asked for": [
                (m.person.id, txid)
                for m in members
                for txid in told[m.person.id] - m.allowed(self.streamed)
            ],
            "repeats beyond one a message under way": [
                m.person.id for m in members if m.repeats(self.server) > self.ambiguous[m.person.id]
            ],
            "alerts said after a mute": self.crowd.said_in_silence(),
            "answered commands forgotten": forgotten(self.crowd, program.rows),
        }

    def kept_back(self, program):
        """By chat, the transactions that were not told because it was muted."""
        rows = program.rows(
            "SELECT CAST(c.address AS INTEGER), a.transaction_hash FROM deliveries d"
            " JOIN chats c ON c.id = d.chat_id JOIN message_alerts x ON x.message_id = d.message_id"
            " JOIN alerts a ON a.id = x.alert_id WHERE d.state = 'muted'"
        )
        return {
            member.person.id: {txid for chat, txid in rows if chat == member.person.id}
            for member in self.crowd.members
        }


def _being_told(folder):
    """The chats to which something was under way when the program died, from a copy."""
    with tempfile.TemporaryDirectory() as copy:
        for name in ("spyhop.db", "spyhop.db-wal"):
            if (folder / name).exists():
                shutil.copy(folder / name, copy)
        return [
            address
            for (address,) in Program(Path(copy)).rows(
                "SELECT DISTINCT CAST(c.address AS INTEGER) FROM deliveries d"
                " JOIN chats c ON c.id = d.chat_id WHERE d.state = 'sending'"
            )
        ]


class DoomedProgram(Program):
    """The program; with a place it kills itself there."""

    def __init__(self, folder, place, hit, **settings):
        super().__init__(folder, **settings)
        self._place, self._hit = place, hit

    @property
    def command(self):
        if not self._place:
            return super().command
        first, flag, _ = super().command
        return [first, flag, "tests.proof.failpoints", self._place, str(self._hit)]

    async def ended(self):
        """Wait for the end, whatever it is."""
        await self._process.wait()


@asynccontextmanager
async def prepared(folder, seed):
    """A ground on which every chat has its threshold."""
    async with Source() as source, StrictTelegram() as server:
        server.latency_seconds = LATENCY_SECONDS
        ground = Ground(folder, source, server, random.Random(repr(seed)))
        program = ground.program()
        await program.start()
        await source.until_subscribed()
        await ground.settle(program)
        assert await program.stop() == 0, program.said()
        try:
            yield ground
        finally:
            if ground.newest.runs:
                await ground.newest.kill()
