"""How tasks are ended: at once, or after a while."""

import asyncio
from collections.abc import Iterable

FAREWELL_SECONDS = 10.0
"""How long messages under way may take when the program ends; they are due again if not."""


def cancel(tasks: "Iterable[asyncio.Task[None]]") -> None:
    """Ask tasks to end at once."""
    for task in tasks:
        task.cancel()


async def finish_or_cancel(sending: "asyncio.Task[None]") -> None:
    """Wait for what is under way; what a slow platform still holds is due again next time."""
    _, late = await asyncio.wait((sending,), timeout=FAREWELL_SECONDS)
    cancel(late)
