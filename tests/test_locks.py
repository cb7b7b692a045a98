"""The locks pin everything, agree with pyproject.toml and name no registry."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ["requirements/run.lock", "requirements/dev.lock"]
BUILD_FILES = [*LOCKS, "requirements/build.in", "pyproject.toml", "Makefile", ".ci/run"]
BUILD_FILES += [str(path.relative_to(ROOT)) for path in (ROOT / ".github").rglob("*.yml")]

ENTRY = re.compile(r"^(\S+)==([^\s;]+)[^\n]*\n((?:    [^\n]*\n)*)", re.MULTILINE)
DIRECT = re.compile(r"# +(?:via )?spyhop \(pyproject\.toml(?::\w+)?\)")
ADDRESS = re.compile(
    r"(?<!no-emit-)(?:index-url|find-links|index-strategy)|default-index"
    r"|pypi\.|pythonhosted|\.whl\b|/simple\b|file:/",
    re.IGNORECASE,
)


def text(name: str) -> str:
    return (ROOT / name).read_text()


def entries(lock: str) -> dict[str, tuple[str, str]]:
    """Each pinned name with its version and the lines below it."""
    return {name: (version, below) for name, version, below in ENTRY.findall(text(lock))}


def wanted(lock: str) -> list[Requirement]:
    """What pyproject.toml and the build ask this lock to hold."""
    project = tomllib.loads(text("pyproject.toml"))
    lines = [*project["project"]["dependencies"], *text("requirements/build.in").splitlines()]
    if lock.endswith("dev.lock"):
        lines += project["dependency-groups"]["dev"]
    return [Requirement(line) for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_has_one_version_and_its_hashes(lock):
    pinned = entries(lock)
    unindented = [line for line in text(lock).splitlines() if line and not line.startswith(" ")]
    assert len(pinned) == len(unindented) > 40
    assert not [name for name, (_, below) in pinned.items() if "--hash=sha256:" not in below]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_in_step_with_what_the_project_asks_for(lock):
    pinned = entries(lock)
    asked = wanted(lock)
    stale = [
        f"{need} in pyproject.toml, {pinned.get(canonicalize_name(need.name), ['nothing'])[0]} "
        f"in {lock}: run `make lock`"
        for need in asked
        if canonicalize_name(need.name) not in pinned
        or pinned[canonicalize_name(need.name)][0] not in need.specifier
    ]
    assert not stale


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_is_locked_that_the_project_no_longer_asks_for(lock):
    direct = {name for name, (_, below) in entries(lock).items() if DIRECT.search(below)}
    assert direct <= {canonicalize_name(need.name) for need in wanted(lock)}


def test_what_runs_is_tested_in_the_same_versions():
    run, dev = ({name: pin[0] for name, pin in entries(lock).items()} for lock in LOCKS)
    assert run.items() <= dev.items()


@pytest.mark.parametrize("name", BUILD_FILES)
def test_no_file_of_the_build_names_a_registry(name):
    assert not ADDRESS.findall(text(name))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address_at_all(lock):
    assert "://" not in text(lock)
    assert "--" not in text(lock).replace("--hash=", "")
