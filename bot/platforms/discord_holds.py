"""Where Discord is not asked for a while, so that what would be refused waits elsewhere."""

from collections.abc import Callable

from discord import HTTPException, RateLimited

from bot.platforms.discord_verdicts import (
    REFUSED_SECONDS,
    NotYetError,
    UnchangeableError,
    concerns_all,
)

_SLOWEST_SECONDS = 30.0


class Holds:
    """Pauses of single chats, and of all; `clock` counts seconds.

    A message that meets a pause comes back later: to wait here would keep those of other
    platforms from leaving.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}
        self._all_until = 0.0
        self._failures = 0

    def seconds(self, address: str) -> float:
        """How long nothing may be said in a chat; 0 where it may."""
        until = max(self._all_until, self._until.get(address, 0.0))
        return max(until - self._clock(), 0.0)

    def worked(self) -> None:
        """Discord has answered."""
        self._failures = 0

    def failed(self, address: str, error: Exception) -> None:
        """Pause as an error asks for; the longer the network is down, the longer."""
        now = self._clock()
        if isinstance(error, RateLimited):
            self._until = {other: until for other, until in self._until.items() if until > now}
            self._until[address] = now + error.retry_after
        elif concerns_all(error):
            self._all_until = now + REFUSED_SECONDS
        elif isinstance(error, (HTTPException, NotYetError, UnchangeableError)):
            self.worked()
        elif self.seconds("") == 0.0:  # else it began before the pause
            self._failures += 1
            if self._failures > 1:  # one that is torn says nothing of the others
                self._all_until = now + min(_SLOWEST_SECONDS, 0.5 * 2.0 ** min(self._failures, 10))
