"""Where the proof happens: real transactions and blocks, fifty chats, a slow Telegram."""

import asyncio
import itertools
import random
from collections import Counter
from contextlib import asynccontextmanager
from hashlib import sha256

from tests.end_to_end import real
from tests.end_to_end.program import Program
from tests.end_to_end.scene import LINK, new_address
from tests.end_to_end.source import Source
from tests.strict_telegram.server import StrictTelegram

BTC = 10**8
CHATS = 50
FIRST_HEIGHT = 800_000
BATCH = 4
PAUSE_SECONDS = 0.25
WATCH_SHARE = 0.3
NEWCOMER_SHARE = 0.5
LATENCY_SECONDS = 0.2
PATIENCE_SECONDS = 120


class Ground:
    """Streams real transactions, mines them, and keeps what must become of them."""

    def __init__(self, folder, source, server, rng):
        self.source = source
        self.server = server
        self.rng = rng
        self.streamed = []
        self.asked = {}
        self._folder = folder
        self._lines = iter(real.mempool())
        self._waiting = []
        self._labels = itertools.count(1)
        self._settings = {
            "TELEGRAM_TOKEN": server.token, "TELEGRAM_API": server.base, "ACCESS": "open",
            "HISTORY": "1s", **source.settings,
        }  # fmt: skip
        self.people = [server.person(f"Person {number}") for number in range(CHATS)]
        self.thresholds = {p.id: (1 + n) * BTC // 2 for n, p in enumerate(self.people)}
        self.mine(list(itertools.islice(self._lines, BATCH)))  # known before the first start

    def program(self, place="", hit=1):
        """The program, doomed at a place where one is named."""
        return DoomedProgram(self._folder, place, hit, **self._settings)

    async def settle(self, program):
        """Let everybody say what they want to be told, and wait until it is durable."""
        for person in self.people:
            amount = self.thresholds[person.id] / BTC
            await person.says(f"/threshold whales {amount:.1f} BTC")
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
            for line in itertools.islice(self._lines, BATCH):
                self.streamed.append(line)
                self._waiting.append(line)
                await self.source.say("utx", real.utx(line))
            if self.rng.random() < WATCH_SHARE:
                await self._ask()
            if self.rng.random() < 0.2:
                await self.source.mine(self.mine(self._take()))
            await asyncio.sleep(PAUSE_SECONDS)

    async def _ask(self):
        """Somebody, often a newcomer, begins to watch an address under a name of its own."""
        label = f"label{next(self._labels)}"
        is_new = self.rng.random() < NEWCOMER_SHARE
        person = self.server.person(label) if is_new else self.rng.choice(self.people)
        self.asked[label] = person
        await person.says(f"/watch {new_address(label)} {label}")

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

    def due(self, person):
        """What arithmetic on the raw data says the person must be told."""
        threshold = self.thresholds[person.id]
        return {line["_txid"] for line in self.streamed if real.moved(line["tx"]) >= threshold}

    def told(self, person):
        """How often each transaction is named in the person's chat."""
        return Counter(
            txid
            for message in self.server.messages(person.chat)
            for txid in LINK.findall(message.html)
        )

    def repeats(self, person):
        """How many messages tell only what had been told before."""
        told: set[str] = set()
        count = 0
        for message in self.server.messages(person.chat):
            named = set(LINK.findall(message.html))
            count += bool(named) and not named - told
            told |= named
        return count

    def forgotten_commands(self, program):
        """Labels that were answered with “Watching” and are not in the database."""
        kept = {label for (label,) in program.rows("SELECT label FROM subscriptions")}
        answered = {
            label
            for label, person in self.asked.items()
            for message in self.server.messages(person.chat)
            if "Watching" in message.text and f"{label}." in message.text
        }
        return answered - kept


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
        ground = Ground(folder, source, server, random.Random(seed))
        program = ground.program()
        await program.start()
        await source.until_subscribed()
        await ground.settle(program)
        assert await program.stop() == 0, program.said()
        yield ground
