"""Whatever happens to the chain and to the answers, the events tell the main chain.

Random histories of mining, reorgs, cuts, restarts and bad answers are played to the feed; then
the source behaves, and the events replayed must be the source's main chain exactly.
"""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watchers.blockchain_com.world import (
    Rig,
    World,
    block_frame,
    checkpoint_at,
    replay,
    transaction_frame,
)
from watchers.blockchain_com.feed import BlockchainCom
from watchers.feed import Answer, FeedError, Frame, Get
from watchers.model import Checkpoint

BODIES = st.one_of(st.binary(max_size=60), st.sampled_from([b"{}", b'{"blocks":[]}', b"[]"]))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("mine"), st.integers(1, 3), st.booleans()),
        st.tuples(st.just("reorg"), st.integers(1, 4), st.integers(0, 5), st.booleans()),
        st.tuples(st.just("wait"), st.integers(1, 130)),
        st.tuples(st.just("answer"), st.integers(0, 20)),
        st.tuples(st.just("spoil"), st.sampled_from([0, 200, 404, 429, 503]), BODIES),
        st.tuples(st.just("cut"), st.integers(0, 100)),
        st.tuples(st.just("lose"), st.integers(1, 50)),
        st.tuples(st.just("frame"), st.binary(max_size=40)),
    ),
    max_size=25,
)


class Player:
    """Plays the steps. `kept` is what the store holds: the events up to the last loss."""

    def __init__(self) -> None:
        self.world = World(blocks=6)
        since = self.world.main[2]["time"]
        self.rig = Rig(self.world, BlockchainCom(history_seconds=0, history_pace_seconds=1.0))
        self.since = since
        self.rig.connect(Checkpoint("bitcoin", history_since=since))

    def mine(self, count: int, announced: bool) -> None:
        self.world.mine(count)
        self._announce(announced)

    def reorg(self, depth: int, blocks: int, announced: bool) -> None:
        self.world.reorg(min(depth, len(self.world.main) - 4), blocks)
        self._announce(announced)

    def _announce(self, announced: bool) -> None:
        if announced:
            self.rig.frame(block_frame(self.world.tip))

    def wait(self, seconds: int) -> None:
        self.rig.now += seconds
        self.rig.frame(transaction_frame(self.rig.now))
        self.rig.events += self.rig.feed.tick(self.rig.now)
        self.rig.collect()

    def answer(self, number: int) -> None:
        if self.rig.gets:
            get = self.rig.gets.pop(number % len(self.rig.gets))
            self.rig.give(self.rig.true_answer(get))

    def spoil(self, status: int, body: bytes) -> None:
        if self.rig.gets:
            self.rig.give(Answer(self.rig.gets.pop().ask, status, body))

    def cut(self, percent: int) -> None:
        if self.rig.gets:
            get = self.rig.gets.pop()
            body = self.rig.true_answer(get).body
            self.rig.give(Answer(get.ask, 200, body[: len(body) * percent // 100]))

    def lose(self, events: int) -> None:
        """A crash: the newest events were not stored, and the session begins anew."""
        self.rig.events = self.rig.events[: max(len(self.rig.events) - events, 0)]
        story = replay(self.rig.events)
        known = checkpoint_at(story, self.rig.now, self.since) if story else None
        self.rig.connect(known or Checkpoint("bitcoin", history_since=self.since))

    def frame(self, data: bytes) -> None:
        try:
            self.rig.frame(data)
        except FeedError:
            self.rig.collect()


@settings(max_examples=150)
@given(STEPS)
def test_the_events_of_any_history_tell_the_main_chain(steps):
    player = Player()
    for name, *values in steps:
        getattr(player, name)(*values)

    world = player.world
    world.mine(25)  # a source that only lost its tip is behind, which is no reorg
    player.rig.settle().wait(900, step=5)

    story = replay(player.rig.events)
    expected = [h for h in world.headers() if h.height >= story[0].height]
    assert story == expected
    assert story[0].time <= player.since


def snapshot(feed: BlockchainCom) -> str:
    """All of the feed's state, as text."""
    parts = [vars(feed), vars(feed._main), vars(feed._requests), vars(feed._liveness)]
    return repr(parts)


FRAMES = st.one_of(
    st.binary(max_size=200),
    st.builds(lambda name, cut: transaction_frame(name)[:cut], st.integers(), st.integers(0, 500)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["op", "x", "hash", "inputs", "out", "value", "prev_out", "height"]
                ),
                inner,
                max_size=5,
            )
        ),
    ).map(lambda value: json.dumps(value).encode()),
    st.builds(
        lambda key, value: transaction_frame("one", **{key: value}),
        st.sampled_from(["hash", "inputs", "out", "size", "time", "weight"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70),
    ),
)


@settings(max_examples=300)
@given(FRAMES)
def test_any_frame_gives_events_or_is_refused_without_a_trace(data):
    rig = Rig(World(blocks=3)).connect().settle()
    before = snapshot(rig.feed)
    refused = ""
    try:
        rig.feed.received(Frame(data), rig.now + 1)
    except FeedError as error:
        refused = str(error)
    if refused:
        assert snapshot(rig.feed) == before
    assert len(refused) < 300
    rig.collect()


@settings(max_examples=200)
@given(
    st.sampled_from(["/latestblock", "/ticker", "block"]),
    st.sampled_from([0, 200, 200, 200, 301, 404, 429, 500]),
    st.one_of(FRAMES, st.floats().map(lambda price: f'{{"USD":{{"last":{price}}}}}'.encode())),
    st.none() | st.floats(),
)
def test_any_answer_gives_events_and_never_a_fault(path, status, body, retry_after):
    world = World(blocks=3)
    rig = Rig(world).connect(checkpoint_at(world.headers(), 0)).settle()
    rig.frame(block_frame(world.mine()))
    wanted: list[Get] = [get for get in rig.gets if path in {"block", get.path}]
    for get in wanted or rig.gets:
        rig.give(Answer(get.ask, status, body, "", retry_after))
    rig.gets.clear()

    rig.settle().wait(300, step=5)
    assert rig.feed.status().height is not None
