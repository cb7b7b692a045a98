"""How long people wait: for an alert, and for a command's answer."""

import asyncio
import itertools
import json
import math
import random
import time
from collections import defaultdict
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any

from msgspec import Struct

from benchmarks.frames import made_up
from benchmarks.scene import BTC, Scene, coinbase, frame_of, payment, staged, until
from benchmarks.source import Block
from benchmarks.startup import TELEGRAM
from detectors.model import Kind, Subscription
from tests.strict_telegram.people import Person

TURNS = 2
STREAM_SECONDS = 12
FRAMES_A_SECOND, ALERTS_A_SECOND = 100, 10
BLOCKS, BLOCK_TRANSACTIONS = 6, 4_000
ASKING, ASKED_A_SECOND, IDLE_SECONDS = 60, 20, 10.0
A_CHAT_SECONDS = 1.0
"""A chat is told one message in so long: https://core.telegram.org/bots/faq."""
COMMANDS = ("/status", "/watchlist", "/help")


class Latency(Struct, frozen=True):
    """The same wait twice, in seconds: `ours`, and `theirs` that it stands against."""

    name: str
    against: str
    aim: float
    ours: list[float]
    theirs: list[float]

    def ratio(self, share: float) -> float:
        """Ours to theirs at a percentile: less is better."""
        return percentile(self.ours, share) / percentile(self.theirs, share)


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that so large a share does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def latencies(frames: Sequence[bytes]) -> Iterator[Latency]:
    """What waits for the program; nothing where there is no Telegram to talk to."""
    if TELEGRAM.exists():
        yield asyncio.run(_alerts(frames))
        yield asyncio.run(_commands())


async def _alerts(frames: Sequence[bytes]) -> Latency:
    ours, theirs = [], []
    async with staged() as scene:
        people = [scene.telegram.person(f"Person {n}") for n in range(_alerts_a_turn())]
        watched = [(person, _watch(person)) for person in people]
        stream = _stream(frames, people)
        recipients = {f"{person.id:064x}": person.id for person in people}
        for _ in range(TURNS):
            async with scene.process("benchmarks.empty", RECIPIENTS=json.dumps(recipients)):
                theirs += await _waits(scene, stream)
            scene.subscribe(watched)
            async with scene.program():
                ours += await _waits(scene, stream)
    name = f"frame to request, {FRAMES_A_SECOND} transactions/s and {ALERTS_A_SECOND} alerts/s"
    return Latency(name, "empty pipeline", 3, ours, theirs)


def _alerts_a_turn() -> int:
    return STREAM_SECONDS * ALERTS_A_SECOND


def _watch(person: Person) -> Subscription:
    return Subscription(0, 0, Kind.WATCH, "bitcoin", address=_address(person))


def _address(person: Person) -> str:
    return f"bc1q{person.id:038x}"


def _stream(frames: Sequence[bytes], people: Sequence[Person]) -> list[tuple[bytes, int]]:
    """Frames of this moment, and who is to be told of each; 0 is nobody."""
    others = itertools.cycle(json.loads(frame)["x"] for frame in frames)
    found = []
    for person in people:
        due = payment(person.id, _address(person), BTC)
        rest = itertools.islice(others, FRAMES_A_SECOND // ALERTS_A_SECOND - 1)
        found += [(frame_of(due), person.id), *((frame_of(body), 0) for body in rest)]
    return found


async def _waits(scene: Scene, stream: Sequence[tuple[bytes, int]]) -> list[float]:
    """Seconds from each frame that somebody is told of to the request that tells it."""
    since, begin, said = len(scene.telegram.calls), time.monotonic(), {}
    for n, (frame, told) in enumerate(stream):
        await asyncio.sleep(begin + n / FRAMES_A_SECOND - time.monotonic())
        if told:
            said[told] = time.monotonic()
        await scene.source.say(frame)
    await until(lambda: len(scene.sent(since)) >= len(said))
    return [call.time - said[call.params["chat_id"]] for call in scene.sent(since)]


async def _commands() -> Latency:
    async with staged() as scene:
        people = [scene.telegram.person(f"Person {n}") for n in range(ASKING)]
        blocks = [_block(scene, random.Random(n)) for n in range(BLOCKS)]
        scene.subscribe([])
        async with scene.program():
            await _answers(scene, people, asyncio.sleep(ASKING / ASKED_A_SECOND))
            idle = await _answers(scene, people, asyncio.sleep(IDLE_SECONDS))
            busy = await _answers(scene, people, _mine(scene, blocks))
    name = f"a command's answer while a block of {BLOCK_TRANSACTIONS:,} transactions comes in"
    return Latency(name, "when idle", 3, busy, idle)


def _block(scene: Scene, rng: random.Random) -> Block:
    others = [made_up(rng) for _ in range(BLOCK_TRANSACTIONS - 1)]
    return scene.block([coinbase(rng.getrandbits(64)), *others])


async def _mine(scene: Scene, blocks: Sequence[Block]) -> None:
    """One block after the other, each when the one before it is stored."""
    for block in blocks:
        await scene.source.mine(block)
        await scene.until_stored(block)


async def _answers(
    scene: Scene, people: Sequence[Person], meanwhile: Coroutine[Any, Any, None]
) -> list[float]:
    """Seconds from each command to its answer, asked evenly until something has ended.

    It begins when each chat may be told something again at once.
    """
    await asyncio.sleep(A_CHAT_SECONDS)
    since, asked = len(scene.telegram.calls), defaultdict[int, list[float]](list)
    pending = asyncio.create_task(meanwhile)
    for n in itertools.count():
        if pending.done():
            break
        person = people[n % ASKING]
        asked[person.id].append(time.monotonic())
        await person.says(COMMANDS[n % len(COMMANDS)])
        await asyncio.sleep(1 / ASKED_A_SECOND)
    await pending
    await until(lambda: len(scene.sent(since)) >= sum(map(len, asked.values())))
    # In a chat answers come in the order of the questions.
    return [call.time - asked[call.params["chat_id"]].pop(0) for call in scene.sent(since)]
