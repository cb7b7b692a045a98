"""A session that is only open is told from a living one, and what was missed is dated."""

from tests.watchers.blockchain_com.test_feed import rig_at
from tests.watchers.blockchain_com.world import (
    Rig,
    World,
    block_frame,
    transaction_frame,
)
from watchers.blockchain_com.feed import BlockchainCom
from watchers.model import Block, Checkpoint, Gap, Heard


def test_a_gap_is_told_with_the_first_sign_of_life():
    rig = Rig(World())
    rig.connect(Checkpoint("bitcoin", heard_at=int(rig.now) - 600))
    rig.now += 1

    assert rig.frame(b'{"op":"pong"}') == []
    [gap, heard, _] = rig.frame(transaction_frame("first"))
    assert gap == Gap(
        "bitcoin", "blockchain.com", int(rig.now) - 601, int(rig.now), "the program was not running"
    )
    assert isinstance(heard, Heard)


def test_a_gap_is_told_before_the_late_blocks_that_come_ahead_of_any_sign_of_life():
    world = World()
    rig = rig_at(world)
    rig.frame(transaction_frame("one"))
    heard = int(rig.now)
    world.mine(2)
    rig.now += 600
    rig.connect(Checkpoint("bitcoin", tuple(world.headers()[:1]), heard_at=heard)).settle()
    told = [event for event in rig.events if isinstance(event, (Gap, Block))]
    rig.frame(transaction_frame("two"))

    assert [type(event) for event in told] == [Gap, Block, Gap, Block]
    assert {gap.start for gap in rig.told(Gap)} == {heard}


def test_a_gap_between_two_sessions_is_dated_from_the_last_transaction():
    rig = rig_at(World())
    rig.frame(transaction_frame("one"))
    heard = int(rig.now)
    rig.now += 40
    rig.connect(Checkpoint("bitcoin", heard_at=heard - 30)).frame(transaction_frame("two"))

    assert [(gap.start, gap.reason) for gap in rig.told(Gap)] == [
        (heard, "the connection was lost"),
    ]  # fmt: skip


def test_a_moment_without_a_connection_is_no_gap():
    rig = rig_at(World())
    rig.frame(transaction_frame("one"))
    rig.now += 4
    rig.connect(Checkpoint("bitcoin", heard_at=int(rig.now) - 4)).frame(transaction_frame("two"))

    assert not rig.told(Gap)


def test_signs_of_life_are_told_at_most_every_quarter_of_a_minute():
    rig = rig_at(World())
    for number in range(60):
        rig.now += 1
        rig.frame(transaction_frame(number))

    assert len(rig.told(Heard)) == 4


def test_a_socket_from_which_nothing_comes_is_given_up_after_a_minute():
    rig = rig_at(World())
    rig.wait(58, silent=True)
    assert not rig.reconnects
    rig.wait(4, silent=True)
    assert rig.reconnects == ["nothing came for 60 seconds"]
    rig.wait(30, silent=True)
    assert len(rig.reconnects) == 1


def test_pongs_alone_do_not_prove_a_subscription():
    rig = rig_at(World())
    for _ in range(125):
        rig.frame(b'{"op":"pong"}')
        rig.wait(1, silent=True)

    assert rig.reconnects == ["no transaction came for 120 seconds"]
    assert rig.said.count('{"op":"ping"}') == 6


def test_watched_addresses_are_followed_as_they_change():
    rig = Rig(World(), BlockchainCom(stream="addresses", history_seconds=0))
    rig.feed.watching({"1A", "1B"})
    rig.connect()
    rig.feed.watching({"1B", "1C"})
    rig.collect()

    subscriptions = [said for said in rig.said if "addr" in said]
    assert '{"op":"unconfirmed_sub"}' not in rig.said
    assert subscriptions == [
        '{"op":"addr_sub","addr":"1A"}', '{"op":"addr_sub","addr":"1B"}',
        '{"op":"addr_unsub","addr":"1A"}', '{"op":"addr_sub","addr":"1C"}',
    ]  # fmt: skip
    rig.said.clear()
    rig.connect()
    assert [said for said in rig.said if "addr" in said] == [subscriptions[1], subscriptions[3]]


def test_quiet_addresses_are_no_reason_to_give_a_session_up():
    rig = Rig(World(), BlockchainCom(stream="addresses", history_seconds=0)).connect().settle()
    for _ in range(300):
        rig.frame(block_frame(rig.world.tip))
        rig.wait(1, silent=True)

    assert not rig.reconnects
    assert '{"op":"ping_block"}' in rig.said
    assert len(rig.blocks()) == 1


def test_pongs_do_not_stand_in_for_the_last_block_once_that_was_told():
    rig = Rig(World(), BlockchainCom(stream="addresses", history_seconds=0)).connect().settle()
    rig.frame(block_frame(rig.world.tip))
    for _ in range(125):
        rig.frame(b'{"op":"pong"}')
        rig.wait(1, silent=True)

    assert rig.reconnects == ["no block or transaction came for 120 seconds"]


def test_a_source_that_never_tells_its_last_block_is_believed_by_its_pongs():
    rig = Rig(World(), BlockchainCom(stream="addresses", history_seconds=0)).connect().settle()
    for _ in range(300):
        rig.frame(b'{"op":"pong"}')
        rig.wait(1, silent=True)

    assert not rig.reconnects
