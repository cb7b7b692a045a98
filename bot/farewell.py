"""How tasks are ended: at once, or after a while."""

import asyncio
from collections.abc import Callable, Iterable

FAREWELL_SECONDS = 10.0
"""How long messages under way may take when the program ends; they are due again if not.

So long, too, what was heard waits for a database that cannot be written; it is fetched again.
"""


def cancel(tasks: "Iterable[asyncio.Task[None]]") -> None:
    """Ask tasks to end at once."""
    for task in tasks:
        task.cancel()


async def finish_or_cancel(
    task: "asyncio.Task[None]", is_vain: Callable[[], bool] = lambda: True
) -> None:
    """Wait for what is under way, and after each farewell end it where waiting on is vain.

    What a slow platform still holds is due again next time.
    """
    late = {task}
    while late:
        _, late = await asyncio.wait(late, timeout=FAREWELL_SECONDS)
        if is_vain():
            cancel(late)
            return
