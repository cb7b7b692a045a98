"""The picture of a summary as a series: pure."""

from functools import partial
from itertools import pairwise

from bot.summaries.usual import Usual, bucket_hours, hours_of, moved_by_bucket, percent_off
from bot.wording.amounts import format_round
from bot.wording.summary import View, change
from bot.wording.words import at, span
from charts.model import Measure, Series, Track
from storage.summary_facts import HOUR, ChainFacts


def summary_series(facts: ChainFacts, usual: Usual | None, view: View) -> Series:
    """What moved in each bucket, and what did in the same one of the periods before."""
    asset = view.chain.asset
    size = bucket_hours(facts)
    buckets = moved_by_bucket(hours_of(facts), size)
    starts = range(facts.since, facts.until, size * HOUR)
    edges = (*starts, facts.until)
    moved = sum(buckets)
    off = percent_off(moved, usual.moved) if usual else None
    compared = change(off, usual) if usual else ""
    band = usual.band if usual else ()
    unknown = () if usual else (None,) * len(buckets)
    tracks = (
        Track("moved", tuple(map(partial(_known, facts), pairwise(edges), buckets))),
        Track("range before", unknown or tuple(of.low for of in band)),
        Track("usual", unknown or tuple(of.middle for of in band)),
        Track("most", unknown or tuple(of.high for of in band)),
    )
    length = span(facts.until - facts.since)
    return Series(
        f"{format_round(moved, asset)} moved in {length}{compared}",
        f"{view.chain.title}, to {at(view.until, view.zone)}",
        Measure(
            f"{asset.symbol} per {'hour' if size == 1 else f'{size} hours'}", 10**asset.decimals
        ),
        edges,
        tracks,
        timezone=view.zone,
        gaps=tuple((gap.start, gap.end) for gap in facts.gaps),
    )


def _known(facts: ChainFacts, bucket: tuple[int, int], moved: int) -> int | None:
    """What moved in a bucket, None where it came before anything was known or heard."""
    start, end = bucket
    blind = any(gap.start <= start and gap.end >= end for gap in facts.gaps)
    unknown = facts.known_since is None or end <= facts.known_since
    return None if unknown or (blind and not moved) else moved
