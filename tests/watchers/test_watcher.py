"""The watcher keeps a session open over real sockets, whatever the source does."""

import asyncio
import contextlib
import random
import time

import pytest

from tests.watchers.blockchain_com.world import block_frame, transaction_frame
from tests.watchers.conftest import until
from watchers.blockchain_com.feed import BlockchainCom
from watchers.model import Block, Checkpoint, Event, Incident, Transaction
from watchers.watcher import Watcher


class Desk:
    """Takes the events, while its gate is open."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def hand_on(self, events):
        await self.gate.wait()
        self.events += events

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


class Clock:
    """The time of a fixed day, which a test may let pass."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return 1_800_000_000.0 + self.passed


async def checkpoint():
    return Checkpoint("bitcoin")


@contextlib.asynccontextmanager
async def watching(served, desk, *, feed=None, pauses=None, **more):
    async def sleep(seconds):
        if pauses is not None:
            pauses.append(seconds)
        await asyncio.sleep(0)

    watcher = Watcher(
        feed or BlockchainCom(history_seconds=0),
        more.pop("ws_url", served.ws_url),
        more.pop("http_url", served.http_url),
        load_checkpoint=more.pop("load_checkpoint", checkpoint),
        hand_on=desk.hand_on,
        sleep=sleep,
        clock=more.pop("clock", time.time),
        rng=random.Random(1),
    )
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(watcher.run())
        yield watcher
        running.cancel()


async def test_transactions_and_blocks_arrive_over_real_sockets(served):
    desk = Desk()
    async with watching(served, desk) as watcher:
        await until(lambda: desk.of(Block))
        await served.send(transaction_frame("one"))
        await served.send(block_frame(served.world.mine()))
        await until(lambda: len(desk.of(Block)) == 2 and desk.of(Transaction))
        assert watcher.connected_since is not None
        assert watcher.attempts == 1
    assert '{"op":"unconfirmed_sub"}' in served.said


async def test_a_bad_frame_becomes_an_incident_and_the_watch_goes_on(served):
    desk = Desk()
    async with watching(served, desk):
        await until(lambda: served.connections)
        await served.send(b"\xff\x00 not json")
        await served.send(transaction_frame("after"))
        await until(lambda: desk.of(Transaction))
    [incident] = desk.of(Incident)
    assert incident.kind == "bad frame"
    assert "not json" in incident.sample


async def test_a_lost_connection_is_opened_again_and_subscribed_again(served):
    desk = Desk()
    async with watching(served, desk):
        await until(lambda: served.connections)
        await served.connections[0].close()
        await until(lambda: len(served.connections) == 2)
        await served.send(transaction_frame("again"))
        await until(lambda: desk.of(Transaction))
    assert served.said.count('{"op":"unconfirmed_sub"}') >= 1


@pytest.mark.parametrize("status", [403, 429, 500, 503])
async def test_a_refused_handshake_is_tried_again_for_ever(served, status):
    desk = Desk()
    served.refuse = status
    async with watching(served, desk) as watcher:
        await until(lambda: served.handshakes >= 12)
        assert str(status) in watcher.last_error
        served.refuse = None
        await until(lambda: desk.of(Block))


async def test_pauses_grow_where_a_server_accepts_and_closes(served):
    desk = Desk()
    pauses: list[float] = []
    served.close_at_once = True
    async with watching(served, desk, pauses=pauses):
        await until(lambda: len(pauses) >= 40)
    assert max(pauses) > 30
    assert all(0 <= pause <= 60 for pause in pauses)


async def test_nothing_is_read_while_the_events_wait(served):
    desk = Desk()
    big = b" " * 2**20
    async with watching(served, desk):
        await until(lambda: desk.of(Block))
        desk.gate.clear()

        async def flood():
            for number in range(200):
                await served.send(transaction_frame(number) + big)

        flooding = asyncio.create_task(flood())
        _, pending = await asyncio.wait([flooding], timeout=1)
        assert pending, "200 MiB went into a watcher that could not hand on a thing"
        desk.gate.set()
        await until(lambda: len(desk.of(Transaction)) == 200)
        await flooding
    assert len(served.connections) == 1


async def test_a_frame_of_many_mebibytes_is_read(served):
    desk = Desk()
    async with watching(served, desk):
        await until(lambda: served.connections)
        await served.send(transaction_frame("large") + b" " * (20 * 2**20))
        await until(lambda: desk.of(Transaction))


async def test_a_dead_socket_is_given_up_and_the_missed_block_is_told(served):
    desk, times = Desk(), Clock()
    async with watching(served, desk, clock=times):
        await until(lambda: desk.of(Block))
        served.world.mine()
        times.passed += 61
        await until(lambda: len(served.connections) == 2)
        await until(lambda: len(desk.of(Block)) == 2)


async def test_a_session_that_held_for_a_minute_is_followed_by_a_short_pause(served):
    desk, times = Desk(), Clock()
    pauses: list[float] = []
    served.close_at_once = True
    async with watching(served, desk, pauses=pauses, clock=times) as watcher:
        await until(lambda: watcher.attempts > 10)
        served.close_at_once = False
        await until(lambda: served.connections)
        await served.send(transaction_frame("one"))
        await until(lambda: desk.of(Transaction))
        times.passed += 59.9
        await served.send(transaction_frame("two"))
        await until(lambda: len(desk.of(Transaction)) == 2)
        times.passed += 0.2
        await served.send(transaction_frame("three"))
        await until(lambda: len(desk.of(Transaction)) == 3)
        tried = len(pauses)
        await served.connections[0].close()
        await until(lambda: len(served.connections) == 2)
    assert pauses[tried] <= 1


class FailingDesk(Desk):
    """Cannot take blocks for the first two times."""

    failures = 0

    async def hand_on(self, events):
        if any(isinstance(event, Block) for event in events) and self.failures < 2:
            self.failures += 1
            raise OSError("disk full")
        await super().hand_on(events)


async def test_events_that_cannot_be_handed_on_are_told_again_from_the_checkpoint(served):
    desk = FailingDesk()
    async with watching(served, desk) as watcher:
        await until(lambda: desk.of(Block))
        assert watcher.last_error == "OSError: disk full"
    assert desk.failures == 2


async def test_the_watch_list_is_said_to_the_source(served):
    feed = BlockchainCom(stream="addresses", history_seconds=0)
    async with watching(served, Desk(), feed=feed) as watcher:
        await until(lambda: '{"op":"blocks_sub"}' in served.said)
        watcher.set_watching({"1Watched"})
        await until(lambda: '{"op":"addr_sub","addr":"1Watched"}' in served.said)
