"""Paces the REST requests: which are under way, which failed, and when the next may go.

Failed ones are repeated for ever, ever slower. A 429 stops all of them for as long as
the source says and slows down those after it; every answer that comes speeds them up
again. Requests for the history wait until nothing else is wanted.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Struct

from watchers.feed import Answer, Get

WINDOW = 8
TIMEOUT_SECONDS = 30.0
MAX_TIMEOUT_SECONDS = 240.0
MAX_RETRY_SECONDS = 60.0
MAX_PAUSE_SECONDS = 300.0
MAX_RETRY_AFTER_SECONDS = 3600.0


class Want(Struct, frozen=True):
    """Something to ask for: `subject` (a height, a hash) tells those of one purpose apart.

    A repetition takes the next of the `paths`, different routes to the same thing.
    """

    purpose: str
    subject: int | str
    paths: tuple[str, ...]

    @property
    def key(self) -> tuple[str, int | str]:
        """What makes two wants the same."""
        return self.purpose, self.subject


@dataclass(slots=True)
class _Failure:
    count: int
    retry_at: float


@dataclass(slots=True)
class _Sent:
    want: Want
    path: str
    at: float
    timeout_seconds: float


class Requests:
    """What is asked and what is not yet; `now` in Unix seconds."""

    def __init__(self, history_pace_seconds: float) -> None:
        self.window = WINDOW
        self.history_pace_seconds = history_pace_seconds
        self._history_at = 0.0
        self._last_ask = 0
        self._sent: dict[int, _Sent] = {}
        self._failures: dict[tuple[str, int | str], _Failure] = {}
        self._pace_seconds = 0.0
        self._not_before = 0.0
        self._throttled_at = 0.0

    def forget(self) -> None:
        """Begin anew: answers to what was asked are dropped, a pause stays a pause."""
        self._sent.clear()
        self._failures.clear()
        self.window = WINDOW

    def ask(self, wants: Sequence[Want], now: float) -> list[Get]:
        """The requests to send now, so that what is wanted and nothing else is under way."""
        keys = {want.key for want in wants}
        self._sent = {ask: sent for ask, sent in self._sent.items() if sent.want.key in keys}
        under_way = {sent.want.key for sent in self._sent.values()}
        return [
            self._send(want, now)
            for want in wants
            if want.key not in under_way and self._may_send(want, now)
        ]

    def _may_send(self, want: Want, now: float) -> bool:
        if now < self._not_before or len(self._sent) >= self.window + 2:
            return False
        failure = self._failures.get(want.key)
        if failure and now < failure.retry_at:
            return False
        if want.purpose == "history":
            return not self._sent and now - self._history_at >= self.history_pace_seconds
        return True

    def _send(self, want: Want, now: float) -> Get:
        self._last_ask += 1
        failure = self._failures.get(want.key)
        failures = failure.count if failure else 0
        path = want.paths[failures % len(want.paths)]
        timeout = min(TIMEOUT_SECONDS * 2.0 ** min(failures, 10), MAX_TIMEOUT_SECONDS)
        self._sent[self._last_ask] = _Sent(want, path, now, timeout)
        if self._pace_seconds:
            self._not_before = now + self._pace_seconds
        if want.purpose == "history":
            self._history_at = now
        return Get(self._last_ask, path)

    def asked(self, ask: int) -> tuple[Want, str] | None:
        """What the request was for and its path; None where its answer is no longer wanted."""
        sent = self._sent.get(ask)
        return (sent.want, sent.path) if sent else None

    def overdue(self, now: float) -> list[int]:
        """The requests whose answers have been awaited for too long."""
        return [ask for ask, sent in self._sent.items() if now - sent.at >= sent.timeout_seconds]

    def succeeded(self, ask: int) -> None:
        """Its answer was good."""
        self._failures.pop(self._sent.pop(ask).want.key, None)
        self._pace_seconds = self._pace_seconds / 2 if self._pace_seconds > 1 else 0.0
        self.window = min(self.window + 1, WINDOW)

    def failed(self, ask: int, answer: Answer, now: float) -> None:
        """Its answer was no use: repeat it later."""
        sent = self._sent.pop(ask)
        if answer.status == 429:
            self._throttle(sent, answer.retry_after_seconds, now)
        else:
            self.delay(sent.want, now)
        if sent.want.purpose == "block":
            self.window = max(self.window // 2, 1)

    def delay(self, want: Want, now: float) -> None:
        """Wait before it is asked for again, twice as long each time."""
        failure = self._failures.setdefault(want.key, _Failure(0, now))
        failure.retry_at = now + min(2.0 ** min(failure.count, 10), MAX_RETRY_SECONDS)
        failure.count += 1

    def _throttle(self, sent: _Sent, retry_after_seconds: float | None, now: float) -> None:
        """Pause all requests; those that were under way together slow down only once."""
        if sent.at >= self._throttled_at:
            self._throttled_at = now
            self._pace_seconds = min(max(self._pace_seconds * 2, 1.0), MAX_PAUSE_SECONDS)
        asked_for = retry_after_seconds or 0.0
        if not (math.isfinite(asked_for) and asked_for >= 0):
            asked_for = 0.0
        pause = max(min(asked_for, MAX_RETRY_AFTER_SECONDS), self._pace_seconds)
        self._not_before = max(self._not_before, now + pause)
