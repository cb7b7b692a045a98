"""Failures that a test orders: answers that are wrong, late, torn or never come."""

import math
import re
from dataclasses import dataclass

from tests.strict_telegram.refusal import Refusal, conflict, too_many_requests

DROP = "drop"
HANG = "hang"
DESCRIPTIONS = {
    400: "Bad Request: message can't be edited",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass
class Fault:
    """What happens instead of an answer, `times` times, to the methods that the pattern names.

    `status` is an HTTP status, `drop` for a connection that is torn, or `hang` for one that is
    never answered. With `accept` the call is carried out all the same.
    """

    pattern: re.Pattern[str]
    status: int | str
    retry_after: int
    accept: bool
    times: float = math.inf

    def refusal(self) -> Refusal:
        """The answer for a numeric status."""
        assert isinstance(self.status, int)
        if self.status == 409:
            return conflict()
        if self.status == 429:
            return too_many_requests(self.retry_after)
        return Refusal(self.status, DESCRIPTIONS.get(self.status, "Error"))


class Faults:
    """The orders that are still open, oldest first."""

    def __init__(self) -> None:
        self.open: list[Fault] = []

    def is_silent(self, method: str) -> bool:
        """Whether calls of this method are never answered at present."""
        return any(f.status == HANG and f.pattern.fullmatch(method) for f in self.open)

    def take(self, method: str) -> Fault | None:
        """The first fault for this method, used once more."""
        matching = (fault for fault in self.open if fault.pattern.fullmatch(method))
        fault = next(matching, None)
        if fault is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.open.remove(fault)
        return fault
