"""Tells a living session from one that is only open, and dates the gaps between."""

from watchers.blockchain_com.frames import PING, PING_BLOCK
from watchers.blockchain_com.rest import CHAIN, SOURCE
from watchers.model import Event, Gap, Heard, sealed

PING_SECONDS = 20.0
SILENT_SECONDS = 60.0
STALE_SECONDS = 120.0
HEARD_SECONDS = 15.0
CUT_SECONDS = 5.0
"""A cut shorter than this is no gap."""


class Liveness:
    """When the source was heard.

    A pong proves that the socket works and no more. Where every transaction is
    subscribed (`needs_transactions`), only a transaction is a sign of life: one comes
    every few seconds. Elsewhere, once the source has answered with its last block, only
    such answers are.
    """

    def __init__(self, *, needs_transactions: bool) -> None:
        self._needs_transactions = needs_transactions
        self.heard_at: float | None = None
        self.was_cut = False
        self._gap_from: float | None = None
        self._reason = sealed("the program was not running")
        self._needs_content = needs_transactions
        self._frame_at = self._life_at = 0.0
        self._ping_at = self._heard_told_at = 0.0

    def begin(self, heard_at: int | None, now: float) -> None:
        """A session begins; `heard_at` is when the store last heard of the source."""
        known = [at for at in (heard_at, self.heard_at) if at is not None]
        self.heard_at = max(known) if known else None
        self._gap_from = self.heard_at
        self.was_cut = self.heard_at is None or now - self.heard_at > CUT_SECONDS
        self._frame_at = self._life_at = self._ping_at = now
        self._needs_content = self._needs_transactions

    def heard(self, now: float, *, transaction: bool, block: bool) -> list[Event]:
        """A frame came: the gap before it, where it is the first, and a mark now and then."""
        self._frame_at = now
        is_content = transaction or (block and not self._needs_transactions)
        if self._needs_content and not is_content:
            return []
        self._needs_content = self._needs_content or is_content
        self._life_at = self.heard_at = now
        events = [*self.gap(now), *self._mark(now)]
        self._gap_from = None
        self._reason = sealed("the connection was lost")
        return events

    def gap(self, now: float) -> list[Event]:
        """The gap that is not over, as long as it is by now; its end may be told again."""
        start = self._gap_from
        if start is None or now - start <= CUT_SECONDS:
            return []
        return [Gap(CHAIN, SOURCE, int(start), int(now), self._reason)]

    def _mark(self, now: float) -> list[Event]:
        if 0 <= now - self._heard_told_at < HEARD_SECONDS:
            return []
        self._heard_told_at = now
        return [Heard(CHAIN, SOURCE, int(now))]

    def pings(self, now: float, *, block: bool) -> list[str]:
        """What to send to hear something at all; `block` to hear of the last block too."""
        if now < self._ping_at:
            return []
        self._ping_at = now + PING_SECONDS
        return [PING, PING_BLOCK] if block and not self._needs_transactions else [PING]

    def dead(self, now: float) -> str:
        """A reason to give this session up, or nothing."""
        if now - self._frame_at >= SILENT_SECONDS:
            self._reason = sealed("nothing came for {seconds} seconds", seconds=int(SILENT_SECONDS))
        elif self._needs_content and now - self._life_at >= STALE_SECONDS:
            seconds = int(STALE_SECONDS)
            self._reason = sealed(
                "no block or transaction came for {seconds} seconds", seconds=seconds
            )
            if self._needs_transactions:
                self._reason = sealed("no transaction came for {seconds} seconds", seconds=seconds)
        else:
            return ""
        return self._reason
