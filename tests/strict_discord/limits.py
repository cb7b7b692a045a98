"""How fast a bot may call, as pure functions of the server's clock.

Source: docs.discord.com/developers/topics/rate-limits. The sizes of the buckets are not
published; these are the ones seen in answers. Each bucket is kept apart for each channel, guild
or webhook ("major parameter"), and a window begins with its first call.
"""

import hashlib
import math
from collections import deque
from dataclasses import dataclass, field

GLOBAL_PER_SECOND = 50
MOST_INVALID = 10_000
INVALID_SECONDS = 600
INVALID_STATUSES = {401, 403, 429}
# Calls that were already on their way when the 429 was answered are forgiven.
FLIGHT_SECONDS = 1.0

DEFAULT = (30, 10.0)
# Calls and seconds.
BUCKETS = {
    "create_message": (5, 5.0),
    "update_message": (5, 5.0),
    "delete_message": (5, 1.0),
    "execute_webhook": (5, 2.0),
    "update_original_webhook_message": (5, 2.0),
    "update_webhook_message": (5, 2.0),
}
MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_id")
# Interactions and their webhooks are outside the limit over all calls.
OUTSIDE = ("webhook_token", "interaction_id")


@dataclass
class Window:
    """The calls of one bucket since its window began; `told_until` is when a 429 ends."""

    limit: int
    ends: float = -math.inf
    used: int = 0
    told_at: float = math.inf
    told_until: float = -math.inf


@dataclass(frozen=True)
class Pass:
    """What the pacer says to a call: its headers, and how long it must wait, if it must."""

    headers: dict[str, str]
    wait_seconds: float = 0.0
    everywhere: bool = False
    early: bool = False


@dataclass
class Pacer:
    """Counts calls. With `on` False it lets everything through and still writes headers."""

    on: bool = True
    windows: dict[tuple[str, ...], Window] = field(default_factory=dict)
    recent: deque[float] = field(default_factory=deque)
    invalid: deque[float] = field(default_factory=deque)
    counted_invalid: int = 0

    def enter(self, operation: str, path: dict[str, str], now: float) -> Pass:
        """Count a call."""
        limit, seconds = BUCKETS.get(operation, DEFAULT)
        major = tuple(path[name] for name in MAJOR if name in path)
        window = self.windows.setdefault((operation, *major), Window(limit))
        if now >= window.ends:
            window.ends, window.used = now + seconds, 0
        counted = self.on and not any(name in path for name in OUTSIDE)
        if counted and (wait := self._global_wait(now)):
            return Pass({"X-RateLimit-Global": "true"} | _scope("global"), wait, everywhere=True)
        if self.on and window.used >= limit:
            return self._over(operation, window, now)
        window.used += 1
        return Pass(_headers(operation, window, now))

    def count_answer(self, status: int, now: float) -> bool:
        """Count an answer; whether the bot would be banned for too many invalid ones."""
        if status in INVALID_STATUSES:
            self.counted_invalid += 1
            self.invalid.append(now)
        while self.invalid and self.invalid[0] <= now - INVALID_SECONDS:
            self.invalid.popleft()
        return len(self.invalid) >= MOST_INVALID

    def _over(self, operation: str, window: Window, now: float) -> Pass:
        early = window.told_at + FLIGHT_SECONDS < now < window.told_until
        if now >= window.told_until:
            window.told_at, window.told_until = now, window.ends
        headers = _headers(operation, window, now) | _scope("user")
        return Pass(headers, max(window.ends - now, 0.001), early=early)

    def _global_wait(self, now: float) -> float:
        while self.recent and self.recent[0] <= now - 1:
            self.recent.popleft()
        if len(self.recent) >= GLOBAL_PER_SECOND:
            return max(self.recent[0] + 1 - now, 0.001)
        self.recent.append(now)
        return 0.0


def _headers(operation: str, window: Window, now: float) -> dict[str, str]:
    bucket = hashlib.md5(operation.encode(), usedforsecurity=False).hexdigest()
    return {
        "X-RateLimit-Bucket": bucket,
        "X-RateLimit-Limit": str(window.limit),
        "X-RateLimit-Remaining": str(max(window.limit - window.used, 0)),
        "X-RateLimit-Reset": f"{window.ends:.3f}",
        "X-RateLimit-Reset-After": f"{max(window.ends - now, 0):.3f}",
    }


def _scope(name: str) -> dict[str, str]:
    return {"X-RateLimit-Scope": name}
