"""Real chain data for tests: skipped where it is absent, required where `SPYHOP_REAL=1`."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def required() -> bool:
    """Whether a missing real part must fail a test instead of skipping it."""
    return os.environ.get("SPYHOP_REAL") == "1"


def real_file(*parts: str) -> Path:
    """The path of a file of real data or of a published description beside the project."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        missing = f"needs {'/'.join(parts)}, which is not beside this checkout"
        if required():
            pytest.fail(missing)
        pytest.skip(missing)
    return path


def real_data(*parts: str) -> Path:
    """The path of a file of real chain data."""
    return real_file("data", *parts)
