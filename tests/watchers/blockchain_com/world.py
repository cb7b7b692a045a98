"""A model of the source for tests: a chain that forks, and a rig that plays both sides.

It computes what a reader should end up with by the plainest route: `World.main` is the
main chain, and `replay` applies events to a list of headers.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from watchers.blockchain_com.feed import BlockchainCom
from watchers.feed import Answer, Frame, Get, Reconnect, Say
from watchers.model import Block, Checkpoint, Event, Header, Reorg, unsealed

GENESIS_TIME = 1_700_000_000


def digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def raw_transaction(name: object, *, paid: int = 5_000, coinbase: bool = False) -> dict:
    spent = {"value": paid + 100, "addr": "1Sender", "n": 0, "tx_index": 0, "script": ""}
    return {
        "hash": digest("tx", name),
        "size": 200,
        "inputs": [{"script": "", "prev_out": None if coinbase else spent}],
        "out": [{"value": paid, "addr": "1Receiver", "n": 0, "script": "00"}],
    }


class World:
    """The source's chain. `main[h - base]` is the raw block at height `h`."""

    def __init__(self, first_height: int = 100, blocks: int = 1) -> None:
        self.base = first_height
        self.main: list[dict] = []
        self.stale: list[dict] = []
        self._count = 0
        self.now = GENESIS_TIME
        for _ in range(blocks):
            self.mine()

    @property
    def tip(self) -> dict:
        return self.main[-1]

    def mine(self, count: int = 1) -> dict:
        for _ in range(count):
            self._count += 1
            self.now += 600
            height = self.base + len(self.main)
            parent = self.main[-1]["hash"] if self.main else digest("genesis")
            txs = [
                raw_transaction(("reward", self._count), coinbase=True),
                raw_transaction(("payment", self._count)),
            ]
            self.main.append({
                "hash": digest("block", self._count), "prev_block": parent, "height": height,
                "time": self.now, "bits": 386_000_000, "size": 1000, "weight": 4000,
                "n_tx": len(txs), "main_chain": True, "tx": txs,
            })  # fmt: skip
        return self.tip

    def reorg(self, depth: int, blocks: int | None = None) -> None:
        """Take `depth` blocks off and mine others: one more, unless told how many."""
        gone = self.main[len(self.main) - depth :]
        self.stale += [block | {"main_chain": False} for block in gone]
        del self.main[len(self.main) - depth :]
        self.mine(depth + 1 if blocks is None else blocks)

    def headers(self) -> list[Header]:
        return [Header(b["height"], b["hash"], b["prev_block"], b["time"]) for b in self.main]

    def answer(self, path: str) -> tuple[int, bytes]:
        if path == "/latestblock":
            return 200, json.dumps({k: self.tip[k] for k in ("hash", "height", "time")}).encode()
        if path == "/ticker":
            return 200, b'{"USD": {"last": 83123.45}, "EUR": {"last": 71000}}'
        everything = self.main + self.stale
        if path.startswith("/block-height/"):
            height = int(path.removeprefix("/block-height/").partition("?")[0])
            found = [block for block in everything if block["height"] == height]
            return (200, json.dumps({"blocks": found}).encode()) if found else (404, b"{}")
        hash_ = path.removeprefix("/rawblock/")
        found = [block for block in everything if block["hash"] == hash_]
        return (200, json.dumps(found[0]).encode()) if found else (404, b'{"error": "not found"}')


def block_frame(block: dict) -> bytes:
    x = {"hash": block["hash"], "height": block["height"], "txIndexes": []}
    return json.dumps({"op": "block", "x": x}).encode()


def transaction_frame(name: object, **more: object) -> bytes:
    return json.dumps({"op": "utx", "x": raw_transaction(name) | more}).encode()


def replay(events: Sequence[Event], start: Sequence[Header] = ()) -> list[Header]:
    """The headers of the main chain that the events tell, history included."""
    story = list(start)
    for event in events:
        if isinstance(event, Reorg):
            story = [header for header in story if header.height <= event.ancestor]
        elif isinstance(event, Block) and event.historic and story:
            assert event.header.hash == story[0].parent
            story.insert(0, event.header)
        elif isinstance(event, Block):
            assert not story or event.header.parent == story[-1].hash
            story.append(event.header)
    return story


def checkpoint_at(
    headers: Sequence[Header], heard_at: float, since: int | None = None
) -> Checkpoint:
    """What the store would hold; the history goes back to the lowest header, or `since`."""
    since = headers[0].time if since is None else since
    return Checkpoint("bitcoin", tuple(headers[-200:]), headers[0], since, int(heard_at))


@dataclass
class Rig:
    """Drives a feed against a world, without a network."""

    world: World
    feed: BlockchainCom = field(default_factory=lambda: BlockchainCom(history_seconds=0))
    now: float = 1_800_000_000.0
    events: list[Event] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    gets: list[Get] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    reconnects: list[str] = field(default_factory=list)
    answer: Callable[[Get], Answer] | None = None

    def connect(self, checkpoint: Checkpoint | None = None) -> "Rig":
        self.gets.clear()
        self.feed.connected(checkpoint or Checkpoint("bitcoin"), self.now)
        self.collect()
        return self

    def collect(self) -> None:
        for ask in self.feed.to_send():
            if isinstance(ask, Say):
                self.said.append(ask.data)
            elif isinstance(ask, Reconnect):
                self.reconnects.append(unsealed(ask.reason))
            else:
                self.gets.append(ask)
                self.asked.append(ask.path)

    def frame(self, data: bytes) -> list[Event]:
        events = list(self.feed.received(Frame(data), self.now))
        self.events += events
        self.collect()
        return events

    def give(self, answer: Answer) -> list[Event]:
        events = list(self.feed.received(answer, self.now))
        self.events += events
        self.collect()
        return events

    def true_answer(self, get: Get) -> Answer:
        return Answer(get.ask, *self.world.answer(get.path))

    def settle(self, rounds: int = 5_000) -> "Rig":
        """Answer everything that is asked until nothing is."""
        for _ in range(rounds):
            if not self.gets:
                return self
            get = self.gets.pop(0)
            self.give((self.answer or self.true_answer)(get))
        raise AssertionError(f"never settles: {self.asked[-20:]}")

    def wait(self, seconds: float, step: float = 1.0, *, silent: bool = False) -> "Rig":
        """Let time pass, settling after each step; transactions come unless it is silent."""
        passed = 0.0
        while passed < seconds:
            self.now += step
            passed += step
            if not silent:
                self.frame(transaction_frame(self.now))
            self.events += self.feed.tick(self.now)
            self.collect()
            self.settle()
        return self

    def blocks(self) -> list[Block]:
        return [event for event in self.events if isinstance(event, Block)]

    def told(self, kind: type) -> list:
        return [event for event in self.events if isinstance(event, kind)]
