"""Buckets that fit into a picture."""

from collections.abc import Sequence
from statistics import fmean

from msgspec.structs import replace

from charts.model import Series, Track, Value


def coarser(series: Series, most: int) -> Series:
    """The series in at most `most` buckets, so that there is something to see of each.

    Neighbours become their average, which keeps the unit true; unknown values do not count.
    """
    buckets = len(series.edges) - 1
    size = -(-buckets // most)
    if size <= 1:
        return series
    starts = range(0, buckets, size)
    return replace(
        series,
        edges=(*(series.edges[start] for start in starts), series.edges[-1]),
        tracks=tuple(
            Track(track.label, tuple(_mean(track.values[at : at + size]) for at in starts))
            for track in series.tracks
        ),
    )


def _mean(values: Sequence[Value]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
