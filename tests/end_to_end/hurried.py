"""The program with less patience, so that what takes minutes can be seen in seconds.

python -m tests.end_to_end.hurried '{"bot.intake.ingest:SETTLING_SECONDS": 1}' [ARGUMENTS]
"""

import json
import pkgutil
import sys

from bot.cli import main


def change(path, value):
    """Set `module:NAME`, `module:thing.attribute`, or an entry of a dictionary there."""
    module, _, name = path.partition(":")
    where, _, last = name.rpartition(".")
    holder = pkgutil.resolve_name(f"{module}:{where}" if where else module)
    if isinstance(holder, dict):
        holder[last] = value
    else:
        getattr(holder, last)  # a name that is there no more must be noticed
        setattr(holder, last, value)


if __name__ == "__main__":
    for path, value in json.loads(sys.argv.pop(1)).items():
        change(path, value)
    main()
