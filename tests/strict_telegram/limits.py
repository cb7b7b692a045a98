"""How fast a bot may speak, as pure functions of the server's clock.

Telegram publishes about 30 messages a second overall, one a second in a chat with short bursts,
and 20 a minute in a group (core.telegram.org/bots/faq#broadcasting-to-users); the real limits
move. Edits count like messages.
"""

import math
from collections import defaultdict, deque
from dataclasses import dataclass

# Calls that were already on their way when the 429 was answered are forgiven.
FLIGHT_SECONDS = 0.5


@dataclass(frozen=True)
class Limits:
    """The pace that is enforced; a burst is how many messages a chat takes at once."""

    overall_per_second: int = 30
    chat_per_second: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20


class Pacer:
    """Counts what was sent, and says how long the next message must wait."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._all: deque[float] = deque()
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)
        self._due: dict[int, float] = {}

    def wait_seconds(self, chat_id: int, *, group: bool, count: int, now: float) -> int:
        """0 when `count` messages are let through, else the seconds to wait, at least 1."""
        limits = self._limits
        waits = [
            _window_wait(self._all, limits.overall_per_second, 1.0, count, now),
            self._due.get(chat_id, now) - now - (limits.chat_burst - 1) / limits.chat_per_second,
        ]
        if group:
            sent = self._groups[chat_id]
            waits.append(_window_wait(sent, limits.group_per_minute, 60.0, count, now))
        if max(waits) > 0:
            return max(1, math.ceil(max(waits)))
        self._all.extend([now] * count)
        self._groups[chat_id].extend([now] * count if group else [])
        start = max(self._due.get(chat_id, now), now)
        self._due[chat_id] = start + count / limits.chat_per_second
        return 0


def _window_wait(sent: deque[float], most: int, seconds: float, count: int, now: float) -> float:
    """Seconds until `count` more fit into a sliding window."""
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    surplus = len(sent) + count - most
    return sent[surplus - 1] + seconds - now if 0 < surplus <= len(sent) else 0.0


class Patience:
    """Which chats were told to wait, and whether a call comes too early."""

    def __init__(self) -> None:
        self._told: dict[int | None, tuple[float, float]] = {}

    def told(self, chat_id: int | None, seconds: int, now: float) -> None:
        """A 429 was answered to a call about this chat, or about none."""
        since, until = self._told.get(chat_id, (now, now))
        self._told[chat_id] = (since if now < until else now, now + seconds)

    def is_early(self, chat_id: int | None, now: float) -> bool:
        """Whether a call for this chat disobeys."""
        since, until = self._told.get(chat_id, (now, now))
        return since + FLIGHT_SECONDS < now < until
