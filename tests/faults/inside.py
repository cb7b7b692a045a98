"""The program with faults put in from outside: each lasts while a file of its name is there.

python -m tests.faults.inside FOLDER '{"bot.intake.ingest:SETTLING_SECONDS": 1}' [ARGUMENTS]
"""

import json
import socket
import sys
import threading
from pathlib import Path

from bot.cli import main
from bot.store import Store
from tests.end_to_end.hurried import change

STALLED = "stalled"
"""The database thread stands still."""
READ_ONLY = "read-only"
"""The file cannot be written, as after a file system was mounted anew for reading."""
NAMELESS = "nameless"
"""No name can be resolved."""
NAME = "somewhere.test"
"""Resolves to this machine otherwise."""


def spoil_database(folder):
    """Let writes meet the faults of the database."""
    write = Store._write

    def spoilt(store, *arguments):
        while (folder / STALLED).exists():
            threading.Event().wait(0.05)  # libfaketime cannot do time.sleep
        refuses = int((folder / READ_ONLY).exists())
        store._db.conn.execute(f"PRAGMA query_only={refuses}")
        return write(store, *arguments)

    Store._write = spoilt  # type: ignore[method-assign]


def spoil_names(folder):
    """Let look-ups of `NAME` meet the fault of the resolver."""
    look_up = socket.getaddrinfo

    def spoilt(host, *arguments, **named):
        if host not in {NAME, NAME.encode()}:
            return look_up(host, *arguments, **named)
        if (folder / NAMELESS).exists():
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up("127.0.0.1", *arguments, **named)

    socket.getaddrinfo = spoilt


if __name__ == "__main__":
    folder = Path(sys.argv.pop(1))
    for path, value in json.loads(sys.argv.pop(1)).items():
        change(path, value)
    spoil_database(folder)
    spoil_names(folder)
    main()
