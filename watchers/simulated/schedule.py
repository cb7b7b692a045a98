"""When things happen: transactions, blocks, whales, replacements and reorgs by chance.

Pure: simulated seconds go by as `step` is called. A miniature of the real chain: a block
every 600 s on average, as there, but three transactions a minute instead of four hundred,
and blocks that hold as much less. At speed 60 that reads as three transactions a second
and a block every ten seconds.
"""

from collections.abc import Callable, Sequence
from math import exp, inf, pi, sin

from .transaction import Block, Transaction
from .world import World

BLOCK_SECONDS = 600.0
TRANSACTION_SECONDS = 20.0
WHALE_SECONDS = 5_400.0
FIRST_WHALE_SECONDS = 120.0
DEAR = 8.0
"""The fee rate, in satoshi per virtual byte, above which people begin to wait."""

_REPLACED, _REORGANISED = 0.03, 0.04  # of transactions, of blocks

Happening = Transaction | Block
Act = Callable[[int], Sequence[Happening]]


class Schedule:
    """A world to which things happen in due time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.elapsed = 0.0
        self._reorgs = False
        self._mood = 0.0
        self._due: dict[Act, float] = {
            self._transact: 0.0,
            self._mine: 0.0,
            self._whale: FIRST_WHALE_SECONDS,
        }

    @property
    def next_in_seconds(self) -> float:
        """Simulated seconds until something happens."""
        return min(self._due.values()) - self.elapsed

    def step(self, time: int) -> Sequence[Happening]:
        """Go on to what happens next, and say what a node would announce of it."""
        act = min(self._due, key=lambda act: self._due[act])
        self.elapsed = self._due[act]
        return act(time)

    def live_through(self, blocks: int, until: int) -> None:
        """So many blocks at 600 s each on average, ending at a time in Unix seconds."""
        gaps = [self.world.rng.expovariate(1.0) for _ in range(blocks + 1)]
        scale, began = blocks * BLOCK_SECONDS / sum(gaps), until - blocks * BLOCK_SECONDS
        found = 0.0
        for gap in gaps[:-1]:
            found += gap * scale
            self._due[self._mine] = found
            self._run_until(found, began)
        self._due[self._mine] = inf
        self._run_until(blocks * BLOCK_SECONDS, began)

    def go_live(self) -> None:
        """From here on as it comes: a whale soon, a block after the usual wait, reorgs too."""
        self._reorgs = True
        self._again(self._mine, BLOCK_SECONDS)
        self._due[self._whale] = self.elapsed + FIRST_WHALE_SECONDS

    def _run_until(self, end: float, began: float) -> None:
        while self.elapsed + self.next_in_seconds <= end:
            self.step(int(began + self.elapsed + self.next_in_seconds))
        self.elapsed = end

    def _transact(self, time: int) -> Sequence[Happening]:
        busy = exp(self._mood) * (1 + 0.3 * sin(2 * pi * self.elapsed / 86_400))
        busy /= max(1.0, self.world.asked / DEAR)
        self._again(self._transact, TRANSACTION_SECONDS / busy)
        if self.world.rng.random() < _REPLACED and (loser := self.world.replaceable()):
            return [self.world.replace(loser, time)]
        return [self.world.transact(time)]

    def _whale(self, time: int) -> Sequence[Happening]:
        self._again(self._whale, WHALE_SECONDS)
        try:
            return [self.world.whale(time)]
        except ValueError:  # the one who was drawn has coins, but not that many
            return []

    def _mine(self, time: int) -> Sequence[Happening]:
        self._again(self._mine, BLOCK_SECONDS)
        self._mood = 0.85 * self._mood + self.world.rng.gauss(0, 0.2)
        block = self.world.mine(time)
        if self._reorgs and not self.world.torn and self.world.rng.random() < _REORGANISED:
            self.world.fork(1 if self.world.rng.random() < 0.85 else 2)
        return [block]

    def _again(self, act: Act, mean_seconds: float) -> None:
        self._due[act] = self.elapsed + self.world.rng.expovariate(1 / mean_seconds)
