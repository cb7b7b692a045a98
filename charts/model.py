"""What a chart shows: one shape of values for all kinds of charts.

The x axis is cut into buckets by `edges`, the values of every track belong to the buckets, and
marks and gaps stand on the same axis. Values stay integers in base units up to the moment they
are drawn: a `Measure` says what to divide them by.
"""

from typing import TypeAlias

from msgspec import Struct

Value: TypeAlias = int | float | None


class Words(Struct, frozen=True):
    """What pictures say by themselves, and how they write numbers and dates: English as it stands.

    `it_fills` says below `no_data` how there will be some. `thousands` and what follows are
    templates for `{n}`, of thousands up to trillions.
    """

    blocks: str = "blocks"
    blind: str = "blind"
    so_far: str = "so far"
    band: str = "{low} to {high}"
    times_in: str = "times in {zone}"
    no_data: str = "No data yet"
    it_fills: str = "It fills as transactions come in."
    no_rows: str = "None."
    decimal: str = "."
    thousands: str = "{n}k"
    millions: str = "{n}M"
    billions: str = "{n}B"
    trillions: str = "{n}T"
    day: str = "{day} {month}"
    months: tuple[str, ...] = (
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    )  # fmt: skip


ENGLISH = Words()


class Measure(Struct, frozen=True):
    """What the numbers of an axis count: `divisor` of them make one `unit`.

    Satoshi shown as bitcoin: `Measure("BTC per hour", 100_000_000)`; transactions of a quarter
    of an hour shown per minute: `Measure("transactions per minute", 15)`.
    """

    unit: str
    divisor: int = 1


class Track(Struct, frozen=True):
    """One run of values, one for each bucket; None where nothing is known."""

    label: str
    values: tuple[Value, ...]


class Level(Struct, frozen=True):
    """A height worth comparing with, in the numbers of the tracks: the usual."""

    label: str
    value: int | float


class Mark(Struct, frozen=True):
    """A point on the x axis worth a word: an alert, a reorg, a threshold."""

    at: int
    label: str


class Series(Struct, frozen=True):
    """What one chart shows; which tracks it expects stands at the chart.

    `title` is the verdict, `subtitle` says period and source. `edges` are one more than the
    buckets, ascending: Unix seconds (`edges_in` is None; shown in `timezone`), or numbers
    measured by `edges_in`. `incomplete`: the last bucket still runs. `ticks` are moments too
    many for words (blocks), `gaps` the times (start, end) in which nothing was received.
    `below` has a panel of its own below this one: the same of another chain.
    """

    title: str
    subtitle: str
    values_in: Measure
    edges: tuple[int, ...]
    tracks: tuple[Track, ...]
    edges_in: Measure | None = None
    timezone: str = "UTC"
    incomplete: bool = False
    usual: Level | None = None
    marks: tuple[Mark, ...] = ()
    ticks: tuple[int, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    words: Words = ENGLISH
    below: "Series | None" = None

    def __post_init__(self) -> None:
        """Refuse tracks that do not fit the buckets: a picture would not show it."""
        buckets = max(0, len(self.edges) - 1)
        for track in self.tracks:
            if len(track.values) != buckets:
                raise ValueError(
                    f"'{track.label}' has {len(track.values)} values for {buckets} buckets."
                )

    @property
    def has_data(self) -> bool:
        """Whether any value is known."""
        return any(value is not None for track in self.tracks for value in track.values)


class Table(Struct, frozen=True):
    """Rows of words under headings; the first column to the left, the others to the right."""

    title: str
    subtitle: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: Words = ENGLISH


class Drawn(Struct, frozen=True):
    """A series as the chart of that name shows it."""

    chart: str
    series: Series
