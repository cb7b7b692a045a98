"""What the disk alone takes of a wait: a commit that outlives a power cut."""

import tempfile
import time
from pathlib import Path
from statistics import median

from storage.database import open_database

COMMITS = 200
PAUSE_SECONDS = 0.01
"""As between two transactions of the stream: a disk that rests answers later."""


def durable_commit_seconds() -> float:
    """The median of commits of one small row in a database opened as the program opens its own."""
    with tempfile.TemporaryDirectory(prefix="spyhop-benchmark-") as folder:
        db = open_database(Path(folder) / "spyhop.db")
        db.conn.execute("CREATE TABLE commits (number INTEGER)")
        took = []
        for number in range(COMMITS):
            time.sleep(PAUSE_SECONDS)
            begin = time.perf_counter()
            with db.atomic():
                db.conn.execute("INSERT INTO commits VALUES (?)", (number,))
            took.append(time.perf_counter() - begin)
        db.close()
    return median(took)
