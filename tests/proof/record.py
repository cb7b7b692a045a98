"""Results of the proof, kept for `docs/proof.md`."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "build" / "proof.json"


def record(what, figures):
    """Keep the figures of one run, with the commit and the date."""
    RESULTS.parent.mkdir(exist_ok=True)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results[what] = {"commit": commit(), "date": f"{datetime.now(UTC):%Y-%m-%d}", **figures}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")


def commit():
    """The commit that was tested, marked where the tree had changes."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return described.stdout.strip() or "unknown"
