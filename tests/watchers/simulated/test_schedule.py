"""When things happen, in simulated seconds."""

from itertools import pairwise
from statistics import mean

from watchers.simulated.people import BITCOIN
from watchers.simulated.schedule import Schedule
from watchers.simulated.transaction import Block, Transaction
from watchers.simulated.world import World

from .lived import NOW


def alive(seed, seconds):
    """What happens in so many seconds after a short history, with when it happened."""
    schedule = Schedule(World(seed, NOW - 600))
    schedule.live_through(3, NOW)
    schedule.go_live()
    began, found = schedule.elapsed, []
    while schedule.elapsed + schedule.next_in_seconds <= began + seconds:
        new = schedule.step(NOW)
        found += [(schedule.elapsed - began, item) for item in new]
    return schedule, found


def test_a_whale_shows_itself_within_three_seconds_of_the_demo():
    for seed in range(10):
        _, found = alive(seed, 3 * 60)
        largest = max(
            output.value
            for _, item in found
            if isinstance(item, Transaction)
            for output in item.outputs
        )
        assert largest >= 600 * BITCOIN, f"seed {seed}"


def test_a_block_comes_every_ten_minutes_and_three_transactions_a_minute():
    _, found = alive(2, 2 * 86_400)
    blocks = sum(isinstance(item, Block) for _, item in found)
    assert 230 < blocks < 350
    assert 2 < (len(found) - blocks) / (2 * 1_440) < 5


def test_intervals_between_blocks_are_exponential():
    schedule, found = alive(3, 2 * 86_400)
    times = [when for when, item in found if isinstance(item, Block)]
    gaps = [after - before for before, after in pairwise(times)]
    short = sum(gap < 600 * 0.6931 for gap in gaps) / len(gaps)
    assert 480 < mean(gaps) < 720
    assert 0.4 < short < 0.6, "half are shorter than the mean times ln 2"
    assert any(len(hashes) > 1 for hashes in schedule.world.chain.at_height.values())
    assert schedule.world.chain.replaced


def test_a_history_is_as_long_as_it_was_asked_for():
    for blocks in (0, 1, 20):
        schedule = Schedule(World(1, NOW - (blocks + 1) * 600))
        schedule.live_through(blocks, NOW)
        chain = schedule.world.chain
        assert len(chain.main) == blocks + 1
        assert all(NOW - (blocks + 1) * 600 <= block.time <= NOW for block in chain.main)
        assert all(item.time <= NOW for item in chain.mempool.values())
