"""One whale that a thousand chats are told of, by platforms that keep their limits."""

import asyncio
from collections.abc import Iterator, Sequence

from benchmarks.rows import Figure
from benchmarks.scene import BTC, Scene, frame_of, payment, staged, until
from benchmarks.startup import DISCORD, TELEGRAM
from detectors.model import Kind, Subscription
from tests.strict_discord.channels import Channel
from tests.strict_discord.stage import Stage as StrictDiscord
from tests.strict_telegram.people import Person

CROWD = 1_000
CHANNELS_A_SERVER = 50
TELEGRAM_A_SECOND, DISCORD_A_SECOND = 30, 50
WHALES = Subscription(0, 0, Kind.WHALES, "bitcoin", unit="BTC", amount=100 * BTC)


def broadcasts() -> Iterator[Figure]:
    """The share of the rate that each platform permits, and how many answers were 429."""
    if TELEGRAM.exists():
        yield from asyncio.run(_on_telegram())
    if TELEGRAM.exists() and DISCORD.exists():
        yield from asyncio.run(_on_both())


async def _on_telegram() -> list[Figure]:
    async with staged(limits=True) as scene:
        await _tell(scene, _people(scene, CROWD))
        name = f"one whale to {CROWD:,} chats"
        shares = [_share(name, _telegram_times(scene), TELEGRAM_A_SECOND)]
        return [*shares, _too_many(name, _telegram_refusals(scene))]


async def _on_both() -> list[Figure]:
    half = CROWD // 2
    async with (
        StrictDiscord(identify_seconds=0) as discord,
        staged(limits=True, discord=discord) as scene,
    ):
        await _tell(scene, [*_people(scene, half), *_channels(discord, half)])
        told = [call for call in discord.calls if call.operation == "create_message"]
        refused = sum(call.status == 429 for call in discord.calls)
        name = f"one whale to {half:,} Telegram chats and {half:,} Discord channels"
        return [
            _share(f"{name}, Telegram", _telegram_times(scene), TELEGRAM_A_SECOND),
            _share(f"{name}, Discord", [call.time for call in told], DISCORD_A_SECOND),
            _too_many(name, refused + _telegram_refusals(scene)),
        ]


def _people(scene: Scene, count: int) -> list[Person]:
    return [scene.telegram.person(f"Person {n}") for n in range(count)]


def _channels(discord: StrictDiscord, count: int) -> list[Channel]:
    return [
        discord.guild(f"Server {n // CHANNELS_A_SERVER}").channel(f"channel-{n}")
        for n in range(count)
    ]


async def _tell(scene: Scene, places: Sequence[Person | Channel]) -> None:
    """Announce a whale, and wait until it was told everywhere."""
    scene.subscribe([(place, WHALES) for place in places])
    async with scene.program():
        await scene.source.say(frame_of(payment(1, "bc1qwhale", 1_000 * BTC)))
        await until(lambda: _said(scene) >= len(places))


def _said(scene: Scene) -> int:
    return len(scene.telegram.outgoing) + (len(scene.discord.sent) if scene.discord else 0)


def _telegram_times(scene: Scene) -> list[float]:
    return [call.time for call in scene.sent()]


def _telegram_refusals(scene: Scene) -> int:
    return sum(status == 429 for _, status, _ in scene.telegram.refusals)


def _share(name: str, times: Sequence[float], permitted: int) -> Figure:
    """What part of the permitted rate they kept up between the first and the last."""
    share = (len(times) - 1) / (times[-1] - times[0]) / permitted
    return Figure(f"{name}: share of the permitted {permitted}/s", "", 0.95, [share], bound="≥")


def _too_many(name: str, count: int) -> Figure:
    return Figure(f"{name}: answers 429", "", 0, [count])
