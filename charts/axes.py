"""What charts show alike: their axes, the usual level, marks, blocks and blind times.

Everything is drawn as one collection, however many values there are: one patch a value costs
seconds for a year of them.
"""

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from charts.model import Measure, Series, Value
from charts.page import AXES_RIGHT, LABEL_PAD, Key, Page
from charts.text import FONT
from charts.theme import SMALL, WIDTH, Theme
from charts.ticks import compact, time_ticks, value_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_TICKS = 300  # more would run together
MOST_BUCKETS = 300  # of a line or of bars: more would be noise at this width
_HEADROOM = 0.16  # of the height, for the words of marks
_NAN = float("nan")


def measured(values: Sequence[Value], measure: Measure) -> list[float]:
    """Values as they are drawn: in units, NaN where unknown."""
    return [_NAN if value is None else value / measure.divisor for value in values]


def highest(series: Series) -> float:
    """The highest drawn value of a series in units, 1 where all are zero."""
    values = [value for track in series.tracks for value in track.values if value is not None]
    if series.usual is not None:
        values.append(series.usual.value)
    return max(values, default=0) / series.values_in.divisor or 1.0


def middles(series: Series) -> list[float]:
    """Where on the x axis the values of lines stand: in the middle of their buckets."""
    return [(a + b) / 2 for a, b in zip(series.edges, series.edges[1:], strict=False)]


def value_axis(axes: "Axes", theme: Theme, series: Series, *, whole: bool = False) -> None:
    """The y axis from 0 to a little above all values; `whole`: they count things."""
    top = highest(series)
    axes.set_ylim(0, top * (1 + _HEADROOM if series.marks else 1.06))
    ticks = value_ticks(top * 1.06, whole=whole)
    plain_axis(axes, theme, [(tick, compact(tick, series.words)) for tick in ticks])


def plain_axis(axes: "Axes", theme: Theme, ticks: Sequence[tuple[float, str]]) -> None:
    """A y axis with these ticks, as all charts have it."""
    axes.set_yticks([at for at, _ in ticks], [label for _, label in ticks])
    axes.grid(visible=True, axis="y", color=theme.grid, linewidth=2)
    axes.tick_params(
        length=0, pad=LABEL_PAD, labelsize=SMALL, labelcolor=theme.muted, labelfontfamily=FONT
    )
    axes.spines["bottom"].set(visible=True, color=theme.muted, linewidth=2)


def time_axis(page: Page, axes: "Axes", series: Series) -> None:
    """The x axis in the chat's time zone, which is named."""
    start, end = series.edges[0], series.edges[-1]
    ticks = time_ticks(start, end, ZoneInfo(series.timezone), words=series.words)
    axes.set_xlim(start, end)
    shown = page.that_fit(axes, ticks)
    axes.set_xticks([at for at, _ in shown], [label for _, label in shown])
    page.note(series.words.times_in.format(zone=series.timezone.replace("_", " ")))


def draw_line(
    axes: "Axes", series: Series, values: Sequence[float], color: str, width: float = 6
) -> None:
    """A line through the middles of the buckets; a value without neighbours is a dot."""
    x = middles(series)
    axes.plot(x, values, color=color, linewidth=width, solid_joinstyle="round")
    around = [_NAN, *values, _NAN]
    alone = [
        (at, value)
        for at, before, value, after in zip(x, around, values, around[2:], strict=False)
        if isfinite(value) and not isfinite(before) and not isfinite(after)
    ]
    axes.scatter([at for at, _ in alone], [value for _, value in alone], s=120, color=color)


def draw_context(page: Page, axes: "Axes", series: Series) -> None:
    """Blind times, the usual level, blocks and marks: what is not the data itself."""
    theme = page.theme
    start, end = series.edges[0], series.edges[-1]
    blind = [(max(a, start), min(b, end)) for a, b in series.gaps if a < end and b > start]
    least = (end - start) / 250
    axes.broken_barh(
        [(a, max(b - a, least)) for a, b in blind], (0, 1),
        transform=axes.get_xaxis_transform(), facecolor=theme.grid, edgecolor=theme.muted,
        hatch="//", linewidth=0, zorder=0.5,
    )  # fmt: skip
    if series.usual is not None:
        level = series.usual.value / series.values_in.divisor
        axes.axhline(level, color=theme.text, linewidth=3.5, linestyle=(0, (3.5, 2)))
    if len(series.ticks) <= _MOST_TICKS:
        axes.vlines(
            series.ticks, 0, 0.035, transform=axes.get_xaxis_transform(), color=theme.text,
            linewidth=2.5,
        )  # fmt: skip
    draw_marks(page, axes, [(mark.at, mark.label) for mark in series.marks])


def context_keys(series: Series, theme: Theme) -> list[Key]:
    """The legend of what `draw_context` draws; marks carry their own words."""
    start, end = series.edges[0], series.edges[-1]
    keys = []
    if series.usual is not None:
        keys.append(Key("╺╸╺╸", theme.text, series.usual.label))
    if 0 < len(series.ticks) <= _MOST_TICKS:
        keys.append(Key("|", theme.text, series.words.blocks))
    if any(a < end and b > start for a, b in series.gaps):
        keys.append(Key("▨", theme.muted, series.words.blind))
    return keys


def draw_marks(page: Page, axes: "Axes", marks: Sequence[tuple[float, str]]) -> None:
    """Dotted lines at places of the x axis, with their words where there is room for them."""
    low, high = axes.get_xlim()
    taken = float(axes.get_window_extent().x0)
    for at, label in sorted(mark for mark in marks if low <= mark[0] <= high):
        axes.axvline(at, color=page.theme.accent, linewidth=3.5, linestyle=(0, (1, 1.2)))
        taken = _label_mark(page, axes, at, label, taken)


def _label_mark(page: Page, axes: "Axes", at: float, label: str, taken: float) -> float:
    """Write a label beside its line unless it would touch another; where the taken room ends."""
    x = float(axes.transData.transform((at, 0))[0])
    y = page.height * (1 - axes.get_position().y1) + 4
    background = {"facecolor": page.theme.background, "linewidth": 0, "pad": 3}
    text = page.text(x + 12, y, label, SMALL, page.theme.accent, weight="bold", bbox=background)
    if page.extent(text)[1] > AXES_RIGHT:
        text.set(x=(x - 12) / WIDTH, ha="right")
    left, right = page.extent(text)
    if left < taken:
        text.remove()
        return max(taken, x)
    return max(right, x) + 12
