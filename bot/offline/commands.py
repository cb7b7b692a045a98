"""What the offline commands are called and take; their work is loaded when it is to be done."""

import signal
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import click

from bot.settings import Settings
from watchers.registry import CHAINS

ReadSettings: TypeAlias = Callable[[], Settings]

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_file = click.argument("file", type=FILE)
_chain = click.option(
    "--chain",
    type=click.Choice(list(CHAINS)),
    default=next(iter(CHAINS)),
    show_default=True,
    help="The chain whose model it is.",
)
_model = click.option(
    "--model", type=int, metavar="VERSION", help="Another model than the running one (/models)."
)


@click.command(short_help="Store captured files; nobody is told.")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
@click.pass_obj
def ingest(settings: ReadSettings, files: tuple[Path, ...]) -> None:
    """Store captured transactions and blocks, as if they came in now; nobody is told.

    FILE is a JSON line a record, or one JSON value, also as .gz: transactions or blocks as
    Esplora gives them, frames of blockchain.com's websocket, its blocks. What is stored already
    is left as it is, so the same file again changes nothing. Lines that cannot be read are named,
    and the exit code is 1; all others are stored. The bot must not run meanwhile.
    """
    from bot.offline.ingest import run_ingest  # noqa: PLC0415 - so that --help starts at once

    _interruptible()
    if not run_ingest(settings().database, files):
        raise click.exceptions.Exit(1)


@click.command(short_help="Learn what is usual from what is stored.")
@_chain
@click.pass_obj
def train(settings: ReadSettings, chain: str) -> None:
    """Learn what is usual from what is stored, as /train does, and say what came of it.

    The new model takes over where it finds more than the running one. It looks at the thirty
    days before the newest transaction. The exit code is 1 where there was too little to learn
    from. The bot must not run meanwhile.
    """
    from bot.offline.train import run_train  # noqa: PLC0415 - so that --help starts at once

    _interruptible()
    if not run_train(settings().database, chain):
        raise click.exceptions.Exit(1)


@click.command(short_help="How odd each transaction of a file is, and why.")
@_file
@_chain
@_model
@click.pass_obj
def score(settings: ReadSettings, file: Path, chain: str, model: int | None) -> None:
    """Say how odd each transaction of FILE is, and why: a JSON line each.

    `hash`, `score`, `one_in` (one in so many transactions is as odd), `severity` (null, info,
    notable, critical), and up to three `reasons` with `name`, `words`, `value` and `usual`:
    docs/detection.md has an example. A transaction that is stored is judged by its features as
    they were when it came, another as if it came now. What the model learnt from is not odd to it:
    whether its rates are kept shows on others. Nothing is changed, and the bot may run meanwhile.
    """
    from bot.offline.score import run_score  # noqa: PLC0415 - so that --help starts at once

    _interruptible()
    if not run_score(settings().database, chain, model, file):
        raise click.exceptions.Exit(1)


@click.command(short_help="Measure how well oddities are found.")
@_file
@_chain
@_model
@click.option("--labels", type=FILE, help="CSV or JSON lines: hash,label (odd or usual, 1 or 0).")
@click.option(
    "--seeds",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="Without labels: how often halves are drawn.",
)
@click.option("--json", "as_json", is_flag=True, help="The measures as JSON.")
@click.pass_obj
def evaluate(
    settings: ReadSettings, file: Path, chain: str, model: int | None, labels: Path | None,
    seeds: int, *, as_json: bool,
) -> None:  # fmt: skip
    """Measure how well oddities are found among the transactions of FILE.

    With --labels the running model is judged: average precision, precision and recall at one in
    100, 200 and 1,000, and whether its rates are right. What has no label counts as usual.
    Without labels oddities are injected, and methods are compared as docs/detection.md says;
    that needs no database. Some seconds a seed, on all cores.
    """
    _interruptible()
    if labels is None:
        from bot.offline.evaluate import run_injected  # noqa: PLC0415 - as above

        whole = run_injected(file, seeds, as_json=as_json)
    else:
        from bot.offline.labelled import run_labelled  # noqa: PLC0415 - as above

        whole = run_labelled(settings().database, chain, model, file, labels, as_json=as_json)
    if not whole:
        raise click.exceptions.Exit(1)


def _interruptible() -> None:
    """Asked to end, by whatever signal, a command ends as by Ctrl-C: with exit code 1."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


COMMANDS = (ingest, train, score, evaluate)
