"""Results of the proof, kept for `docs/proof.md`."""

import fcntl
import json
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "build" / "proof.json"


def record(what, figures):
    """Keep the figures of one run, with the commit and the date."""
    with _results() as results:
        results[what] = {**_origin(), **figures}


def record_row(what, name, figures):
    """Keep the figures of one of the runs that make a table together."""
    with _results() as results:
        rows = results.setdefault(what, {}).setdefault("rows", {})
        rows[name] = {**_origin(), **figures}


@contextmanager
def _results():
    """The results so far, kept as they are left; tests run side by side."""
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        yield results
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")


def _origin():
    return {"commit": commit(), "date": f"{datetime.now(UTC):%Y-%m-%d}"}


def commit():
    """The commit that was tested, marked where the tree had changes."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return described.stdout.strip() or "unknown"
