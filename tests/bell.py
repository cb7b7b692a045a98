"""A bell that wakes whoever waits for a change."""

import asyncio
from collections.abc import Callable
from typing import Any


class Bell:
    """Lets tasks wait until something is true, looking again whenever the bell rings."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Something changed."""
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait_until(self, predicate: Callable[[], Any], timeout_seconds: float) -> bool:
        """Whether the predicate came true within the time."""
        deadline = asyncio.get_running_loop().time() + timeout_seconds
        while not predicate():
            rest = deadline - asyncio.get_running_loop().time()
            if rest <= 0:
                return False
            try:
                await asyncio.wait_for(self._rung.wait(), rest)
            except TimeoutError:
                return bool(predicate())
        return True
