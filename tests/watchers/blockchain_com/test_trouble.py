"""Bad answers, throttling and lost sessions change nothing that was told."""

import json

import pytest

from tests.watchers.blockchain_com.test_feed import rig_at
from tests.watchers.blockchain_com.world import (
    Rig,
    World,
    block_frame,
    checkpoint_at,
    replay,
)
from watchers.blockchain_com.feed import BlockchainCom
from watchers.feed import Answer, Get
from watchers.model import Block, Checkpoint, Incident, Price, unsealed


def spoilt(rig: Rig, kind: str):
    """An answer to every block request that is no use."""

    def answer(get: Get) -> Answer:
        good = rig.true_answer(get)
        if "block-height" not in get.path:
            return good
        return {
            "missing": Answer(get.ask, 404, b'{"error":"not-found-or-invalid-arg"}'),
            "broken": Answer(get.ask, 503, b"<html>"),
            "empty": Answer(get.ask, 200, b""),
            "no blocks": Answer(get.ask, 200, b'{"blocks": []}'),
            "cut": Answer(get.ask, 200, good.body[: len(good.body) // 2]),
            "nothing": Answer(get.ask, 0, error="connection reset"),
            "other height": Answer(
                get.ask, 200, good.body.replace(b'"height": 10', b'"height": 9')
            ),
            "not bytes": Answer(get.ask, 200, b"\xff\xfe"),
        }[kind]

    return answer


@pytest.mark.parametrize(
    "kind",
    ["missing", "broken", "empty", "no blocks", "cut", "nothing", "other height", "not bytes"],
)
def test_a_useless_answer_is_asked_for_again_and_told_once(kind):
    world = World(blocks=3)
    rig = Rig(world)
    headers = world.headers()
    world.mine(3)
    rig.answer = spoilt(rig, kind)
    rig.connect(checkpoint_at(headers, rig.now)).settle()
    rig.wait(20)

    assert not rig.blocks()
    assert len(rig.told(Incident)) == 1

    rig.answer = None
    rig.wait(130)
    assert replay(rig.events, headers) == world.headers()


def test_a_block_with_too_few_transactions_is_refused_and_asked_for_by_its_hash():
    world = World(blocks=3)
    rig = rig_at(world)
    world.mine()
    whole = world.tip["tx"]
    cut = json.dumps({"blocks": [world.tip | {"tx": whole[:1]}]}).encode()

    def answer(get: Get) -> Answer:
        return Answer(get.ask, 200, cut) if "block-height" in get.path else rig.true_answer(get)

    rig.answer = answer
    rig.wait(125)

    assert f"/rawblock/{world.tip['hash']}" in rig.asked
    assert [len(block.transactions) for block in rig.blocks()] == [2]


def test_a_request_that_is_never_answered_is_repeated_after_half_a_minute():
    rig = Rig(World()).connect()
    rig.gets.clear()

    rig.now += 29
    assert not rig.feed.tick(rig.now)
    rig.now += 2
    rig.events += rig.feed.tick(rig.now)
    rig.now += 1
    rig.feed.tick(rig.now)
    rig.collect()

    assert {unsealed(incident.kind) for incident in rig.told(Incident)} == {
        "newest block: no answer",
        "prices: no answer",
    }
    assert rig.asked.count("/latestblock") == 2


def test_the_source_is_left_alone_for_as_long_as_it_says():
    world = World(blocks=3)
    rig = rig_at(world)
    rig.answer = lambda get: Answer(get.ask, 429, retry_after_seconds=90)
    rig.frame(block_frame(world.mine()))
    rig.settle()
    asked = len(rig.asked)

    rig.wait(89)
    assert len(rig.asked) == asked
    rig.wait(2)
    assert len(rig.asked) == asked + 1


@pytest.mark.parametrize("retry_after", [None, -5.0, float("nan"), float("inf"), 1e12])
def test_throttling_without_a_usable_time_slows_down_and_recovers(retry_after):
    world = World(blocks=3)
    rig = rig_at(world)
    rig.answer = lambda get: Answer(get.ask, 429, retry_after_seconds=retry_after)
    rig.frame(block_frame(world.mine()))
    rig.settle().wait(1_800, step=5)
    assert len(rig.asked) < 60

    rig.answer = None
    rig.wait(4_000, step=10)
    assert [block.header.height for block in rig.blocks()] == [103]


def test_never_more_than_a_window_is_asked_ahead():
    world = World(blocks=3)
    headers = world.headers()
    world.mine(100)
    rig = Rig(world)
    rig.connect(checkpoint_at(headers, rig.now))
    latest = next(get for get in rig.gets if get.path == "/latestblock")
    rig.give(rig.true_answer(latest))

    assert sum("block-height" in path for path in rig.asked) == 8


def test_answers_out_of_order_are_told_in_order():
    world = World(blocks=3)
    headers = world.headers()
    world.mine(20)
    rig = Rig(world)
    rig.connect(checkpoint_at(headers, rig.now))
    while rig.gets:
        rig.give(rig.true_answer(rig.gets.pop()))

    assert replay(rig.events, headers) == world.headers()


def test_an_answer_that_comes_twice_counts_once():
    world = World(blocks=3)
    rig = rig_at(world)
    rig.frame(block_frame(world.mine()))
    answer = rig.true_answer(rig.gets.pop())

    assert len(rig.give(answer)) == 1
    assert rig.give(answer) == []


def test_answers_of_an_old_session_are_dropped():
    world = World(blocks=3)
    headers = world.headers()
    rig = rig_at(world)
    rig.frame(block_frame(world.mine()))
    old = list(rig.gets)

    rig.connect(checkpoint_at(headers, rig.now))

    assert [rig.give(rig.true_answer(get)) for get in old] == [[] for _ in old]
    assert not {get.ask for get in old} & {get.ask for get in rig.gets}


def test_what_an_old_session_asked_for_is_asked_for_again():
    rig = Rig(World()).connect()
    old = list(rig.gets)

    rig.connect()

    assert [rig.give(rig.true_answer(get)) for get in old] == [[], []]
    assert rig.feed.status().tip is None
    assert [get.path for get in rig.gets] == [get.path for get in old]


def test_a_height_that_was_announced_and_never_comes_is_forgotten():
    world = World(blocks=3)
    rig = rig_at(world)
    rig.frame(block_frame({"hash": "a" * 64, "height": 5_000}))
    rig.settle()
    assert rig.feed.status().missing == 4_898

    rig.wait(250)
    asked = len(rig.asked)
    rig.wait(100)

    assert rig.feed.status().missing == 0
    assert not [path for path in rig.asked[asked:] if "block-height" in path]


def test_the_tip_is_asked_for_though_nothing_is_announced():
    world = World(blocks=3)
    rig = rig_at(world)
    world.mine(2)
    rig.wait(125)

    assert [(block.header.height, block.late) for block in rig.blocks()] == [
        (103, False), (104, False),
    ]  # fmt: skip


def test_prices_come_every_minute_in_all_currencies():
    rig = Rig(World(), BlockchainCom(history_seconds=0, currencies=("EUR",))).connect().settle()
    rig.wait(62)

    assert [price.currency for price in rig.told(Price)] == ["USD", "EUR", "USD", "EUR"]


def test_a_currency_that_somebody_asks_for_is_told_at_once_and_no_longer_than_asked():
    rig = Rig(World(), BlockchainCom(history_seconds=0)).connect().settle()
    rig.feed.watching(set(), {"EUR"})
    rig.wait(5)
    rig.feed.watching(set())
    rig.wait(62)

    assert [price.currency for price in rig.told(Price)] == ["USD", "USD", "EUR", "USD"]


@pytest.mark.parametrize("last", ["0", "-1", "1e400", '"NaN"', "null", "1e13", '"x"', "{}"])
def test_an_impossible_price_is_refused(last):
    rig = Rig(World()).connect()
    ticker = next(get for get in rig.gets if get.path == "/ticker")

    rig.give(Answer(ticker.ask, 200, f'{{"USD": {{"last": {last}}}}}'.encode()))

    assert not rig.told(Price)
    assert len(rig.told(Incident)) == 1


def test_the_history_goes_gently_behind_everything_else_and_goes_on_after_a_restart():
    world = World(blocks=12)
    feed = BlockchainCom(history_seconds=0, history_pace_seconds=10)
    rig = Rig(world, feed)
    since = world.main[3]["time"]
    rig.connect(Checkpoint("bitcoin", history_since=since)).settle()
    rig.wait(35)
    assert [b.header.height for b in rig.blocks()] == [111, 110, 109, 108, 107]
    assert feed.status().history_missing == 4

    story = replay(rig.events)
    rig.connect(checkpoint_at(story, rig.now, since)).settle()
    world.mine()
    rig.frame(block_frame(world.tip))
    rig.settle()
    rig.wait(100)

    assert replay(rig.events) == world.headers()[3:]
    assert [b.header.height for b in rig.blocks() if not b.historic] == [112]
    assert feed.status().history_missing == 0


def test_blocks_are_all_historic_or_late_or_neither():
    world = World(blocks=3)
    rig = rig_at(world)
    rig.frame(block_frame(world.mine()))
    rig.settle()

    assert all(isinstance(block, Block) and not block.late for block in rig.blocks())
