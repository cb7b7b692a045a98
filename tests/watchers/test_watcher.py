"""The watcher keeps a session open over real sockets, whatever the source does."""

import asyncio
import contextlib
import random

import pytest

from tests.watchers.blockchain_com.world import block_frame, transaction_frame
from tests.watchers.conftest import until
from watchers.blockchain_com.feed import BlockchainCom
from watchers.http import SourceError
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


async def test_a_look_up_that_finds_nothing_says_so(served):
    async with watching(served, Desk()) as watcher:
        with pytest.raises(SourceError, match="knows nothing"):
            await watcher.look_up("/rawtx/" + "0" * 64)
        assert b"83123.45" in await watcher.look_up("/ticker")
