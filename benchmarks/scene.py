"""The program as a process of its own, between a socket and a Telegram that are in this one."""

import asyncio
import json
import os
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlite_utils import Database

from benchmarks.frames import body
from benchmarks.source import Block, Source
from benchmarks.startup import ROOT, until_settled
from detectors.model import Subscription
from storage.blocks import tip_height
from storage.chats import Defaults, save_chat
from storage.database import open_database, reading
from storage.model import Chat
from storage.subscriptions import save_subscription
from tests.strict_discord.channels import Channel
from tests.strict_discord.stage import Stage as StrictDiscord
from tests.strict_telegram.people import Person
from tests.strict_telegram.server import Call, StrictTelegram

BTC = 10**8
FIRST_HEIGHT = 800_000
PATIENCE_SECONDS = 120.0


class Scene:
    """Both ends of the wires, and a folder for the database; perhaps a Discord, too."""

    def __init__(
        self,
        source: Source,
        telegram: StrictTelegram,
        database: Path,
        discord: StrictDiscord | None = None,
    ) -> None:
        self.source, self.telegram, self.discord = source, telegram, discord
        self.database = database
        self._height = FIRST_HEIGHT
        self._hash = "00" * 32
        source.put(self.block([coinbase(FIRST_HEIGHT)]))

    @property
    def settings(self) -> dict[str, str]:
        """What a program needs to find its way."""
        return {
            "TELEGRAM_TOKEN": self.telegram.token, "TELEGRAM_API": self.telegram.base,
            "BITCOIN_WS": f"ws://{self.source.url}/inv", "BITCOIN_HTTP": f"http://{self.source.url}",
            "DATABASE": str(self.database), "CONSOLE": "off", "ACCESS": "open", "HISTORY": "1s",
            "DISCORD_TOKEN": self.discord.token if self.discord else "",
            "DISCORD_API": self.discord.api if self.discord else "",
        }  # fmt: skip

    def block(self, transactions: Sequence[dict[str, Any]]) -> Block:
        """A block of these on top of the last one made; nobody hears of it yet."""
        parent, self._height = self._hash, self._height + 1
        self._hash = f"{self._height:064x}"
        return Block.encoded({
            "hash": self._hash, "prev_block": parent, "time": int(time.time()),
            "height": self._height, "bits": 386_089_497, "size": 10**6, "weight": 4 * 10**6,
            "fee": 0, "n_tx": len(transactions), "main_chain": True, "tx": list(transactions),
        })  # fmt: skip

    async def until_stored(self, block: Block) -> None:
        """Wait until the program has all of a block; asked beside the loop, which measures."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await asyncio.to_thread(self._tip) != block.height:  # noqa: ASYNC110 - a file
                await asyncio.sleep(0.1)

    def _tip(self) -> int | None:
        with reading(self.database) as db:
            return tip_height(db, "bitcoin")

    def subscribe(self, asked: Sequence[tuple[Person | Channel, Subscription]]) -> None:
        """Let them ask for this before the program starts, in a database without a past."""
        for left in self.database.parent.glob(f"{self.database.name}*"):
            left.unlink()
        now, defaults = int(time.time()), Defaults("en", "UTC", "USD")
        db = open_database(self.database)
        with db.atomic():
            for place, wanted in asked:
                chat = _saved(db, place, defaults, now)
                save_subscription(db, replace(wanted, chat=chat.id), now)
        db.close()

    def sent(self, since: int = 0) -> list[Call]:
        """The messages that came, and when; `since` counts all calls before."""
        return [call for call in self.telegram.calls[since:] if call.method == "sendMessage"]

    @asynccontextmanager
    async def program(self) -> AsyncIterator[None]:
        """`python -m bot`, listening on both sides, the worker started, nothing left to load."""
        async with self.process("bot") as bot:
            await until(lambda: self.telegram.updates.polling)
            await until(lambda: self.discord is None or self.discord.connected)
            await asyncio.to_thread(until_settled, bot.pid)
            yield

    @asynccontextmanager
    async def process(self, module: str, **more: str) -> AsyncIterator[Process]:
        """A module as a process that has subscribed; ended at the end."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, cwd=ROOT, env=os.environ | self.settings | more,
            stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL,
        )  # fmt: skip
        try:
            await until(lambda: self.source.is_asked_for("unconfirmed_sub"))
            yield process
        finally:
            process.terminate()
            await process.wait()
            await until(lambda: not self.source.listeners)


@asynccontextmanager
async def staged(
    *, limits: bool = False, discord: StrictDiscord | None = None
) -> AsyncIterator[Scene]:
    """Both ends; at the end Telegram must have nothing to complain of."""
    with tempfile.TemporaryDirectory(prefix="spyhop-benchmark-") as folder:
        async with Source() as source, StrictTelegram(limits=limits) as telegram:
            yield Scene(source, telegram, Path(folder) / "spyhop.db", discord)
            assert telegram.violations == []


def _saved(db: Database, place: Person | Channel, defaults: Defaults, now: int) -> Chat:
    """A person on Telegram, or a channel on Discord, in the database."""
    if isinstance(place, Person):
        name = place.chat.name
        return save_chat(db, "telegram", str(place.id), "", "private", name, defaults, now)
    server = str(place.guild.id if place.guild else "")
    return save_chat(
        db, "discord", str(place.id), "", "channel", place.name, defaults, now, server=server
    )


async def until(holds: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110 - not everything rings a bell
            await asyncio.sleep(0.02)


def frame_of(body: dict[str, Any]) -> bytes:
    """A transaction as it is announced at this moment."""
    return json.dumps({"op": "utx", "x": body | {"time": int(time.time())}}).encode()


def coinbase(number: int) -> dict[str, Any]:
    """The first transaction of a block."""
    minted = body(f"{number:064x}", 200, [], [(10**8, f"bc1qminer{number}", "0014")])
    return minted | {"inputs": [{"sequence": 0, "script": "00", "prev_out": None}]}


def payment(number: int, recipient: str, amount: int) -> dict[str, Any]:
    """A transaction with one input and one output."""
    spent, got = (amount, f"bc1qsender{number}", "0014"), (amount - 1_000, recipient, "0014")
    return body(f"{number:064x}", 190, [spent], [got])
