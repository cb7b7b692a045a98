"""Whether Discord is connected, and who is told when it is not for long."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from bot.language import marked
from bot.platforms.platform import Keeper
from watchers.model import sealed, unsealed

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 1.0
_UNREACHED = marked("Discord cannot be reached, trying on")


class Link:
    """The connections to Discord's gateway, one a shard.

    The library mends a cut by itself; after `patience_seconds` without a connection the
    owners are told, once an outage.
    """

    def __init__(self, keeper: Keeper, patience_seconds: float = 30.0) -> None:
        self._keeper = keeper
        self._patience_seconds = patience_seconds
        self._down: dict[int | None, float] = {}
        self._why = ""
        self.was_up = False
        """Whether Discord has ever let us in."""

    def up(self, shard: int) -> None:
        """A shard is connected, and with it the client."""
        self._down.pop(shard, None)
        self._down.pop(None, None)
        self.was_up = True

    def down(self, shard: int | None, why: str) -> None:
        """A shard, or where None the client, is not connected any more; `why` is sealed."""
        self._down.setdefault(shard, _now())
        self._why = why

    async def watch(self) -> None:
        """Tell of outages until cancelled."""
        told = False
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            silent_seconds = _now() - min(self._down.values(), default=_now())
            if silent_seconds > self._patience_seconds and not told:
                told = True
                await self._tell(silent_seconds)
            elif not self._down and told:
                told = False
                _LOG.info("Discord is connected again")

    async def _tell(self, silent_seconds: float) -> None:
        since = datetime.now(UTC) - timedelta(seconds=silent_seconds)
        time = f"{since:%H:%M}"
        why = sealed("since {time} UTC: {cause}", time=time, cause=(self._why,))
        _LOG.error("%s: %s", _UNREACHED, unsealed(why))
        await self._keeper.on_trouble(_UNREACHED, why)


def _now() -> float:
    return asyncio.get_running_loop().time()
