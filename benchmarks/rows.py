"""What is measured: each row of the table."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from msgspec import Struct

from benchmarks import ways
from benchmarks.stage import Stage, copied
from benchmarks.startup import TELEGRAM, started
from benchmarks.ways import Batch, Spent
from bot.intake.pipeline import ROOM

ONE_BY_ONE = 1_000
"""Of the frames, so many are enough where each costs a commit."""
JUDGED = 200
STARTS = 3
MEBIBYTE = 2**20
EMPTY = Path(os.devnull)

Run = Callable[[Path], Spent]


class Ratio(Struct, frozen=True):
    """The same work done twice: `ours` and `theirs` are seconds a transaction, in pairs.

    The ratio is theirs to ours, so that more is better; None is aimed at nothing.
    """

    name: str
    against: str
    aim: float | None
    ours: list[Spent]
    theirs: list[Spent]

    def wall(self) -> list[float]:
        """The ratio by the clock on the wall, of each pair, sorted."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return sorted(theirs.wall / ours.wall for ours, theirs in pairs)

    def cpu(self) -> float:
        """The ratio of CPU time, the median pair's."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return median(theirs.cpu / ours.cpu for ours, theirs in pairs)

    def a_second(self) -> float:
        """Transactions a second by our way."""
        return 1 / median(spent.wall for spent in self.ours)


class Figure(Struct, frozen=True):
    """Something measured several times that has nothing to stand beside.

    The aim is `bound` from above (≤) or from below (≥).
    """

    name: str
    unit: str
    aim: float
    values: list[float]
    bound: str = "≤"


def whole_pipeline(frames: Sequence[bytes], past: int, repeats: int) -> Iterator[Ratio]:
    """The pipeline against its floor: on an empty database, with a model, and on a full one."""
    stages = [(Stage(0), (1, 50, 250)), (Stage(0, learnt=True), (50, 250))]
    if past:
        stages.append((Stage(past, watched=100_000), (250,)))
    for stage, sizes in stages:
        prepared, on = stage.file(frames), stage.name
        way: Run = partial(ways.streamed, frames=frames)
        arriving = ways.batches(frames, ROOM)
        yield _against_floor(prepared, way, f"one by one; {on}", arriving, repeats)
        for size in sizes:
            arriving = ways.batches(frames[:ONE_BY_ONE] if size == 1 else frames, size)
            way = partial(ways.pipeline, arriving=arriving)
            yield _against_floor(prepared, way, f"{size} a commit; {on}", arriving, repeats)


def _against_floor(
    prepared: Path, way: Run, how: str, arriving: Sequence[Batch], repeats: int
) -> Ratio:
    with copied(prepared) as path:
        rows = ways.recorded(path, arriving)
    count = sum(map(len, arriving))
    ours, theirs = _alternate(
        (prepared, way, count),
        (prepared, partial(ways.floor, arriving=arriving, rows=rows), count),
        repeats,
    )
    against = f"floor, {len(arriving[0])} a commit"
    return Ratio(f"whole pipeline, {how}", against, 0.5, ours, theirs)


def against_the_naive(frames: Sequence[bytes], repeats: int) -> Iterator[Ratio]:
    """The pipeline against the loop everyone writes first; to both the frames come singly."""
    way: Run = partial(ways.streamed, frames=frames)
    judged = "one by one; a model runs", Stage(0, learnt=True), "naive loop"
    unjudged = "one by one", Stage(0), "naive loop without its model call"
    for (name, stage, against), aim, judge, count in (
        (judged, 20, ways.model(), JUDGED),
        (unjudged, None, ways.nothing, ONE_BY_ONE),
    ):
        ours = stage.file(frames), way, len(frames)
        naive = partial(ways.naive, frames=frames[:count], judge=judge)
        pairs = _alternate(ours, (EMPTY, naive, count), repeats)
        yield Ratio(f"whole pipeline, {name}", against, aim, *pairs)


def start() -> Iterator[Figure]:
    """The program's start and its memory; nothing where there is no Telegram to talk to."""
    if TELEGRAM.exists():
        runs = [started() for _ in range(STARTS)]
        yield Figure("process start to subscribed", "s", 2, [run.subscribed for run in runs])
        for name, aim, values in (
            ("memory of the bot", 150, [run.bot for run in runs]),
            ("memory of the worker", 200, [run.worker for run in runs]),
        ):
            yield Figure(name, "MiB", aim, [value / MEBIBYTE for value in values])


Side = tuple[Path, Run, int]
"""A prepared database, what to do on a copy of it, and with how many transactions."""


def _alternate(ours: Side, theirs: Side, repeats: int) -> tuple[list[Spent], list[Spent]]:
    """One side after the other, so that a noisy moment disturbs both."""
    pairs = [(_spent_each(*theirs), _spent_each(*ours)) for _ in range(repeats)]
    return [ours_ for _, ours_ in pairs], [theirs_ for theirs_, _ in pairs]


def _spent_each(prepared: Path, run: Run, count: int) -> Spent:
    with copied(prepared) as path:
        spent = run(path)
    return Spent(spent.wall / count, spent.cpu / count)
