"""How well a model does against labels that somebody gave."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import time

import click
import msgspec
import numpy as np
from msgspec import Struct

from bot.offline.files import Refused, open_capture, transactions_of
from bot.offline.judged import Judge, opened_judge
from bot.offline.progress import progress
from bot.offline.words import counted
from detectors.learnt.judging import average_precision, calibration_error, found_at
from detectors.learnt.tails import Vector

ONE_IN = (100, 200, 1_000)
ODD = {"1", "true", "yes", "odd", "anomaly"}
USUAL = {"0", "false", "no", "usual", "normal", ""}


class Label(Struct, frozen=True):
    """A line of labels."""

    hash: str
    label: str | int | bool


class At(Struct, frozen=True):
    """What is among the highest scores, where one in `one_in` is told.

    `calls`: of the usual ones, how many had this rate or a rarer, over how many should.
    """

    one_in: int
    precision: float
    recall: float
    calls: float


class Measures(Struct, frozen=True):
    """What a model reached; `factor_off`: how far its rates are off, 1 is right."""

    model: int
    transactions: int
    odd: int
    average_precision: float
    factor_off: float
    at: tuple[At, ...]


def run_labelled(
    database: Path, chain: str, version: int | None, file: Path, labels: Path, *, as_json: bool
) -> bool:
    """Judge and say; whether all of the file could be read. Raises `click.ClickException`."""
    refused, marks = Refused(), dict(_labels(labels))
    with opened_judge(database, chain, version) as judge:
        rows = _scored(judge, file, refused)
        missing = len(marks.keys() - rows.keys())
        measures = _measures(judge.version, rows, marks)
    click.echo(msgspec.json.encode(measures) if as_json else _written(measures))
    if missing:
        click.echo(f"{counted(missing, 'label')} of no transaction in {file}.", err=True)
    refused.say()
    return not refused.count


def _scored(judge: Judge, file: Path, refused: Refused) -> dict[str, tuple[float, float]]:
    """Score and rate by hash."""
    capture = open_capture(file)
    rows: dict[str, tuple[float, float]] = {}
    with progress(capture.count, "scoring") as told:
        for found in capture.read(int(time()), refused):
            for transaction in transactions_of(found):
                if transaction.chain == judge.chain and transaction.hash not in rows:
                    one = judge.judge(transaction)
                    rows[one.hash] = one.score or 0.0, one.rate or 1.0
            told(1)
    return rows


def _measures(
    version: int, rows: Mapping[str, tuple[float, float]], marks: Mapping[str, bool]
) -> Measures:
    odd = np.array([marks.get(hash_, False) for hash_ in rows], np.bool_)
    if not odd.any() or odd.all():
        raise click.ClickException(
            "the labels must call some transactions of the file odd, and not all of them"
        )
    scores, rates = np.array(list(rows.values()), np.float64).T
    return Measures(
        version, len(rows), int(odd.sum()), average_precision(scores, odd),
        10 ** calibration_error(rates[~odd]),
        tuple(_at(one_in, scores, rates, odd) for one_in in ONE_IN),
    )  # fmt: skip


def _at(one_in: int, scores: Vector, rates: Vector, odd: np.ndarray) -> At:
    found = int(found_at(scores, odd, one_in).sum())
    told = round(len(scores) / one_in)
    calls = float((rates[~odd] >= one_in).mean() * one_in)
    return At(one_in, found / told if told else 0.0, found / int(odd.sum()), calls)


def _labels(path: Path) -> Iterator[tuple[str, bool]]:
    """Hash and whether it is odd. Raises `ClickException` with the line that cannot be read."""
    lines = path.read_text("utf-8-sig", errors="replace").splitlines()
    for number, line in enumerate(lines, 1):
        hash_, label = _fields(line)
        if not line.strip() or (number == 1 and hash_.lower() in {"hash", "txid"}):
            continue
        if label not in ODD | USUAL or len(hash_) < 64:
            raise click.ClickException(
                f"{path} line {number} is no label: write `hash,odd` or `hash,usual` (or 1 and 0),"
                ' or {"hash": …, "label": …}'
            )
        yield hash_, label in ODD


def _fields(line: str) -> tuple[str, str]:
    if line.lstrip().startswith("{"):
        try:
            read = msgspec.json.decode(line, type=Label)
        except msgspec.MsgspecError:
            return line, "?"
        return read.hash, str(read.label).lower()
    hash_, label, *_ = [*next(csv.reader([line]), []), "", "?"]
    return hash_.strip(), label.strip().lower()


def _written(found: Measures) -> str:
    return "\n".join([
        f"Model {found.model} on {counted(found.transactions, 'transaction')}, {found.odd:,} odd.",
        f"Average precision {found.average_precision:.3f}.",
        f"Its rates are off by a factor of {found.factor_off:.2f} at most (1 is right).",
        "",
        "| one in | precision | recall | told of usual ones, over what should be |",
        "|---|---|---|---|",
        *[f"| {at.one_in:,} | {at.precision:.3f} | {at.recall:.3f} | {at.calls:.2f} |"
          for at in found.at],
    ])  # fmt: skip
