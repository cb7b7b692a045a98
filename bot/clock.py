"""A clock that is never set back: what waits for a moment must not wait for it twice."""

import time
from collections.abc import Callable

LONGEST_SECONDS = 86400.0
"""Who is further ahead than this was wrong: the system's time is taken as it is."""


def elapsed() -> float:
    """Seconds that nobody can set; those of a machine asleep count where the system knows them."""
    kind = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(kind)


class SteadyClock:
    """Unix seconds, UTC: the system's clock, at half speed while that has been set back.

    So an hour back is made up for in two, and meanwhile time-outs last twice as long at most,
    what was due in a second is due in two, and nothing lies in the future.
    """

    def __init__(self, system: Callable[[], float], elapsed: Callable[[], float] = elapsed) -> None:
        self._system = system
        self._elapsed = elapsed
        self._now = system()
        self._at = elapsed()

    def __call__(self) -> float:
        """The time."""
        system, at = self._system(), self._elapsed()
        slow = self._now + (at - self._at) / 2
        self._now = slow if 0 < slow - system <= LONGEST_SECONDS else system
        self._at = at
        return self._now

    @property
    def ahead_seconds(self) -> float:
        """How far the system's clock has been set back, as far as it is not made up for."""
        return self() - self._system()

    def not_before(self, moment: float) -> None:
        """Begin no earlier than a moment that has been: it was set back while we were away."""
        if 0 < moment - self._now <= LONGEST_SECONDS:
            self._now = moment
