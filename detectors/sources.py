"""Sources that cannot be heard, and that can be heard again."""

from collections.abc import Sequence

from detectors.detector import Batch, History
from detectors.model import Alert, Kind

DOWN_AFTER_SECONDS = 120
DOWN, BACK = "down", "back"


class Sources:
    """An alert where a chain was not heard for two minutes, and one where it is again.

    The window is when it was last heard before, the amount how many seconds ago that was.
    Its state is that moment (decimal digits) while the source is down, else empty.
    """

    name = "source"

    def detect(self, batch: Batch, state: bytes, history: History) -> tuple[Sequence[Alert], bytes]:
        """The alert of a change."""
        if not batch.interests.of(batch.chain, Kind.SOURCE):
            return (), b""
        new = batch.transactions or batch.headers
        heard_at = batch.now if new and not batch.late else history.heard_at(batch.chain)
        if heard_at is None:
            return (), state
        if batch.now - heard_at > DOWN_AFTER_SECONDS:
            if state:
                return (), state
            return [_alert(batch, DOWN, heard_at)], str(heard_at).encode()
        return ([_alert(batch, BACK, int(state))] if state else ()), b""


def _alert(batch: Batch, subject: str, since: int) -> Alert:
    return Alert(
        batch.chain, "", Sources.name, subject, batch.now, batch.now - since, None, window=since
    )
