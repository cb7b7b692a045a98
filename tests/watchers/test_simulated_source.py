"""The watcher on the simulated Bitcoin: the same path as on the live one, down to the socket."""

import contextlib

import pytest
from msgspec.structs import replace

from tests.watchers.blockchain_com.world import replay
from tests.watchers.conftest import until
from tests.watchers.test_watcher import Desk, watching
from watchers.blockchain_com.feed import BlockchainCom
from watchers.model import Block, Checkpoint, Incident, Price, Reorg, Transaction
from watchers.simulated.server import SimulatedBitcoin


class Stored(Desk):
    """Keeps the events, and the checkpoint that a store would hold."""

    async def checkpoint(self) -> Checkpoint:
        story = replay(self.events)
        if not story:
            return Checkpoint("bitcoin")
        heard_at = story[-1].time - 60
        return Checkpoint("bitcoin", tuple(story[-200:]), story[0], story[0].time, heard_at)

    def tip(self) -> str:
        story = replay(self.events)
        return story[-1].hash if story else ""


@contextlib.asynccontextmanager
async def followed(**more):
    """A simulated Bitcoin that stands still, and a watcher that has told its tip."""
    desk = Stored()
    feed = more.pop("feed", None) or BlockchainCom(history_seconds=0)
    async with (
        SimulatedBitcoin(speed=0, history_blocks=12, **more) as source,
        watching(source, desk, feed=feed, load_checkpoint=desk.checkpoint) as watcher,
    ):
        await until(lambda: desk.of(Block) and desk.of(Price) and source.listeners)
        yield source, desk, watcher


async def test_payments_and_blocks_of_the_simulated_chain_are_told():
    async with followed() as (source, desk, _):
        paid = source.whale()
        block = source.mine()
        await until(lambda: desk.tip() == block)
        [told] = [tx for tx in desk.of(Transaction) if tx.hash == paid]
        [mined] = [tx for tx in desk.of(Block)[-1].transactions if tx.hash == paid]
        assert replace(mined, time=told.time) == told
    assert not desk.of(Incident)


@pytest.mark.parametrize("dialect", ["2013", "2019"])
async def test_both_dialects_are_understood(dialect):
    async with followed(dialect=dialect) as (source, desk, _):
        paid = source.transact()
        await until(lambda: paid in {tx.hash for tx in desk.of(Transaction)})
    assert not desk.of(Incident)


async def test_a_cut_is_filled_in_and_a_reorg_during_it_found():
    async with followed() as (source, desk, _):
        source.mine()
        await until(lambda: len(desk.of(Block)) == 2)
        source.go_down()
        source.reorg(2)
        tip = source.mine()
        source.come_up()
        await until(lambda: desk.tip() == tip, seconds=60)
    assert len(desk.of(Reorg)) == 1
    assert all(block.late or block.historic for block in desk.of(Block)[2:])


async def test_a_live_reorg_and_answers_cut_refused_and_torn_end_on_the_main_chain():
    async with followed() as (source, desk, _):
        source.mine()
        source.truncate_next_rest()
        source.truncate_next_rest(torn=True)
        source.refuse(404)
        source.refuse(429, retry_after=1)
        source.mine()
        *_, tip = source.reorg(2)
        await until(lambda: desk.tip() == tip, seconds=60)
    assert {block.late for block in desk.of(Block)} == {False}


async def test_bytes_of_any_kind_do_not_end_the_watch():
    async with followed() as (source, desk, watcher):
        for frame in (b"", b"{", b'{"op":"utx"}', b"\x00" * 50):
            source.send_raw(frame)
        paid = source.transact()
        await until(lambda: paid in {tx.hash for tx in desk.of(Transaction)})
        assert watcher.attempts == 1
    assert {incident.kind for incident in desk.of(Incident)} == {"bad frame"}


async def test_the_history_is_fetched_down_to_where_it_was_wanted():
    feed = BlockchainCom(history_seconds=6_000, history_pace_seconds=0.0)
    desk = Desk()
    async with (
        SimulatedBitcoin(speed=0, history_blocks=15) as source,
        watching(source, desk, feed=feed),
    ):
        await until(lambda: desk.of(Block) and feed.status().history_missing == 0)
        await until(lambda: len(desk.of(Block)) >= 9, seconds=60)
    heights = [block.header.height for block in desk.of(Block)]
    assert heights == list(range(heights[0], heights[0] - len(heights), -1))
    assert all(block.historic for block in desk.of(Block))
    assert len({block.header.hash for block in desk.of(Block)}) == len(heights)
