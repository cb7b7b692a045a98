"""`python -m benchmarks.detection`: what learnt detection finds, and the table of it."""

import re
import time
from pathlib import Path

import click

from benchmarks import simulated
from benchmarks.frames import MEMPOOL
from bot.offline.evaluate import evaluated, render
from bot.offline.files import Refused, open_capture, transactions_of
from watchers.model import Transaction

PAGE = Path(__file__).resolve().parents[1] / "docs/detection.md"


def mempool() -> list[Transaction]:
    """The real transactions."""
    parts = open_capture(MEMPOOL).read(int(time.time()), Refused())
    return [transaction for found in parts for transaction in transactions_of(found)]


@click.command()
@click.option("--seeds", default=100, show_default=True, help="How often halves are drawn.")
@click.option("--chains", default=20, show_default=True, help="So many simulated chains.")
@click.option("--keep/--no-keep", default=True, help="Write the tables into docs/detection.md.")
def main(seeds: int, chains: int, *, keep: bool) -> None:
    """Measure; some seconds a seed."""
    with click.progressbar(length=seeds, label="seeds") as bar:
        show("evaluation", render(evaluated(mempool(), seeds, bar.update)), keep=keep)
    show("simulated", simulated.render(simulated.judged_on(chains), chains), keep=keep)


def show(name: str, table: str, *, keep: bool) -> None:
    """Print a table, and keep it at its place."""
    click.echo(table)
    if keep:
        page = PAGE.read_text("utf-8")
        pattern = rf"(<!-- {name}:[^\n]*-->)\n.*?(<!-- end -->)"
        inside = rf"\1\n{table}\n\2"
        PAGE.write_text(re.sub(pattern, inside, page, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
