"""The shape of the program, as docs/architecture.md promises it."""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.structure import floors, manners, trouble
from tests.structure.source import FLOORS, Fault, modules_below

ROOT = Path(__file__).resolve().parents[1]
MODULES = modules_below(ROOT)

# Where the world is let in, on floors that are pure otherwise.
DOORS = {
    "watchers/watcher.py": "owns the socket and its clock",
    "watchers/http.py": "owns the HTTP client",
    "watchers/simulated/listener.py": "owns one client's websocket",
    "watchers/simulated/site.py": "answers over HTTP",
    "watchers/simulated/server.py": "serves the simulated chain over real sockets",
}

# Modules that load a heavy library at once, because they themselves are loaded when needed.
LATE = {
    "bot/platforms/telegram*.py": "loaded when a Telegram token is set",
    "bot/platforms/discord*.py": "loaded when a Discord token is set",
}

# `path` or `path::function`, and why it may be long.
LONG = {
    "storage/migrations.py::*": "a step is one text of SQL that never changes once released",
}

# `path::function` where any error is caught, and why: the named boundaries.
BOUNDARIES = {
    "bot/platforms/telegram_answers.py::_handle": "one update must not end the talk with all",
    "bot/platforms/discord_answers.py::_reply_to": "one message must not end the talk with all",
    "bot/outlet/compose.py::_composed": "it is composed again at its turn, by itself",
    "bot/platforms/telegram_poller.py::_read": "a new kind of update may break the library",
    "bot/platforms/discord.py::_connect": "the library dies of faults of its own: begin anew",
    "bot/platforms/discord.py::_show": "trouble with the commands must not end the talk with all",
    "bot/platforms/discord_rest.py::_outcome": "an error of a call is raised where it was made",
    "bot/alarm.py::run": "an alarm that cannot be given must not end the watch",
    "bot/conversation.py::__call__": "whatever people do gets an answer",
    "bot/conversation.py::_give_up": "the note of a fault may fail for the same reason",
    "bot/outlet/delivery.py::_send": "a fault in one message or its platform must not end delivery",
    "bot/outlet/delivery.py::take_along": "what is stored must not fail with what is told of it",
    "bot/outlet/drawing.py::_picture": "a picture that cannot be drawn must not keep its words",
    "bot/learning/training.py::_train": "a training that breaks off is told, the bot goes on",
    "bot/intake/pipeline.py::_save": "what can never be stored is set aside, the watch goes on",
    "bot/intake/scoring.py::score": "a detector that fails is put aside, the watch goes on",
    "bot/housekeeping.py::_contained": "a chore that fails must not keep others from being done",
    "storage/dispatch.py::_leaves": "it is raised as what names the delivery, which is put off",
    "bot/summaries/telling.py::tell": "one chat's summary must not keep others from theirs",
    "bot/worker.py::_outcome": "an error in the worker is raised where it was called",
    "watchers/watcher.py::_attempt": "no fault of a source ends the watch; it is tried again",
}

FOLDERS = {*FLOORS, "tests", "docs", "deploy", "benchmarks", "requirements"}
FILES = {"README.md", "CHANGELOG.md", "LICENSE", "Makefile", "pyproject.toml", ".env.example"}
HIDDEN = {".ci", ".git", ".github", ".gitignore"}


def excused(fault: Fault, reasons: Iterable[str]) -> bool:
    return any(fnmatch(fault.place, reason) for reason in reasons)


def expect_none(faults: Iterable[Fault], reasons: Iterable[str] = ()) -> None:
    """Fail with a line for each fault that no reason excuses."""
    lines = [str(fault) for fault in faults if not excused(fault, reasons)]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


def test_each_floor_imports_only_what_is_below_it():
    expect_none(floors.floor_faults(MODULES))


def test_no_modules_import_each_other_in_a_circle():
    expect_none(floors.circle_faults(MODULES))


def test_sockets_clocks_and_files_stay_at_the_edges():
    expect_none(manners.world_faults(MODULES), DOORS)


def test_sql_is_written_in_storage_only():
    expect_none(manners.sql_faults(MODULES))


def test_no_file_or_function_grows_out_of_hand():
    expect_none(manners.size_faults(MODULES), LONG)


def test_the_median_function_is_short():
    expect_none(manners.median_faults(MODULES))


def test_packages_hold_a_docstring_and_no_code():
    expect_none(manners.package_faults(MODULES))


def test_classes_and_modules_have_names_that_say_something():
    expect_none(manners.name_faults(MODULES))


def test_every_task_belongs_to_a_group():
    expect_none(manners.task_faults(MODULES))


def test_any_error_is_caught_at_the_named_boundaries_only():
    expect_none(manners.blind_faults(MODULES), BOUNDARIES)


def test_owners_are_told_of_trouble_in_words_that_can_be_translated():
    expect_none(trouble.plain_faults(MODULES))


def test_heavy_libraries_are_loaded_late():
    expect_none(floors.heavy_faults(MODULES), LATE)


def test_the_top_of_the_tree_holds_what_a_reader_expects():
    expect_none(manners.stray_faults(ROOT, FOLDERS | FILES | HIDDEN))


@pytest.mark.parametrize(
    ("reasons", "faults"),
    [(LONG, manners.size_faults(MODULES)), (BOUNDARIES, manners.blind_faults(MODULES))],
    ids=["long", "boundaries"],
)
def test_no_exception_outlives_its_reason(reasons: Mapping[str, str], faults: list[Fault]):
    idle = [place for place in reasons if not any(excused(fault, [place]) for fault in faults)]
    assert not idle, "take these out of the exceptions, nothing needs them any more"


LOADED_BY_HELP = """
import runpy, sys
sys.argv = ["bot", "--help"]
try:
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
except SystemExit as end:
    assert not end.code, end.code
print("loaded:", *sorted(set(%r) & set(sys.modules)))
"""


@pytest.mark.skipif(not (ROOT / "bot/__main__.py").exists(), reason="needs bot/__main__.py")
def test_help_is_shown_without_loading_a_heavy_library():
    script = LOADED_BY_HELP % (floors.HEAVY,)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded:"
