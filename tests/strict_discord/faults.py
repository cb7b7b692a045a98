"""Failures that a test orders: answers that are wrong, late, torn or never come."""

import math
import re
from dataclasses import dataclass, field

from tests.strict_discord.refusal import Refusal

DROP = "drop"
HANG = "hang"
WORDS = {
    500: "500: Internal Server Error",
    502: "502: Bad Gateway",
    503: "503: Service Unavailable",
    504: "504: Gateway Timeout",
}


@dataclass
class Fault:
    """What happens instead of an answer, `times` times, to the operations the pattern names.

    `status` is an HTTP status, `drop` for a connection that is torn, or `hang` for one that is
    never answered. With `accept` the call is carried out all the same. Mind that an HTTP client
    quietly repeats a torn GET once.
    """

    pattern: re.Pattern[str]
    status: int | str
    retry_after: float
    everywhere: bool
    accept: bool
    times: float = math.inf

    def refusal(self) -> Refusal:
        """The answer for a numeric status."""
        assert isinstance(self.status, int)
        if self.status == 429:
            more = {"retry_after": self.retry_after, "global": self.everywhere}
            return Refusal(429, 0, "You are being rate limited.", more=more)
        return Refusal(self.status, 0, WORDS.get(self.status, f"{self.status}: Error"))


@dataclass
class Faults:
    """The orders that are still open, oldest first."""

    open: list[Fault] = field(default_factory=list)

    def take(self, operation: str) -> Fault | None:
        """The first fault for this operation, used once more."""
        for fault in self.open:
            if fault.pattern.fullmatch(operation):
                fault.times -= 1
                if fault.times <= 0:
                    self.open.remove(fault)
                return fault
        return None
