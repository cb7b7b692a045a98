"""The system's time as a program sees it, moved by a test: libfaketime."""

import os
import time
from pathlib import Path

import pytest

from tests.real import required

LIBFAKETIME = "/usr/lib/*/faketime/libfaketimeMT.so.1"


def faketime(file):
    """Variables with which a file says by how many seconds the program's clock is off."""
    found = sorted(Path("/").glob(LIBFAKETIME.lstrip("/")))
    if not found:
        missing = "needs libfaketime (Debian: faketime)"
        if required():
            pytest.fail(missing)
        pytest.skip(missing)
    file.write_text("+0")
    return {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        # Looked at each time, threads that wait for each other stand still for half a minute.
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PATH": os.environ["PATH"],
    }


def set_clock(file, seconds):
    """Let a program's clock be off by so much, from one reading to the next."""
    new = file.with_suffix(".new")
    new.write_text(f"{seconds:+.3f}")
    new.replace(file)


class SystemTime:
    """A clock that can be set forward and back; `settings` put a program under it."""

    def __init__(self, folder):
        self._file = folder / "clock"
        self.settings = faketime(self._file)

    def move_to(self, moment):
        set_clock(self._file, moment - time.time())
