"""What the chart of drift shows: the index of every feature on each day that was measured."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.charting.picture_words import picture_words
from bot.charting.question import Question, Reading
from bot.desk import Desk
from bot.language import _
from bot.wording.drift import NONE, SHIFTED, drift_words, worst_first
from bot.wording.features import feature_name
from bot.wording.words import many, number
from charts.model import Measure, Series, Track
from storage.drift import DriftRow, drift_since

_NAMED = 3
_FEWEST_DAYS = 7


async def read_drift(desk: Desk, asked: Question) -> Reading:
    """The indices of the asked period, of a week at least."""
    zone = ZoneInfo(asked.chat.timezone)
    today = datetime.fromtimestamp(asked.now, UTC).astimezone(zone).date()
    count = max(_FEWEST_DAYS, asked.period // 86400)
    days = [today - timedelta(days=back) for back in reversed(range(count))]
    rows = await desk.read(drift_since, asked.chain.name, days[0].isoformat())
    title, lines = _verdict(rows)
    period = many(count, "{chain}, last {n} day", "{chain}, last {n} days", chain=asked.chain.title)
    return Reading(_series(rows, days, zone, title, period), lines)


def _verdict(rows: Sequence[DriftRow]) -> tuple[str, tuple[str, ...]]:
    if not rows:
        return _("No drift was measured yet"), (_waits(),)
    worst = worst_first(_newest(rows))
    most = _("Most on the newest day: {worst}").format(worst=drift_words(worst[:_NAMED]))
    scale = _("Up to {none} is normal, above {shifted} it matters").format(
        none=number(NONE, 1), shifted=number(SHIFTED, 2)
    )
    model = _("Against model {model}").format(model=rows[-1].model)
    shifted = sum(psi > SHIFTED for _feature, psi in worst)
    title = _("All looks as it was learnt")
    if shifted:
        title = many(shifted, "{n} feature has shifted", "{n} features have shifted")
    return title, (most, scale, model)


def _waits() -> str:
    """What must be before there is anything to see."""
    return _(
        "It is measured once a day, in the afternoon, against the same hours of the weeks"
        " before, once one of them was learnt"
    )


def _newest(rows: Sequence[DriftRow]) -> dict[str, float]:
    return {row.feature: row.psi for row in rows if row.day == rows[-1].day}


def _series(
    rows: Sequence[DriftRow], days: Sequence[date], zone: ZoneInfo, title: str, period: str
) -> Series:
    """A track for each feature of the newest day, the one that shifted most first."""
    known = {(row.feature, row.day): row.psi for row in rows}
    tracks = [
        Track(feature_name(name), tuple(known.get((name, day.isoformat())) for day in days))
        for name, _psi in (worst_first(_newest(rows)) if rows else ())
    ]
    edges = [_midnight(day, zone) for day in (*days, days[-1] + timedelta(days=1))]
    unit = Measure(_("how far it is from what was learnt"))
    words = replace(picture_words(), it_fills=_waits())
    return Series(title, period, unit, tuple(edges), tuple(tracks), timezone=str(zone), words=words)


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
