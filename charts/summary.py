"""What moved hour by hour, against what is usual for each hour."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from charts.axes import measured
from charts.bars import draw_moved, so_far_keys
from charts.model import Series
from charts.over_time import draw_over_time
from charts.page import Key
from charts.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAND = 0.22  # how solid the band is


class Summary:
    """Four tracks: what moved, and in the periods before the least, the median, the most."""

    name = "summary"
    summary = "how much moved each hour, against the usual"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """Bars before the band of what was, whose median is a line of steps over them."""
        return draw_over_time(series, theme, _keys, _draw)


def _keys(series: Series, theme: Theme) -> list[Key]:
    _, low, middle, _ = series.tracks
    if not _is_known(low.values):
        return so_far_keys(series, theme)
    return [
        *so_far_keys(series, theme),
        Key("━━", theme.second, middle.label),
        Key("■", theme.second, low.label, _BAND),
    ]


def _draw(axes: "Axes", series: Series, theme: Theme) -> None:
    low, middle, high = (measured(t.values, series.values_in) for t in series.tracks[1:])
    edges = series.edges
    known = _is_known(series.tracks[3].values)
    if known:
        axes.stairs(high, edges, baseline=low, fill=True, color=theme.second, alpha=_BAND)
    draw_moved(axes, series, theme)
    if known:
        axes.stairs(middle, edges, baseline=None, color=theme.second, linewidth=4)


def _is_known(values: Sequence[object]) -> bool:
    return any(value is not None for value in values)
