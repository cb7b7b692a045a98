"""What a place in a block cost."""

from typing import TYPE_CHECKING

from charts.axes import draw_line, measured, middles
from charts.model import Series
from charts.over_time import draw_over_time
from charts.page import Key
from charts.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_BAND = 0.32  # how solid the band is


class Fees:
    """Three tracks of fee rates: the low end (p10), the median, the high end (p90)."""

    name = "fees"
    summary = "fee rates, over time"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """The median as a line in the band of what most paid; blocks as small lines below."""
        return draw_over_time(series, theme, _keys, _draw_median_in_band)


def _keys(series: Series, theme: Theme) -> list[Key]:
    low, median, high = series.tracks
    band = series.words.band.format(low=low.label, high=high.label)
    return [
        Key("━━", theme.first, median.label),
        Key("■", theme.first, band, _BAND),
    ]


def _draw_median_in_band(axes: "Axes", series: Series, theme: Theme) -> None:
    low, median, high = (measured(track.values, series.values_in) for track in series.tracks)
    axes.fill_between(middles(series), low, high, color=theme.first, alpha=_BAND, linewidth=0)
    draw_line(axes, series, median, theme.first)
