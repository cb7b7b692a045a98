"""New blocks, and blocks that keep everybody waiting."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from detectors.detector import Batch, History
from detectors.model import Alert, Kind, Subscription, Way

HEARD_WITHIN_SECONDS = 120
"""A source that was silent for longer may keep a block to itself: then none is late."""


class _State(Struct):
    """The newest block, since when it is that, and the waits that were told of it."""

    hash: str
    height: int
    since: int
    told: list[int] = []


class Blocks:
    """An alert for each block, and where the next one takes longer than somebody named.

    The subject is the hash of the (last) block, the amount its height. The window of a
    block is 0, that of a wait the seconds that were named.
    """

    name = "blocks"

    def detect(self, batch: Batch, state: bytes, history: History) -> tuple[Sequence[Alert], bytes]:
        """The alerts of blocks that joined the chain, and of a wait that got too long."""
        asked = batch.interests.of(batch.chain, Kind.BLOCKS)
        if not asked:
            return (), b""
        alerts = []
        if any(s.way is Way.ANY for s in asked):
            alerts = [_alert(batch, h.hash, h.height, late=batch.late) for h in batch.headers]
        newest = _newest(batch, state, history)
        if newest is None:
            return alerts, b""
        overdue = _overdue(batch, newest, asked, history) if batch.is_moment else ()
        for seconds in overdue:
            alerts.append(_alert(batch, newest.hash, newest.height, window=seconds))
            newest.told.append(seconds)
        return alerts, msgspec.json.encode(newest)


def _newest(batch: Batch, state: bytes, history: History) -> _State | None:
    if batch.headers:
        header = max(batch.headers, key=lambda header: header.height)
        since = header.time if batch.late else batch.now
        return _State(header.hash, header.height, since)
    if state:
        return msgspec.json.decode(state, type=_State)
    tip = history.tip(batch.chain)
    return None if tip is None else _State(tip.hash, tip.height, tip.time)


def _overdue(
    batch: Batch, newest: _State, asked: Iterable[Subscription], history: History
) -> list[int]:
    """The waits that were named, are over, and were not told: while the source is heard."""
    waits = {s.amount for s in asked if s.way is Way.LATER} - set(newest.told)
    over = sorted(wait for wait in waits if batch.now - newest.since >= wait)
    if not over:
        return []
    heard_at = history.heard_at(batch.chain)
    silent = heard_at is None or batch.now - heard_at > HEARD_WITHIN_SECONDS
    return [] if silent else over


def _alert(
    batch: Batch, subject: str, height: int, *, window: int = 0, late: bool = False
) -> Alert:
    return Alert(
        batch.chain, "", Blocks.name, subject, batch.now, height, None, late=late, window=window
    )
