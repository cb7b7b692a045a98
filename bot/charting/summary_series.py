"""The picture of a summary as a series: pure."""

from functools import partial
from itertools import pairwise

from bot.charting.picture_words import picture_words
from bot.language import _
from bot.summaries.usual import Usual, bucket_hours, hours_of, moved_by_bucket, moved_off
from bot.units import counted
from bot.wording.amounts import format_round
from bot.wording.summary import View, change
from bot.wording.words import at, many, span
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
    compared = change(moved_off(facts, usual), usual) if usual else ""
    band = usual.band if usual else ()
    unknown = () if usual else (None,) * len(buckets)
    tracks = (
        Track(_("moved"), tuple(map(partial(_known, facts), pairwise(edges), buckets))),
        Track(_("range before"), unknown or tuple(of.low for of in band)),
        Track(_("usual"), unknown or tuple(of.middle for of in band)),
        Track(_("most"), unknown or tuple(of.high for of in band)),
    )
    length = span(view.until - facts.since)
    title = _("{amount} moved in {span}{compared}")
    shown = counted(asset)
    unit = many(size, "{asset} per hour", "{asset} per {n} hours", asset=shown.symbol)
    return Series(
        title.format(amount=format_round(moved, asset), span=length, compared=compared),
        _("{chain}, to {time}").format(chain=view.chain.title, time=at(view.until, view.zone)),
        Measure(unit, 10**shown.decimals),
        edges,
        tracks,
        timezone=view.zone,
        incomplete=facts.running,
        words=picture_words(),
        gaps=tuple((gap.start, gap.end) for gap in facts.gaps),
    )


def _known(facts: ChainFacts, bucket: tuple[int, int], moved: int) -> int | None:
    """What moved in a bucket, None where it came before anything was known or heard."""
    start, end = bucket
    blind = any(gap.start <= start and gap.end >= end for gap in facts.gaps)
    unknown = facts.known_since is None or end <= facts.known_since
    return None if unknown or (blind and not moved) else moved
