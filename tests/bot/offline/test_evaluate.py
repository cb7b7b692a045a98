"""`spyhop evaluate`: against labels, and with oddities of its own."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from bot.offline.labelled import _labels, _measures
from tests.bot.offline.program import ROOT, hashes_of, slice_of, spyhop

pytestmark = pytest.mark.timeout(600)


def test_measures_are_those_of_a_judge_that_finds_all():
    rows = {f"{n:064}": (float(n), 1000.0 / (1000 - n)) for n in range(1000)}
    marks = {f"{n:064}": n >= 990 for n in range(1000)}
    found = _measures(1, rows, marks)
    assert found.average_precision == 1
    assert [(at.one_in, at.precision, at.recall) for at in found.at] == [
        (100, 1.0, 1.0), (200, 1.0, 0.5), (1_000, 1.0, 0.1),
    ]  # fmt: skip
    assert found.factor_off < 1.2


def test_measures_of_a_judge_that_knows_nothing_are_poor():
    drawn = np.random.default_rng(1).permutation(2_000)
    rows = {f"{n:064}": (float(score), 1.0) for n, score in enumerate(drawn)}
    found = _measures(1, rows, {f"{n:064}": n < 20 for n in range(2_000)})
    assert found.average_precision < 0.1
    assert found.factor_off > 10, "it calls nothing rare"


def test_labels_come_as_csv_and_as_json_lines(tmp_path):
    file = tmp_path / "labels"
    a, b, c = ("a" * 64, "b" * 64, "c" * 64)
    file.write_text(f'hash,label\n{a},odd\n{b},0\n\n{{"hash": "{c}", "label": true}}\n')
    assert dict(_labels(file)) == {a: True, b: False, c: True}


def test_a_file_without_enough_is_refused_with_how_many_it_takes(tmp_path):
    ran = spyhop(tmp_path / "no.db", "evaluate", slice_of(tmp_path, 0, 20))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "has 20 transactions: it takes 2,000" in ran.stderr


def test_labels_that_are_none_are_refused_with_their_line(tmp_path):
    file, labels = slice_of(tmp_path, 0, 20), tmp_path / "labels.csv"
    labels.write_text(f"hash,label\n{hashes_of(file)[0]},perhaps\n")
    ran = spyhop(tmp_path / "no.db", "evaluate", file, "--labels", labels)
    assert ran.returncode == 1
    assert "line 2 is no label" in ran.stderr


def test_injected_oddities_are_found_better_than_by_the_usual_forest(tmp_path):
    file = slice_of(tmp_path, 0, 2_400)
    ran = spyhop(tmp_path / "no.db", "evaluate", file, "--seeds", "2", "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    found = json.loads(ran.stdout)
    assert (found["seeds"], found["transactions"], len(found["rows"])) == (2, 2_400, 10)
    reached = {
        (row["method"], row["parameters"]): row["precision"]["mean"] for row in found["rows"]
    }
    usual = "forest on value, fee, inputs, outputs"
    assert reached["neighbours", "fixed table"] > 2 * reached[usual, "fixed table"]


def test_ctrl_c_ends_it_with_all_that_it_began(tmp_path):
    file = slice_of(tmp_path, 0, 2_400)
    command = [sys.executable, "-m", "bot", "evaluate", file, "--seeds", "500"]
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=_heed_ctrl_c,  # noqa: PLW1509 - no thread of ours runs meanwhile
    ) as running:  # fmt: skip
        while len(_members(running.pid)) < 2 and running.poll() is None:
            pass
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate()
    assert running.returncode == 1
    assert said.strip() == "Aborted!"
    assert _members(running.pid) == []


def _heed_ctrl_c():
    """Whoever runs in the background begins deaf to it, and so do all that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _members(group):
    """The processes of a group that still run."""
    found = subprocess.run(
        ["ps", "-A", "-o", "pgid=,stat="], capture_output=True, text=True, check=False
    )
    lines = [line.split() for line in found.stdout.splitlines()]
    return [stat for pgid, stat in lines if int(pgid) == group and not stat.startswith("Z")]
