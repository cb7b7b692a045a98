"""The figures as a table for people and as JSON for programs."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import msgspec
from msgspec import Struct

from benchmarks.latency import Latency, percentile
from benchmarks.rows import Figure, Ratio
from storage._sqlite import library_version

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
BUILD = ROOT / "build"
END = "<!-- end -->"


class Machine(Struct, frozen=True):
    """Where and when it was measured, and with what.

    `load`: how many processes wanted to run in the minute before.
    """

    processor: str
    cores: int
    load: float
    python: str
    sqlite: str
    date: str
    frames: str
    repeats: int


class Report(Struct, frozen=True):
    """How much the program does in a time, and what it takes to run."""

    machine: Machine
    ratios: list[Ratio]
    figures: list[Figure]


class Waits(Struct, frozen=True):
    """How long people wait."""

    machine: Machine
    latencies: list[Latency]
    commit_seconds: float
    figures: list[Figure]


def this_machine(frames: str, repeats: int) -> Machine:
    """The machine as it is now."""
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 1,
        load=os.getloadavg()[0],
        python=platform.python_version(),
        sqlite=library_version,
        date=datetime.now(UTC).date().isoformat(),
        frames=frames,
        repeats=repeats,
    )


def _processor() -> str:
    found = re.search(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def render(report: Report) -> str:
    """The tables, in Markdown."""
    runs = f"medians of {report.machine.repeats} runs, in brackets the lowest and the highest"
    lines = [
        f"{_measured(report.machine)}; {runs}.",
        "",
        "| what | against | ratio | ratio of CPU time | aim | transactions/s |",
        "|---|---|---|---|---|---|",
        *map(_ratio, report.ratios),
    ]
    return "\n".join([*lines, *_figures(report.figures)])


def render_waits(waits: Waits) -> str:
    """The tables of the waits, in Markdown."""
    lines = [
        f"{_measured(waits.machine)}.",
        "",
        "| what | against | p50 | its ratio | p99 | its ratio | aim |",
        "|---|---|---|---|---|---|---|",
        *map(_latency, waits.latencies),
        "",
        f"Of frame to request, one durable commit: {1000 * waits.commit_seconds:.1f} ms (median).",
    ]
    return "\n".join([*lines, *_figures(waits.figures)])


def _measured(machine: Machine) -> str:
    return (
        f"Measured on {machine.date}: {machine.processor}, {machine.cores} cores, load"
        f" {machine.load:.1f} before the start, Python {machine.python}, SQLite {machine.sqlite};"
        f" {machine.frames}"
    )


def _ratio(row: Ratio) -> str:
    wall = row.wall()
    aim = "–" if row.aim is None else f"≥ {row.aim:g}"
    return (
        f"| {row.name} | {row.against} | {median(wall):.2f} ({wall[0]:.2f}–{wall[-1]:.2f})"
        f" | {row.cpu():.2f} | {aim} | {row.a_second():,.0f} |"
    )


def _latency(row: Latency) -> str:
    cells = (
        f"{1000 * percentile(row.ours, share):.1f} ms, not"
        f" {1000 * percentile(row.theirs, share):.1f} | {row.ratio(share):.1f}"
        for share in (0.5, 0.99)
    )
    return f"| {row.name} | {row.against} | {' | '.join(cells)} | ≤ {row.aim:g} |"


def _figures(rows: Sequence[Figure]) -> list[str]:
    head = ["", "| what | measured | aim |", "|---|---|---|"]
    return [*head, *map(_figure, rows)] if rows else []


def _figure(row: Figure) -> str:
    middle = f"{median(row.values):.3g} {row.unit}".rstrip()
    if len(row.values) > 1:
        middle += f" ({min(row.values):.3g}–{max(row.values):.3g})"
    return f"| {row.name} | {middle} | {row.bound} {row.aim:g} {row.unit}".rstrip() + " |"


def save(name: str, measured: Report | Waits, tables: str) -> Sequence[Path]:
    """Write `build/NAME.json`, and the tables into the place of that name in the page."""
    BUILD.mkdir(exist_ok=True)
    results = BUILD / f"{name}.json"
    results.write_bytes(msgspec.json.format(msgspec.json.encode(measured)))
    begin = f"<!-- {name}: written by make bench -->"
    before, found, rest = PAGE.read_text().partition(begin)
    assert found, f"{PAGE} has no place for {name}"
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{begin}\n{tables}\n{END}{after}")
    return results, PAGE
