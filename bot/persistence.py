"""Writes that must not be lost: the database may be full, locked or slow for a while."""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from bot.store import Store
from storage._sqlite import ROW_ERRORS, DatabaseError

T = TypeVar("T")
log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0


async def write_persistently(
    store: Store,
    change: Callable[..., T],
    *arguments: object,
    then: Callable[[T], object] | None = None,
) -> T:
    """`store.write` until it is written. Raises what will be the same again next time."""
    while True:
        try:
            return await store.write(change, *arguments, then=then)
        except ROW_ERRORS:
            raise
        except DatabaseError as error:
            log.warning("the database cannot be written, trying again: %s", error)
            await asyncio.sleep(RETRY_SECONDS)
