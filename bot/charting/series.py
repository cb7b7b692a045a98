"""What storage tells of a period, as the series of a chart: pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median_low

from msgspec import Struct

from bot.charting.buckets import QUARTER, STEP_NAMES
from bot.charting.picture_words import picture_words
from bot.language import _
from bot.units import counted
from bot.wording.amounts import format_round
from charts.model import Level, Mark, Measure, Series, Track, Value
from detectors.model import Subscription
from storage.histogram import bounds_of
from storage.rollups import Rollup
from watchers.model import Chain, Gap

FEE_SHARES = (0.1, 0.5, 0.9)
SMALLEST_PLACES = 5
"""Amounts below so many decimal places of one are drawn together."""
_LEAST_KNOWN_SECONDS = 60
_LEAST_FOR_USUAL = 4


class Frame(Struct, frozen=True):
    """What all series of a period share.

    `step`: the seconds of a bucket, about; `known_since`: the first moment that is
    known, None for none; `ticks`: when blocks came.
    """

    chain: Chain
    edges: tuple[int, ...]
    step: int
    timezone: str
    now: int
    known_since: int | None
    gaps: tuple[Gap, ...] = ()
    ticks: tuple[int, ...] = ()


def volume_series(frame: Frame, sums: Sequence[Rollup], title: str, subtitle: str) -> Series:
    """What moved in each bucket, and the median of the whole ones."""
    asset = counted(frame.chain.asset)
    values = tuple(
        bucket.moved if _is_known(frame, number, bucket) else None
        for number, bucket in enumerate(sums)
    )
    whole = [value for value in values[1:-1] if value is not None]
    name = _(STEP_NAMES[frame.step])
    label = _("usual {step}").format(step=name)
    usual = Level(label, median_low(whole)) if len(whole) >= _LEAST_FOR_USUAL else None
    unit = _("{asset} per {step}").format(asset=asset.symbol, step=name)
    measure = Measure(unit, 10**asset.decimals)
    return _over_time(
        frame, title, subtitle, measure, (Track(_("moved"), values),), incomplete=True, usual=usual
    )


def rate_series(
    frame: Frame, seen: Sequence[Rollup], chain: Sequence[Rollup], title: str, subtitle: str
) -> Series:
    """Transactions a minute; those on chain where buckets are long enough for blocks.

    The block that a running bucket happens to hold would make a peak: it is left out.
    """
    on_chain = Track(_("on chain: in longer charts"), (None,) * len(chain))
    if frame.step >= QUARTER:
        on_chain = Track(_("on chain"), (*_rates(frame, chain[:-1]), None))
    tracks = (Track(_("seen"), _rates(frame, seen)), on_chain)
    measure = Measure(_("transactions per minute"))
    return _over_time(frame, title, subtitle, measure, tracks, ticks=frame.ticks)


def fees_series(
    frame: Frame, quantiles: Sequence[Sequence[int | None]], title: str, subtitle: str
) -> Series:
    """What transactions paid for their place: the low end, the median, the high end."""
    names = (_("lowest tenth"), _("median"), _("highest tenth"))
    columns = zip(*quantiles, strict=True) if quantiles else ((), (), ())
    tracks = tuple(Track(n, tuple(c)) for n, c in zip(names, columns, strict=True))
    measure = Measure(frame.chain.fee_rate_unit, 1000)
    return _over_time(frame, title, subtitle, measure, tracks, ticks=frame.ticks)


def sizes_series(
    chain: Chain,
    histogram: Mapping[int, int],
    thresholds: Iterable[Subscription],
    title: str,
    subtitle: str,
) -> Series:
    """How many transactions moved how much, by powers of ten."""
    asset = chain.asset
    counts = Counter[int]()
    for bucket, count in histogram.items():
        low, high = bounds_of(bucket)
        power = len(str(int((low + high) / 2))) - 1
        counts[max(power, asset.decimals - SMALLEST_PLACES)] += count
    powers = range(min(counts, default=0), max(counts, default=-1) + 1)
    marks = tuple(
        Mark(
            threshold.amount,
            _("your {amount}").format(amount=format_round(threshold.amount, asset)),
        )
        for threshold in thresholds
        if threshold.unit == asset.symbol
    )
    shown = counted(asset)
    return Series(
        title,
        subtitle,
        Measure(_("transactions")),
        tuple(10**power for power in range(powers.start, powers.stop + bool(powers))),
        (Track(_("transactions"), tuple(counts[power] for power in powers)),),
        edges_in=Measure(_("{asset} moved").format(asset=shown.symbol), 10**shown.decimals),
        marks=marks if powers else (),
        words=picture_words(),
    )


def _over_time(
    frame: Frame,
    title: str,
    subtitle: str,
    measure: Measure,
    tracks: tuple[Track, ...],
    *,
    incomplete: bool = False,
    usual: Level | None = None,
    ticks: tuple[int, ...] = (),
) -> Series:
    return Series(
        title, subtitle, measure, frame.edges, tracks, timezone=frame.timezone,
        incomplete=incomplete, usual=usual, ticks=ticks, words=picture_words(),
        gaps=tuple((gap.start, gap.end) for gap in frame.gaps),
    )  # fmt: skip


def _is_known(frame: Frame, number: int, bucket: Rollup) -> bool:
    """Whether a bucket holds anything, or nothing though somebody listened."""
    start, end = frame.edges[number], frame.edges[number + 1]
    if frame.known_since is None or end <= frame.known_since:
        return False
    blind = any(gap.start <= start and gap.end >= min(end, frame.now) for gap in frame.gaps)
    return bucket.transactions > 0 or not blind


def _rates(frame: Frame, sums: Sequence[Rollup]) -> tuple[Value, ...]:
    return tuple(_rate(frame, number, bucket) for number, bucket in enumerate(sums))


def _rate(frame: Frame, number: int, bucket: Rollup) -> Value:
    """Transactions a minute over the part of a bucket that is known."""
    if not _is_known(frame, number, bucket):
        return None
    start, end = frame.edges[number], frame.edges[number + 1]
    known_seconds = min(end, frame.now) - max(start, frame.known_since or 0)
    if known_seconds < _LEAST_KNOWN_SECONDS:
        return None
    return bucket.transactions * 60 / known_seconds
