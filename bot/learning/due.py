"""Whether a model is to be trained now: pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from storage.calendar import first_moment
from storage.features import Amount
from storage.trainings import Reason, Training

NEEDED = 2_000
"""So many transactions are the least that tell what is usual."""
AT_MINUTE = 2 * 60
"""The night's training begins at 02:00."""
SETTLED_SECONDS = 15 * 60
"""A fresh bot learns for so long before it is taught the first time."""
AGAIN_SECONDS = 6 * 3600
"""So long after a first training that came to nothing the next is tried."""
TRIES = 3
"""A training that was cut off so often since 02:00 is left until the next night."""


class Known(Struct, frozen=True):
    """What decides: `trainings` of the last two days, `drifted` from the running model."""

    has_model: bool
    amount: Amount
    trainings: Sequence[Training]
    drifted: bool = False


def reason_to_train(known: Known, now: int, zone: str) -> Reason | None:
    """Why a model is to be trained now, None where it is not."""
    amount = known.amount
    if amount.rows < NEEDED or amount.since is None:
        return None
    if not known.has_model:
        settled = now - amount.since >= SETTLED_SECONDS
        return "first" if settled and _is_free(known, now - AGAIN_SECONDS) else None
    if _is_free(known, last_night(now, zone)):
        return "nightly"
    drift = [training for training in known.trainings if training.reason == "drift"]
    if known.drifted and all(t.began_at < last_night(now, zone) for t in drift):
        return "drift"
    return None


def last_night(now: int, zone: str) -> int:
    """The newest 02:00 of a zone, in Unix seconds."""
    place = ZoneInfo(zone)
    today = datetime.fromtimestamp(now, UTC).astimezone(place).date()
    days = (today - timedelta(days=back) for back in range(3))
    return next(at for day in days if (at := first_moment(day, AT_MINUTE, place)) <= now)


def _is_free(known: Known, since: int) -> bool:
    """Whether nothing was trained since then, nor tried too often."""
    tried = [training for training in known.trainings if training.began_at >= since]
    return len(tried) < TRIES and all(training.ended_at is None for training in tried)
