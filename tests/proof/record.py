"""Results of the proof, kept for `docs/proof.md`: a file for each round of each run."""

import json
import re
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "build" / "proof"


def record(what, figures, round_=0):
    """Keep the figures of a round of a run, with the commit and the time.

    Figures of rounds are added up, but those whose names begin with “most” or “each”.
    """
    RESULTS.mkdir(parents=True, exist_ok=True)
    made = {"what": what, "round": round_, "commit": commit()}
    made |= {"time": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"}
    _file(what, round_).write_text(json.dumps({**made, "figures": figures}, indent=2) + "\n")


def record_row(what, name, figures):
    """Keep the figures of one of the runs that make a table together."""
    record(what, figures, name)


def has_passed(what, round_):
    """Whether this commit has passed this round."""
    file = _file(what, round_)
    return file.exists() and json.loads(file.read_text())["commit"] == commit()


def results():
    """By run, the rounds that its newest commit has passed, as they were recorded."""
    rounds = [json.loads(file.read_text()) for file in sorted(RESULTS.glob("*.json"))]
    newest = {made["what"]: made["commit"] for made in sorted(rounds, key=lambda r: r["time"])}
    return {
        what: [made for made in rounds if (made["what"], made["commit"]) == (what, commit_)]
        for what, commit_ in newest.items()
    }


def summed_up(rounds):
    """The figures of all rounds of a run as one."""
    figures: dict = {}
    for made in rounds:
        for name, value in made["figures"].items():
            if name in figures:
                together = max if name.startswith(("most ", "each ")) else sum
                figures[name] = together((figures[name], value))
            else:
                figures[name] = value
    return figures


def _file(what, round_):
    name = re.sub(r"\W+", "-", f"{what} {round_}".lower())
    return RESULTS / f"{name}.json"


@cache
def commit():
    """The commit that is tested, marked where the tree has changes."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return described.stdout.strip() or "unknown"
