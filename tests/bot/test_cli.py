"""What a start loads before it watches."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LATER = {"aiohttp", "apscheduler", "discord", "matplotlib", "numpy", "prompt_toolkit", "telegram"}

LOADED = """
import sys
from storage._sqlite import load_lean
load_lean()
import bot.live
import watchers.watcher
print(*sys.modules)
import numpy
assert numpy.array
"""


def test_what_can_wait_is_not_loaded_before_the_watchers_listen():
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "sqlite_utils" in loaded
    assert loaded & LATER == set()
