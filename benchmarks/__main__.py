"""`python -m benchmarks`: measure, print the table, keep it."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

import benchmarks.threads  # noqa: F401 - by being there
from benchmarks.crowd import broadcasts
from benchmarks.disk import durable_commit_seconds
from benchmarks.frames import frames
from benchmarks.latency import Latency, latencies
from benchmarks.report import Report, Waits, render, render_waits, save, this_machine
from benchmarks.rows import Figure, Ratio, against_the_naive, start, whole_pipeline

Row = TypeVar("Row", Ratio, Figure, Latency)


@click.command()
@click.option(
    "--fill",
    default=1_000_000,
    show_default=True,
    help="Transactions in the database that is not empty; 0 leaves those rows out.",
)
@click.option("--repeats", default=5, show_default=True, help="How often each pair is run.")
@click.option("--only", type=click.Choice(["throughput", "latency"]), help="Measure only this.")
@click.option("--keep/--no-keep", default=True, help="Write docs/benchmarks.md and the JSON.")
def main(fill: int, repeats: int, only: str | None, *, keep: bool) -> None:
    """Measure the speed of the program on this machine; it takes some minutes."""
    arriving, origin = frames()
    click.echo(f"with {origin}")
    machine = this_machine(origin, repeats)
    if only != "latency":
        pipeline = [*told(whole_pipeline(arriving, fill, repeats))]
        ratios = [*pipeline, *told(against_the_naive(arriving, repeats))]
        report = Report(machine, ratios, [*told(start())])
        show("throughput", report, render(report), keep=keep)
    if only != "throughput":
        rows = [*told(latencies(arriving))]
        waits = Waits(machine, rows, durable_commit_seconds(), [*told(broadcasts())])
        show("latency", waits, render_waits(waits), keep=keep)


def show(name: str, measured: Report | Waits, tables: str, *, keep: bool) -> None:
    """Print the tables, and keep them."""
    click.echo(tables)
    if keep:
        for path in save(name, measured, tables):
            click.echo(f"written: {path}")


def told(rows: Iterable[Row]) -> Iterator[Row]:
    """Say of each row that it is there: the whole table takes minutes."""
    for row in rows:
        click.echo(f"measured: {row.name}", err=True)
        yield row


if __name__ == "__main__":
    main()
