"""A JSON line for each transaction of a file: how odd it is, and why."""

from pathlib import Path
from time import time

import click
import msgspec
import numpy as np

from bot.offline.files import Refused, open_capture, transactions_of
from bot.offline.judged import Judge, opened_judge
from bot.offline.progress import progress
from bot.wording.odd import reason_words
from detectors.anomalies import severity_of
from detectors.model import Scored
from watchers.model import Transaction
from watchers.registry import CHAINS


def run_score(database: Path, chain: str, version: int | None, file: Path) -> bool:
    """Write the lines; whether all of the file could be read. Raises `click.ClickException`."""
    capture, refused = open_capture(file), Refused()
    seen: set[str] = set()
    with (
        opened_judge(database, chain, version) as judge,
        progress(capture.count, "scoring") as told,
    ):
        for found in capture.read(int(time()), refused):
            for transaction in transactions_of(found):
                if transaction.chain == chain and transaction.hash not in seen:
                    seen.add(transaction.hash)
                    click.echo(_line(judge, transaction))
            told(1)
    refused.say()
    return not refused.count


def _line(judge: Judge, transaction: Transaction) -> bytes:
    one = judge.judge(transaction)
    severity = severity_of(one.rate or 0)
    return msgspec.json.encode({
        "hash": one.hash, "score": one.score, "one_in": int(one.rate or 0),
        "severity": None if severity is None else severity.name.lower(),
        "reasons": _reasons(judge, one),
    })  # fmt: skip


def _reasons(judge: Judge, one: Scored) -> list[dict[str, str | float]]:
    chain = CHAINS[judge.chain]
    return [
        {"name": reason.feature, "words": reason_words(reason, chain), "value": reason.value,
         "usual": reason.usual}
        for reason in judge.model.reasons(np.array(one.values))
    ]  # fmt: skip
