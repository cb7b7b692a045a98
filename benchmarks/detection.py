"""`python -m benchmarks.detection`: what learnt detection finds, and the table of it."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import click

from benchmarks.frames import MEMPOOL
from detectors.learnt.evaluation import Evaluation, Interval, Row, evaluate
from watchers.bitcoin.transaction import build_transaction
from watchers.model import Transaction, Transfer

PAGE = Path(__file__).resolve().parents[1] / "docs/detection.md"
A_SECOND = 5


def mempool() -> list[Transaction]:
    """The real transactions, as if five came a second."""
    with gzip.open(MEMPOOL) as lines:
        return [_transaction(json.loads(line), n // A_SECOND) for n, line in enumerate(lines)]


def _transaction(line: dict[str, Any], time: int) -> Transaction:
    tx = line["tx"]
    return build_transaction(
        line["_txid"],
        1_710_000_000 + time,
        tuple(_transfer(spent["prevout"]) for spent in tx["vin"]),
        tuple(_transfer(out) for out in tx["vout"]),
        size=line["_size"],
        weight=line["_weight"],
        data=[out["value"] for out in tx["vout"] if out["scriptpubkey"].startswith("6a")],
    )


def _transfer(output: dict[str, Any]) -> Transfer:
    return Transfer(output.get("scriptpubkey_address"), output["value"])


@click.command()
@click.option("--seeds", default=100, show_default=True, help="How often halves are drawn.")
@click.option("--keep/--no-keep", default=True, help="Write the table into docs/detection.md.")
def main(seeds: int, *, keep: bool) -> None:
    """Measure; some seconds a seed."""
    with click.progressbar(length=seeds, label="seeds") as bar:
        table = render(evaluate(mempool(), seeds, lambda _: bar.update(1)))
    click.echo(table)
    if keep:
        page = PAGE.read_text("utf-8")
        inside = rf"\1\n{table}\n\2"
        pattern = r"(<!-- evaluation:[^\n]*-->)\n.*?(<!-- end -->)"
        PAGE.write_text(re.sub(pattern, inside, page, flags=re.DOTALL), "utf-8")


def render(found: Evaluation) -> str:
    """Two tables: what is found, and how much of each kind."""
    kinds = list(found.rows[0].kinds)
    return "\n".join([
        f"{found.seeds} seeds, {found.transactions:,} real mempool transactions of March 2024;",
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


if __name__ == "__main__":
    main()
