"""Oddities that need time or addresses, done on the simulated chain among what happens there.

One day is learnt, the next judged. What leads up to a deed counts as usual.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from detectors.learnt.evaluation import (
    NEIGHBOURS,
    USUAL_FOREST,
    Interval,
    interval_of,
    plain_columns,
)
from detectors.learnt.forest import fit_forest
from detectors.learnt.judging import average_precision, found_at
from detectors.learnt.memory import Memory
from detectors.learnt.sampling import judged_stream
from detectors.learnt.tails import Vector
from detectors.learnt.training import fit
from watchers.model import Transaction, Transfer
from watchers.simulated import transaction as simulated
from watchers.simulated.address import address_of, witness
from watchers.simulated.people import BITCOIN
from watchers.simulated.schedule import Schedule
from watchers.simulated.world import World

BEGINS = 1_710_000_000
DAY_SECONDS = 86_400
LAST_DEED_SECONDS = 2 * DAY_SECONDS - 7_200
FUNDED_SECONDS = 3_600
"""Who is to do something has what it takes so soon."""
EACH = 4
"""So many are done of each kind: a window of structuring is one, and has more to be found."""
PARTS, LIMIT = 5, 10 * BITCOIN
GAP_SECONDS = 600
COLUMNS = ("dormant for a day", "round trip", "structuring in an hour")
DORMANT, ROUND_TRIP, STRUCTURING = COLUMNS

Deed = Callable[[int], list[simulated.Transaction]]
Stream = list[tuple[Transaction, str]]


@dataclass(frozen=True)
class Found:
    """What a method reached: the share of each kind that is among one in 100."""

    method: str
    precision: Interval
    kinds: dict[str, Interval]


class Story:
    """A simulated chain, and deeds that are done on it when their time has come."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.world = World(seed, BEGINS)
        self.schedule = Schedule(self.world)
        self.due: list[tuple[int, str, Deed]] = []

    def told(self) -> Stream:
        """All that happens in two days, oldest first; nothing odd is done on the first."""
        stream: Stream = []
        self._prepare()
        self.schedule.go_live()
        time = BEGINS
        while time < BEGINS + 2 * DAY_SECONDS:
            time = BEGINS + int(self.schedule.elapsed + self.schedule.next_in_seconds)
            stream += [(seen(t), kind) for t, kind in self._done(time)]
            for happened in self.schedule.step(time):
                if isinstance(happened, simulated.Transaction):
                    stream.append((seen(happened), ""))
        return stream

    def _done(self, time: int) -> Iterator[tuple[simulated.Transaction, str]]:
        """What is due by now, without what cannot be paid for any more."""
        for deed in sorted([d for d in self.due if d[0] <= time], key=lambda d: d[0]):
            self.due.remove(deed)
            try:
                yield from ((done, deed[1]) for done in deed[2](time))
            except ValueError:
                continue

    def _prepare(self) -> None:
        """Fund who is to do something, early, and say when they do it: a day after that."""
        earliest = DAY_SECONDS + FUNDED_SECONDS
        for _ in range(EACH):
            for kind, begin in ((DORMANT, self._dormant), (ROUND_TRIP, self._round_trip),
                                (STRUCTURING, self._structuring)):  # fmt: skip
                begin(kind, self.rng.randrange(earliest, LAST_DEED_SECONDS))

    def _fund(self, amount: int) -> str:
        """Somebody new, who is paid soon."""
        address = self._somebody()
        self._at(BEGINS + self.rng.randrange(FUNDED_SECONDS), "", address, amount, None)
        return address

    def _dormant(self, kind: str, after: int) -> None:
        amount = self._amount()
        sleeper = self._fund(amount)
        self._at(BEGINS + after, kind, self._somebody(), amount * 9 // 10, sleeper)

    def _round_trip(self, kind: str, after: int) -> None:
        amount = self._amount()
        one, other = self._fund(2 * amount), self._somebody()
        self._at(BEGINS + after, "", other, amount, one)
        self._at(BEGINS + after + GAP_SECONDS, kind, one, amount * 99 // 100, other)

    def _structuring(self, kind: str, after: int) -> None:
        sender = self._fund((PARTS + 1) * LIMIT)
        for part in range(PARTS):
            amount = round(LIMIT * (1 - self.rng.uniform(0.001, 0.03)))
            when = BEGINS + after + part * GAP_SECONDS
            self._at(when, kind, self._somebody(), amount, sender)

    def _at(self, time: int, kind: str, to: str, amount: int, sender: str | None) -> None:
        self.due.append((time, kind, lambda now: [self.world.pay(to, amount, sender, now)]))

    def _amount(self) -> int:
        return round(BITCOIN * min(self.rng.lognormvariate(0, 1.5), 40.0))

    def _somebody(self) -> str:
        return str(address_of(witness(0, self.rng.randbytes(20))))


def seen(t: simulated.Transaction) -> Transaction:
    """A simulated transaction as a watcher hands it on."""
    inputs = [_transfer(item.spent) for item in t.inputs if item.spent]
    outputs = [_transfer(output) for output in t.outputs]
    own = {coin.address for coin in inputs}
    moved = sum(out.amount for out in outputs if out.address not in own)
    return Transaction(
        "bitcoin", t.hash, t.time, tuple(inputs), tuple(outputs), moved, t.fee,
        t.size, t.weight, "payment",
    )  # fmt: skip


def _transfer(output: simulated.Output) -> Transfer:
    return Transfer(address_of(output.script) or "", output.value)


def of_seed(seed: int) -> dict[str, dict[str, float]]:
    """By method: the average precision as "", and what is found of each kind."""
    stream = Story(seed).told()
    day = sum(transaction.time < BEGINS + DAY_SECONDS for transaction, _ in stream)
    judged = judged_stream(stream, Memory())
    plain = plain_columns([transaction for transaction, _ in stream])
    forest = fit_forest(plain[:day], trees=100, sample=256, seed=seed)
    model = fit(judged.matrix[:day], NEIGHBOURS, seed)
    kinds = judged.kinds[day:]
    return {
        USUAL_FOREST: _measured(forest.scores(plain[day:]), kinds),
        NEIGHBOURS.method: _measured(model.scores(judged.matrix[day:]), kinds),
    }


def _measured(scores: Vector, kinds: tuple[str, ...]) -> dict[str, float]:
    odd = np.array([kind != "" for kind in kinds])
    found = found_at(scores, odd, 100)
    shares = {kind: found[[one == kind for one in kinds]].mean() for kind in COLUMNS}
    return {"": average_precision(scores, odd), **shares}


def judged_on(seeds: int) -> list[Found]:
    """Both methods over so many seeds."""
    results = [of_seed(seed) for seed in range(seeds)]
    return [
        Found(
            method,
            interval_of([result[method][""] for result in results]),
            {kind: interval_of([r[method][kind] for r in results]) for kind in COLUMNS},
        )
        for method in results[0]
    ]


def render(found: list[Found], seeds: int) -> str:
    """The table as docs/detection.md has it."""
    lines = [
        f"{seeds} seeds of two simulated days each; recall at one in 100,",
        "means ± half of the 95 % interval.",
        "",
        f"| method | average precision | {' | '.join(COLUMNS)} |",
        "|---|---|" + "---|" * len(COLUMNS),
    ]
    for row in found:
        cells = [row.precision, *row.kinds.values()]
        written = " | ".join(f"{one.mean:.2f} ± {one.half_width:.2f}" for one in cells)
        lines.append(f"| {row.method} | {written} |")
    return "\n".join(lines)
