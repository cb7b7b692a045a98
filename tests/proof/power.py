"""What a power cut leaves of the files that the program wrote: a recording and its ruins.

The recording is strace's. After a cut there is of each file what was synced, and of what was
written since a random choice of sectors, in order or in any; and of the names in the folder those
at the last sync of the folder, or at a later moment.
"""

import random
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

CALLS = "openat,pwrite64,pwritev,ftruncate,fallocate,rename,unlink,fsync,fdatasync"
SYNCS = {"fsync", "fdatasync"}
SECTORS = (512, 4096)
"""What a disk writes whole, in bytes: either is met in machines."""
LINE = re.compile(r"(\d+\.\d+) (\w+)\((.*)\) += (\S+).*?(?:<(\d+\.\d+)>)?$")
QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
DESCRIPTOR = re.compile(r"\d+<((?:\\x[0-9a-f]{2})+)>")


def strace(log):
    """The command that records the command after it; the program stays the direct child."""
    return [
        "strace", "-D", "-ff", "--seccomp-bpf", "-ttt", "-T", "-y", "-xx", "-s", str(2**24),
        "-e", f"trace={CALLS}", "-o", str(log),
    ]  # fmt: skip


Names = dict[str, tuple[str, float]]
"""Which file stands under a path: the path and the moment of its making tell it."""


class Step(NamedTuple):
    """One call on a path: when it began and ended, at which offset, with which data."""

    began: float
    ended: float
    call: str
    path: str
    offset: int = 0
    data: bytes = b""


def is_complete(logs):
    """Whether the recorder has seen the end of every thread."""
    texts = [log.read_text().rstrip() for log in logs.glob("strace.*")]
    return all(text.rpartition("\n")[2].endswith("+++") for text in texts)


def found_there(folder):
    """The steps by which what is in a folder could have come there, long ago and synced."""
    steps = [Step(0.0, 0.0, "fsync", str(folder))]
    for path in folder.glob("spyhop.db*"):
        steps += [
            Step(0.0, 0.0, "openat", str(path)),
            Step(0.0, 0.0, "pwrite64", str(path), 0, path.read_bytes()),
            Step(0.0, 0.0, "fsync", str(path)),
        ]
    return steps


def read_steps(logs, database):
    """The steps on the database, its companions and their folder, in the order they began."""
    steps = [
        step
        for log in logs.glob("strace.*")
        for line in log.read_text().splitlines()
        if (step := _step(line)) and _concerns(step, database)
    ]
    return sorted(steps)


def _concerns(step, database):
    return step.path.startswith(str(database)) or step.path == str(database.parent)


def _step(line):
    found = LINE.match(line)
    if not found or found[4].startswith("-"):
        return None
    began, call, arguments = float(found[1]), found[2], found[3]
    if found[4] == "?" and call in SYNCS:
        return None  # killed in the middle of it: nothing was promised
    path = _plain(DESCRIPTOR.match(arguments) or QUOTED.search(arguments))
    step = Step(began, began + float(found[5] or 0), call, path.decode())
    last = arguments.rpartition(", ")[2]
    if call == "pwrite64":
        return step._replace(offset=int(last), data=_plain(QUOTED.search(arguments)))
    return step._replace(offset=int(last)) if call == "ftruncate" else step


def _plain(found):
    assert not found.group(0).endswith("..."), "strace cut the data short"
    return bytes.fromhex(found[1].replace("\\x", ""))


class Recording:
    """Steps, sorted by the file they changed: a name can stand for one file after another.

    With `deaf_to`, syncs of paths that end so are as if they had never been asked for.
    """

    def __init__(self, steps, folder, deaf_to=None):
        self.moments = [step.began for step in steps if step.began]
        self._names: list[tuple[float, Names]] = [(0.0, {})]
        self._changes = defaultdict(list)
        self._syncs = defaultdict(list)
        for step in steps:
            if step.call in SYNCS:
                if deaf_to is None or not step.path.endswith(deaf_to):
                    file = str(folder) if step.path == str(folder) else self._file(step.path)
                    self._syncs[file].append(step)
            elif step.path != str(folder):
                self._note(step)
        self._folder = str(folder)

    def _file(self, path):
        return self._names[-1][1].get(path)

    def _note(self, step):
        names = self._names[-1][1]
        if step.call == "openat":
            if step.path not in names:
                self._names.append((step.began, {**names, step.path: (step.path, step.began)}))
        elif step.call == "unlink":
            left = {path: file for path, file in names.items() if path != step.path}
            self._names.append((step.began, left))
        else:
            assert step.call in {"pwrite64", "ftruncate"}, f"{step.call} is not understood here"
            self._changes[names[step.path]].append(step)

    def after_cut(self, moment, rng):
        """What the folder holds after a power cut: contents by file name."""
        synced = self._synced(self._folder, moment)
        settled = max(n for n, (began, _) in enumerate(self._names) if began <= synced)
        possible = [names for began, names in self._names[settled:] if began <= moment]
        luck = Luck(rng, rng.random(), rng.choice(SECTORS), rng.random() < 0.5)
        return {
            Path(path).name: self._content(file, moment, luck)
            for path, file in rng.choice(possible).items()
        }

    def _synced(self, file, moment):
        """What began before this was on the disk."""
        return max((s.began for s in self._syncs[file] if s.ended <= moment), default=0.0)

    def _content(self, file, moment, luck):
        if file[0].endswith("-shm"):
            return luck.rng.randbytes(2**15)  # written through a memory map, and never synced
        synced = self._synced(file, moment)
        content = bytearray()
        changes = self._changes[file]
        for step in changes:
            if step.began <= synced:
                _write(content, step)
        for part in luck.choose([s for s in changes if synced < s.began <= moment]):
            _write(content, part)
        return bytes(content)


class Luck(NamedTuple):
    """What becomes of writes that were not synced: about `keep` of all sectors is written."""

    rng: random.Random
    keep: float
    sector: int
    in_any_order: bool

    def choose(self, steps):
        """The parts that come to the disk, in the order in which they do."""
        parts = [part for step in steps for part in _parts(step, self.sector)]
        chosen = [part for part in parts if self.rng.random() < self.keep]
        if self.in_any_order:
            self.rng.shuffle(chosen)
        return chosen


def _parts(step, sector):
    """A write in sectors of the disk: each can be lost by itself."""
    if step.call == "ftruncate":
        return [step]
    first = -step.offset % sector
    edges = [0, *range(first or sector, len(step.data), sector), len(step.data)]
    return [
        step._replace(offset=step.offset + start, data=step.data[start:end])
        for start, end in pairwise(edges)
    ]


def _write(content, step):
    end = step.offset + len(step.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if step.call == "ftruncate":
        del content[step.offset :]
    else:
        content[step.offset : end] = step.data
