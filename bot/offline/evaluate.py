"""The injected evaluation of a file's transactions, a table as docs/detection.md has it."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import time

import click
import msgspec

from bot.offline.files import Refused, open_capture, transactions_of
from bot.offline.progress import progress
from detectors.learnt.evaluation import Evaluation, Interval, Results, Row, of_seed, summed_up
from detectors.learnt.training import LEAST_ROWS
from watchers.model import Transaction

LEAST = 4 * LEAST_ROWS
"""Half are learnt from, and one in 200 of the other half is an oddity: ten at least."""

_given: list[Transaction] = []
"""In a process beside: what it works on, the same for each seed."""


def run_injected(file: Path, seeds: int, *, as_json: bool) -> bool:
    """Measure and say; whether all of the file could be read. Raises `click.ClickException`."""
    capture, refused = open_capture(file), Refused()
    known = {
        transaction.hash: transaction
        for found in capture.read(int(time()), refused)
        for transaction in transactions_of(found)
    }
    refused.say()
    if len(known) < LEAST:
        raise click.ClickException(
            f"{file} has {len(known):,} transactions: it takes {LEAST:,} to tell methods apart"
        )
    with progress(seeds, "seeds") as told:
        found = evaluated(list(known.values()), seeds, told)
    click.echo(msgspec.json.encode(found) if as_json else render(found))
    return not refused.count


def evaluated(
    transactions: Sequence[Transaction], seeds: int, told: Callable[[int], None]
) -> Evaluation:
    """Judge all methods, on all cores; `told` is called with 1 for each seed that is done."""
    results: list[Results] = []
    cores = min(os.cpu_count() or 1, seeds)
    pool = ProcessPoolExecutor(cores, initializer=_begin, initargs=(list(transactions),))
    try:
        for result in _begun(pool, seeds):
            results.append(result)
            told(1)
    finally:  # whatever ends it, nothing goes on beside
        for process in list(pool._processes.values()):  # noqa: SLF001 - 3.14 has a name for it
            process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)
    return summed_up(results, len(transactions))


def _begun(pool: ProcessPoolExecutor, seeds: int) -> Iterator[Results]:
    """Begin all; processes beside are born deaf to Ctrl-C, which is for this one."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.map(_of_seed, range(seeds))
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _begin(transactions: list[Transaction]) -> None:
    """A process beside: it ends when it is told to, and says nothing."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _given[:] = transactions


def _of_seed(seed: int) -> Results:
    return of_seed(_given, seed)


def render(found: Evaluation) -> str:
    """Two tables: what is found, and how much of each kind."""
    kinds = list(found.rows[0].kinds)
    return "\n".join([
        f"{found.seeds} seeds, {found.transactions:,} real transactions;",
        "means ± half of the 95 % interval.",
        "",
        "| method | oddities | average precision | recall at one in 100 | at one in 200 | told |",
        "|---|---|---|---|---|---|",
        *[_line(row) for row in found.rows],
        "",
        "Told: how many real ones were called one in 100 or rarer, over how many should be.",
        "",
        "Recall at one in 100, by kind:",
        "",
        f"| method | oddities | {' | '.join(kinds)} |",
        "|---|---|" + "---|" * len(kinds),
        *[_by_kind(row, kinds) for row in found.rows],
    ])  # fmt: skip


def _line(row: Row) -> str:
    measured = (row.precision, row.recall_100, row.recall_200)
    told = "–" if row.told_100 is None else _words(row.told_100)
    return f"| {row.method} | {row.parameters} | {' | '.join(map(_words, measured))} | {told} |"


def _words(interval: Interval) -> str:
    return f"{interval.mean:.3f} ± {interval.half_width:.3f}"


def _by_kind(row: Row, kinds: list[str]) -> str:
    shares = " | ".join(f"{row.kinds[kind]:.2f}" for kind in kinds)
    return f"| {row.method} | {row.parameters} | {shares} |"
