"""`python -m benchmarks`: measure, print the table, keep it."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

from benchmarks.frames import frames
from benchmarks.report import Report, render, save, this_machine
from benchmarks.rows import Figure, Ratio, against_the_naive, start, whole_pipeline

Row = TypeVar("Row", Ratio, Figure)


@click.command()
@click.option(
    "--fill",
    default=1_000_000,
    show_default=True,
    help="Transactions in the database that is not empty; 0 leaves those rows out.",
)
@click.option("--repeats", default=5, show_default=True, help="How often each pair is run.")
@click.option("--keep/--no-keep", default=True, help="Write docs/benchmarks.md and the JSON.")
def main(fill: int, repeats: int, *, keep: bool) -> None:
    """Measure the speed of the program on this machine; it takes some minutes."""
    arriving, origin = frames()
    click.echo(f"with {origin}")
    machine = this_machine(origin, repeats)
    pipeline = [*told(whole_pipeline(arriving, fill, repeats))]
    ratios = [*pipeline, *told(against_the_naive(arriving, repeats))]
    report = Report(machine, ratios, [*told(start())])
    tables = render(report)
    click.echo(tables)
    if keep:
        for path in save(report, tables):
            click.echo(f"written: {path}")


def told(rows: Iterable[Row]) -> Iterator[Row]:
    """Say of each row that it is there: the whole table takes minutes."""
    for row in rows:
        click.echo(f"measured: {row.name}", err=True)
        yield row


if __name__ == "__main__":
    main()
