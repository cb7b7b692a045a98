"""The feed follows the source's main chain, whatever happened meanwhile."""

import pytest

from tests.watchers.blockchain_com.world import (
    Rig,
    World,
    block_frame,
    checkpoint_at,
    replay,
    transaction_frame,
)
from watchers.feed import FeedError, Frame
from watchers.model import Heard, Price, Transaction


def rig_at(world: World, **more) -> Rig:
    """A rig whose feed has told the world's chain from its first block on."""
    rig = Rig(world, **more)
    return rig.connect(checkpoint_at(world.headers(), rig.now)).settle()


def test_a_session_begins_by_subscribing_and_asking_for_the_tip_and_the_prices():
    rig = Rig(World()).connect()

    assert rig.said[:2] == ['{"op":"unconfirmed_sub"}', '{"op":"blocks_sub"}']
    assert rig.asked == ["/latestblock", "/ticker"]


def test_the_first_start_takes_the_tip_as_its_baseline():
    rig = Rig(World(blocks=3)).connect().settle()

    assert [(b.header.height, b.historic, b.late) for b in rig.blocks()] == [(102, True, False)]


def test_an_announced_block_is_fetched_and_told():
    world = World(blocks=2)
    rig = rig_at(world)

    rig.frame(block_frame(world.mine()))
    rig.settle()

    assert [(b.header.height, b.late, b.historic) for b in rig.blocks()] == [(102, False, False)]


@pytest.mark.parametrize("missed", [0, 1, 30, 500])
def test_every_block_of_a_gap_is_filled_in_oldest_first_and_late(missed):
    world = World(blocks=5)
    headers = world.headers()
    world.mine(missed)
    rig = Rig(world)

    rig.connect(checkpoint_at(headers, rig.now - 6_000)).settle()

    assert [b.header.height for b in rig.blocks()] == list(range(105, 105 + missed))
    assert all(block.late for block in rig.blocks())
    assert replay(rig.events, headers) == world.headers()


def test_prices_are_exact_integers():
    rig = Rig(World()).connect().settle()

    assert rig.told(Price) == [Price("BTC", "USD", 83_123_450_000, int(rig.now), "blockchain.com")]


def test_a_frame_that_cannot_be_read_changes_nothing():
    rig = rig_at(World())
    before = rig.feed.status()

    with pytest.raises(FeedError):
        rig.feed.received(Frame(b'{"op":"utx","x":{"hash":"no"}}'), rig.now + 1)

    assert rig.feed.status() == before


def test_a_transaction_is_told_as_it_comes():
    rig = rig_at(World())

    [heard, transaction] = rig.frame(transaction_frame("one"))

    assert isinstance(heard, Heard)
    assert isinstance(transaction, Transaction)
    assert (transaction.moved, transaction.fee, transaction.time) == (5_000, 100, int(rig.now))
