"""The real program as a process, and slices of real data as its files."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

from storage.database import reading
from tests.real import real_data

ROOT = Path(__file__).resolve().parents[3]


def spyhop(database, *words):
    """Run a command on a database; `.returncode`, `.stdout`, `.stderr`."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "--env", os.devnull, *map(str, words)],
        cwd=ROOT, env={**os.environ, "DATABASE": str(database)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def done(database, *words):
    """What a command wrote that must succeed, without a word on standard error."""
    ran = spyhop(database, *words)
    assert (ran.returncode, ran.stderr) == (0, ""), ran
    return ran.stdout


def real_lines(start, end):
    """Lines of the real mempool."""
    path = real_data("bitcoin_mempool", "sob2024_mempool_part.jsonl.gz")
    with gzip.open(path, "rt") as lines:
        return [line for at, line in enumerate(lines) if start <= at < end]


def slice_of(folder, start, end):
    """A file of some lines of the real mempool."""
    path = folder / f"mempool-{start}-{end}.jsonl"
    path.write_text("".join(real_lines(start, end)))
    return path


def hashes_of(path):
    return [json.loads(line)["_txid"] for line in path.read_text().splitlines()]


def rows(database, query):
    with reading(database) as db:
        return db.conn.execute(query).fetchall()


def count(database, table):
    return rows(database, f"SELECT count(*) FROM {table}")[0][0]
