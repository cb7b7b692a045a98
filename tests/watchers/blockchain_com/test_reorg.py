"""A reorg is found, walked back to the common ancestor and told in order."""

import json

import pytest

from tests.watchers.blockchain_com.test_feed import rig_at
from tests.watchers.blockchain_com.world import Rig, World, block_frame, checkpoint_at, replay
from watchers.blockchain_com.feed import BlockchainCom
from watchers.feed import Answer
from watchers.model import Block, Checkpoint, Header, Incident, Reorg


def away(world: World) -> tuple[Rig, list[Header]]:
    """A rig that knows the world as it is, and is not connected."""
    return Rig(world), world.headers()


def back(rig: Rig, headers: list[Header]) -> Rig:
    return rig.connect(checkpoint_at(headers, rig.now - 3_600)).settle().wait(5)


@pytest.mark.parametrize(
    ("depth", "surplus"), [(1, 0), (1, 1), (1, 20), (3, -2), (3, -1), (3, 0), (3, 1), (3, 20)]
)
def test_a_reorg_while_away_is_found_whether_the_tip_is_lower_the_same_or_higher(depth, surplus):
    world = World(blocks=10)
    rig, headers = away(world)
    world.reorg(depth, blocks=depth + surplus)

    back(rig, headers)

    assert [reorg.ancestor for reorg in rig.told(Reorg)] == [109 - depth]
    assert replay(rig.events, headers) == world.headers()
    assert all(block.late for block in rig.blocks())


@pytest.mark.parametrize("depth", [1, 3])
def test_a_reorg_while_listening_is_told_before_the_new_blocks_and_these_are_not_late(depth):
    world = World(blocks=10)
    rig = rig_at(world)
    headers = world.headers()

    world.reorg(depth)
    for block in world.main[-depth - 1 :]:
        rig.frame(block_frame(block))
        rig.settle().wait(3)

    told = [event for event in rig.events if isinstance(event, Reorg | Block)]
    assert isinstance(told[0], Reorg)
    assert told[0].ancestor == 109 - depth
    assert replay(told, headers) == world.headers()
    assert not any(block.late for block in rig.blocks())


def test_two_blocks_of_a_height_change_nothing_while_ours_is_on_the_main_chain():
    world = World(blocks=3)
    rig = rig_at(world)
    other = world.tip | {"hash": "a" * 64, "main_chain": False}
    world.stale.append(other)

    rig.frame(block_frame(other))
    rig.settle().wait(3)

    assert rig.asked[-1] == "/block-height/102?format=json"
    assert not rig.told(Reorg)
    assert not rig.blocks()


def test_the_other_of_two_blocks_is_taken_once_the_source_prefers_it():
    world = World(blocks=3)
    rig = rig_at(world)
    headers = world.headers()
    world.reorg(1, blocks=1)

    rig.frame(block_frame(world.tip))
    rig.settle().wait(3)

    assert replay(rig.events, headers) == world.headers()


def test_a_source_that_lags_behind_is_no_reorg():
    world = World(blocks=5)
    rig, headers = away(world)
    lagging = World(blocks=3)

    rig.world = lagging
    back(rig, headers)

    assert not rig.told(Reorg)
    assert not rig.blocks()
    assert rig.feed.status().height == 104


def test_a_reorg_below_all_known_headers_is_an_incident_and_goes_on_from_the_lowest():
    world = World(blocks=10)
    rig, headers = away(world)
    world.reorg(8)
    known = headers[5:]

    back(rig, known)

    assert [incident.kind for incident in rig.told(Incident)] == ["deep reorg"]
    assert [reorg.ancestor for reorg in rig.told(Reorg)] == [104]
    told = [block.header for block in rig.blocks() if not block.historic]
    assert told == world.headers()[5:]


def test_a_reorg_of_the_very_first_block_is_no_incident():
    world = World(blocks=2)
    rig = Rig(world).connect().settle()
    world.reorg(1)

    rig.frame(block_frame(world.tip))
    rig.settle().wait(3)

    assert not rig.told(Incident)
    assert [reorg.ancestor for reorg in rig.told(Reorg)] == [100]
    assert [(b.header.height, b.historic) for b in rig.blocks()] == [
        (101, True), (101, False), (102, False),
    ]  # fmt: skip


def test_a_chain_that_turns_back_to_the_first_branch_ends_there():
    world = World(blocks=5)
    rig = rig_at(world)
    headers = world.headers()
    first = list(world.main)
    world.reorg(1)
    rig.frame(block_frame(world.tip))
    rig.settle().wait(3)

    world.stale += [block | {"main_chain": False} for block in world.main[4:]]
    world.main = first
    world.mine(2)
    rig.frame(block_frame(world.tip))
    rig.settle().wait(3)

    assert replay(rig.events, headers) == world.headers()
    assert rig.blocks()[-3].header == headers[-1]


def test_an_answer_that_contradicts_itself_is_asked_for_again_ever_slower():
    world = World(blocks=3)
    rig = rig_at(world)
    world.mine()
    true_parent = world.tip["prev_block"]
    world.tip["prev_block"] = "b" * 64

    rig.frame(block_frame(world.tip))
    rig.settle().wait(60)
    asked = rig.asked.count("/block-height/103?format=json")
    assert not rig.told(Reorg)
    assert not rig.blocks()
    assert asked < 10

    world.tip["prev_block"] = true_parent
    rig.wait(130)
    assert [block.header.height for block in rig.blocks()] == [103]


def test_the_history_follows_the_new_branch_where_a_reorg_went_below_the_oldest_block():
    world = World(blocks=8)
    rig = Rig(world, BlockchainCom(history_seconds=0, history_pace_seconds=1))
    rig.answer = lambda get: (
        Answer(get.ask, 503) if "rawblock" in get.path else rig.true_answer(get)
    )
    rig.connect(Checkpoint("bitcoin", history_since=world.main[1]["time"])).settle()
    world.reorg(3)
    rig.frame(block_frame(world.tip))
    rig.answer = None

    rig.settle().wait(30)

    assert replay(rig.events) == world.headers()[1:]


@pytest.mark.parametrize("said", [False, None])
def test_where_the_source_calls_no_block_main_the_one_that_follows_is_taken(said):
    world = World(blocks=3)
    rig = rig_at(world)
    world.mine()
    other = world.tip | {"hash": "a" * 64, "prev_block": "b" * 64, "main_chain": said}
    world.tip["main_chain"] = said
    world.main.insert(0, other)
    found = json.loads(world.answer("/block-height/103?format=json")[1])["blocks"]
    assert [block["hash"] for block in found] == [other["hash"], world.tip["hash"]]

    rig.frame(block_frame(world.tip))
    rig.settle()

    assert [block.header.hash for block in rig.blocks()] == [world.tip["hash"]]


def test_a_broken_block_beside_the_main_chain_does_not_hold_it_up():
    world = World(blocks=3)
    rig = rig_at(world)
    world.mine()
    world.stale.append(world.tip | {"hash": "a" * 64, "main_chain": False, "n_tx": 99})

    rig.frame(block_frame(world.tip))
    rig.settle()

    assert len(rig.blocks()) == 1
