"""What a period is compared with: the same hours of the weeks or days before it: pure."""

from collections.abc import Sequence
from statistics import median_low

from msgspec import Struct

from bot.language import _
from storage.rollups import Rollup
from storage.summary_facts import HOUR, ChainFacts

DAY, WEEK = 24 * HOUR, 7 * 24 * HOUR
_LONGEST_DAY = 25 * HOUR
_COARSE_HOURS = 6
_ENOUGH = 3
"""A median of fewer is none."""
_WEEKS, _DAYS = 4, 7


class Band(Struct, frozen=True):
    """What moved in the same bucket of the periods before: the least, the median, the most."""

    low: int
    middle: int
    high: int


class Usual(Struct, frozen=True):
    """Medians over the periods before, which `words` names; `band` has an entry a bucket.

    The sums are those of the hours that are over in the period itself.
    `single`: there is only one period before, so that it is a neighbour and nothing usual.
    """

    transactions: int
    moved: int
    band: tuple[Band, ...]
    words: str
    single: bool = False


def hours_of(facts: ChainFacts) -> Sequence[Rollup]:
    """The hours of the period itself."""
    return [hour for hour in facts.hours if hour.start >= facts.since]


def hours_over(facts: ChainFacts) -> Sequence[Rollup]:
    """The hours of the period without one that still runs."""
    hours = hours_of(facts)
    return hours[:-1] if facts.running else hours


def transactions_off(facts: ChainFacts, usual: Usual | None) -> int | None:
    """By how many per cent there were more transactions than usual in the hours that are over."""
    count = sum(hour.transactions for hour in hours_over(facts))
    return percent_off(count, usual.transactions) if usual else None


def moved_off(facts: ChainFacts, usual: Usual | None) -> int | None:
    """By how many per cent more moved than usual in the hours that are over."""
    moved = sum(hour.moved for hour in hours_over(facts))
    return percent_off(moved, usual.moved) if usual else None


def bucket_hours(facts: ChainFacts) -> int:
    """The hours of a bar of the picture: few enough bars to see each."""
    return 1 if facts.until - facts.since <= 2 * DAY else _COARSE_HOURS


def moved_by_bucket(hours: Sequence[Rollup], size: int) -> list[int]:
    """What moved in each `size` hours; the last bucket may be shorter."""
    starts = range(0, len(hours), size)
    return [sum(hour.moved for hour in hours[start : start + size]) for start in starts]


def busiest_hour(facts: ChainFacts) -> Rollup | None:
    """The hour that is over with the most transactions, None where there were none."""
    busiest = max(hours_over(facts), key=lambda hour: hour.transactions)
    return busiest if busiest.transactions else None


def usual_of(facts: ChainFacts) -> Usual | None:
    """What is usual for the period, None where nothing before it is known.

    The same hours of the same weekday, of four weeks; for a day of which fewer than three
    such are known, the same hours of seven days; else of the one period before it.
    """
    weeks = _earlier(facts, WEEK, _WEEKS)
    is_day = facts.until - facts.since <= _LONGEST_DAY
    days = _earlier(facts, DAY, _DAYS) if is_day else []
    if len(weeks) >= _ENOUGH:
        words = _("median of the {n} weeks before")
        if is_day:
            words = _("median of the same weekday in the {n} weeks before")
        return _usual(facts, weeks, words.format(n=len(weeks)))
    if len(days) >= _ENOUGH:
        return _usual(facts, days, _("median of the {n} days before").format(n=len(days)))
    if days or weeks:
        words = _("the day before") if days else _("the week before")
        return _usual(facts, (days or weeks)[:1], words, single=True)
    return None


def _earlier(facts: ChainFacts, shift: int, most: int) -> list[Sequence[Rollup]]:
    """The hours of the periods so much earlier that are known whole, the newest first."""
    hours, known = facts.hours, facts.known_since
    length = (facts.until - facts.since) // HOUR
    found: list[Sequence[Rollup]] = []
    for number in range(1, most + 1):
        begin = len(hours) - length - number * shift // HOUR
        if known is None or begin < 0 or hours[begin].start < known:
            break
        found.append(hours[begin : begin + length])
    return found


def _usual(
    facts: ChainFacts, periods: Sequence[Sequence[Rollup]], words: str, *, single: bool = False
) -> Usual:
    over = len(hours_over(facts))
    sums = [
        (
            sum(hour.transactions for hour in period[:over]),
            sum(hour.moved for hour in period[:over]),
        )
        for period in periods
    ]
    alike = zip(*(moved_by_bucket(period, bucket_hours(facts)) for period in periods), strict=True)
    return Usual(
        median_low(transactions for transactions, _moved in sums),
        median_low(moved for _transactions, moved in sums),
        tuple(Band(min(moved), median_low(moved), max(moved)) for moved in alike),
        words,
        single,
    )


def percent_off(value: int, usual: int) -> int | None:
    """By how many per cent a value is above the usual, negative below it."""
    return None if usual <= 0 else round((value - usual) * 100 / usual)
