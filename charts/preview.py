"""What a rule looks at, where its level is, and where it would have told."""

from collections.abc import Sequence
from math import ceil, floor, log10, nan
from typing import TYPE_CHECKING

from charts.axes import draw_line, measured, middles, plain_axis
from charts.model import Series
from charts.over_time import draw_over_time
from charts.page import Key
from charts.theme import Theme
from charts.ticks import compact, value_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROOM = 0.08  # of the height, above and below what is drawn
_FLAT = 0.5  # what never falls below this share of its top is not drawn from 0
_MOST_DECADES = 6
_TOLD, _OTHER = 170, 60  # square points


class Crossings:
    """Two tracks: a value as it went, and where it would have been told; `usual` is the level."""

    name = "crossings"
    summary = "a value that crosses a level, over time"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """A line on an axis that shows its ups and downs, with a dot where it was told."""
        return draw_over_time(series, theme, _line_keys, _draw_crossings, _near_axis)


class Peaks:
    """Two tracks: the largest of each bucket, and those told; `usual` is the threshold."""

    name = "peaks"
    summary = "single large values, over time"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """Dots over powers of ten, those told larger and in another colour."""
        return draw_over_time(series, theme, _dot_keys, _draw_peaks, _power_axis)


def _line_keys(series: Series, theme: Theme) -> list[Key]:
    return [Key("━━", theme.first, series.tracks[0].label), _told_key(series, theme)]


def _dot_keys(series: Series, theme: Theme) -> list[Key]:
    return [Key("•", theme.first, series.tracks[0].label), _told_key(series, theme)]


def _told_key(series: Series, theme: Theme) -> Key:
    return Key("●", theme.accent, series.tracks[1].label)


def _draw_crossings(axes: "Axes", series: Series, theme: Theme) -> None:
    values, told = (measured(track.values, series.values_in) for track in series.tracks)
    draw_line(axes, series, values, theme.first)
    _dots(axes, series, told, _TOLD, theme.accent)


def _draw_peaks(axes: "Axes", series: Series, theme: Theme) -> None:
    values, told = (measured(track.values, series.values_in) for track in series.tracks)
    _dots(axes, series, values, _OTHER, theme.first)
    _dots(axes, series, told, _TOLD, theme.accent)


def _dots(axes: "Axes", series: Series, values: Sequence[float], size: float, color: str) -> None:
    """Dots of so many square points, whole at the edges; what is below the axis is left out."""
    lowest = axes.get_ylim()[0]
    shown = [value if value >= lowest else nan for value in values]
    axes.scatter(middles(series), shown, s=size, color=color, linewidth=0, zorder=3, clip_on=False)


def _drawn(series: Series) -> list[float]:
    values = [value for track in series.tracks for value in track.values if value is not None]
    if series.usual is not None:
        values.append(series.usual.value)
    return [value / series.values_in.divisor for value in values]


def _near_axis(axes: "Axes", theme: Theme, series: Series) -> None:
    """From a little below all values, or from 0 where they come near it."""
    values = _drawn(series)
    low, high = min(values), max(values)
    if low < high * _FLAT or low == high:
        low = 0
    room = (high - low) * _ROOM or 1.0
    low, high = (low - room if low else 0.0), high + room
    step = value_ticks(high - low)[1]
    ticks = [step * place for place in range(ceil(low / step), floor(high / step) + 1)]
    axes.set_ylim(low, high)
    plain_axis(axes, theme, [(tick, compact(tick, series.words)) for tick in ticks])


def _power_axis(axes: "Axes", theme: Theme, series: Series) -> None:
    """Powers of ten, from that below the smallest value on: at most so many."""
    values = [value for value in _drawn(series) if value > 0] or [1.0]
    high = log10(max(values))
    low = max(log10(min(values)), high - _MOST_DECADES)
    room = max((high - low) * _ROOM, 0.1)
    axes.set_yscale("log")
    axes.set_ylim(10 ** (low - room), 10 ** (high + room))
    axes.minorticks_off()
    plain_axis(
        axes, theme, [(tick, compact(tick, series.words)) for tick in _round_ticks(low, high, room)]
    )


def _round_ticks(low: float, high: float, room: float) -> list[float]:
    """Powers of ten; 2 and 5 times them, too, where there would be few."""
    powers = range(floor(low - room), ceil(high + room) + 1)
    firsts: Sequence[int] = (1,) if high - low > 2 else (1, 2, 5)
    ticks = [first * 10.0**power for power in powers for first in firsts]
    return [tick for tick in ticks if low - room <= log10(tick) <= high + room]
