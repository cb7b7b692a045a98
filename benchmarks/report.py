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

from benchmarks.rows import Figure, Ratio
from storage._sqlite import library_version

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
RESULTS = ROOT / "build" / "benchmarks.json"
BEGIN, END = "<!-- measured: written by make bench -->", "<!-- end -->"


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
    """All of one run."""

    machine: Machine
    ratios: list[Ratio]
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
    machine = report.machine
    measured = (
        f"Measured on {machine.date}: {machine.processor}, {machine.cores} cores, load"
        f" {machine.load:.1f} before the start, Python {machine.python}, SQLite {machine.sqlite};"
        f" {machine.frames}; medians of {machine.repeats} runs, in brackets the lowest and the"
        " highest."
    )
    lines = [
        measured,
        "",
        "| what | against | ratio | ratio of CPU time | aim | transactions/s |",
        "|---|---|---|---|---|---|",
        *map(_ratio, report.ratios),
    ]
    if report.figures:
        lines += ["", "| what | measured | aim |", "|---|---|---|", *map(_figure, report.figures)]
    return "\n".join(lines)


def _ratio(row: Ratio) -> str:
    wall = row.wall()
    return (
        f"| {row.name} | {row.against} | {median(wall):.2f} ({wall[0]:.2f}–{wall[-1]:.2f})"
        f" | {row.cpu():.2f} | ≥ {row.aim:g} | {row.a_second():,.0f} |"
    )


def _figure(row: Figure) -> str:
    low, *_, high = sorted(row.values)
    middle = f"{median(row.values):.3g} {row.unit} ({low:.3g}–{high:.3g})"
    return f"| {row.name} | {middle} | ≤ {row.aim:g} {row.unit} |"


def save(report: Report, tables: str) -> Sequence[Path]:
    """Write the JSON, and the tables into their place in the page."""
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(report)))
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{tables}\n{END}{after}")
    return RESULTS, PAGE
