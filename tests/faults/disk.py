"""A small disk of its own, which can be full."""

import subprocess
from contextlib import contextmanager, suppress

import pytest

from tests.real import required

SIZE_BYTES = 128 * 2**20
"""Room for a log of 40 MB that waits to be taken over (`storage.database`), and for the rest."""


class Disk:
    """A folder on a file system of `SIZE_BYTES`."""

    def __init__(self, folder):
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self):
        """Leave not one byte."""
        with suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            while True:
                ballast.write(bytes(2**16))
        with suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            while True:
                ballast.write(bytes(1))

    def free(self):
        """Take away what filled it."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(folder):
    """Mount a disk at a folder; needs the rights to mount."""
    folder.mkdir()
    options = f"size={SIZE_BYTES}"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "spyhop-test", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode != 0:
        missing = f"needs the right to mount a disk: {mounted.stderr.strip()}"
        if required():
            pytest.fail(missing)
        pytest.skip(missing)
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
