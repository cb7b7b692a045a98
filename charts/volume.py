"""How much moved, bucket by bucket."""

from typing import TYPE_CHECKING

from charts.axes import measured
from charts.bars import draw_bars
from charts.model import Series
from charts.over_time import draw_over_time
from charts.page import Key
from charts.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SO_FAR = 0.4  # how solid the bar of a bucket is that still runs


class Volume:
    """One track: the amount moved in each bucket; `usual` is the median of its like."""

    name = "volume"
    summary = "how much moved, over time"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """Bars from zero, the running bucket pale, the usual level dashed."""
        return draw_over_time(series, theme, _keys, _draw_bars)


def _keys(series: Series, theme: Theme) -> list[Key]:
    return [Key("■", theme.first, series.words.so_far, _SO_FAR)] if series.incomplete else []


def _draw_bars(axes: "Axes", series: Series, theme: Theme) -> None:
    values = measured(series.tracks[0].values, series.values_in)
    complete = len(values) - series.incomplete
    draw_bars(axes, series.edges[: complete + 1], values[:complete], theme.first)
    draw_bars(axes, series.edges[complete:], values[complete:], theme.first, _SO_FAR)
