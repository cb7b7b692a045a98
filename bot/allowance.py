"""How often somebody may ask for what is dear: a token bucket for each person and thing. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from bot.commands.command import Command
from bot.language import marked


class Allowance(Struct, frozen=True):
    """So many at once of something, and one more after so many seconds."""

    what: str
    at_once: int
    seconds: int


CHARTS = Allowance(marked("chart"), 5, 20)
LOOK_UPS = Allowance(marked("look-up"), 5, 20)
PREVIEWS = Allowance(marked("preview"), 3, 30)
REPORTS = Allowance(marked("report"), 2, 120)
DEAR: Mapping[str, Allowance] = {
    "chart": CHARTS, "summary": CHARTS, "preview": PREVIEWS, "report": REPORTS,
}  # fmt: skip
"""The commands that cost much."""
_CHEAP: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "summary": lambda arguments: arguments.get("cadence", "now") != "now",
    "preview": lambda arguments: "rule" not in arguments,
}
"""How such a command is given where it only sets or asks something."""
OUTSIDE = "outside"
"""The argument with which a command asks another server."""
_MANY = 1000


def allowance_of(command: Command, arguments: Mapping[str, Any]) -> Allowance | None:
    """What a call is counted as, None where it costs little."""
    if command.name in _CHEAP and _CHEAP[command.name](arguments):
        return None
    return LOOK_UPS if OUTSIDE in arguments else DEAR.get(command.name)


class Allowances:
    """What everybody has left; forgotten at a restart."""

    def __init__(self) -> None:
        self._full_at: dict[tuple[int, str], float] = {}

    def wait_seconds(self, person: int, allowance: Allowance, now: float) -> int:
        """Take one; 0 where there was one, else in how many seconds there will be.

        A bucket is kept as the time at which it is full again.
        """
        key = person, allowance.what
        emptied = now + allowance.at_once * allowance.seconds  # no later, or the clock was wrong
        full_at = min(max(self._full_at.get(key, now), now), emptied)
        wait = full_at - now - (allowance.at_once - 1) * allowance.seconds
        if wait > 0:
            return -int(-wait // 1)
        self._full_at[key] = full_at + allowance.seconds
        if len(self._full_at) > _MANY:
            self._full_at = {k: full for k, full in self._full_at.items() if full > now}
        return 0
