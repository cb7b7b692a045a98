"""What a place in a block cost."""

from typing import TYPE_CHECKING

from charts.axes import (
    MOST_BUCKETS,
    context_keys,
    draw_context,
    draw_line,
    measured,
    middles,
    time_axis,
    value_axis,
)
from charts.buckets import coarser
from charts.model import Series
from charts.page import Key, Page, nothing_yet
from charts.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


_BAND = 0.32  # how solid the band is


class Fees:
    """Three tracks of fee rates: the low end (p10), the median, the high end (p90)."""

    name = "fees"
    summary = "fee rates, over time"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """The median as a line in the band of what most paid; blocks as small lines below."""
        series = coarser(series, MOST_BUCKETS)
        page = Page(theme)
        page.heading(series)
        if not series.has_data:
            return nothing_yet(page)
        low, median, high = series.tracks
        keys = [
            Key("━━", theme.first, median.label),
            Key("■", theme.first, f"{low.label} to {high.label}", _BAND),
        ]
        page.legend(series.values_in.unit, [*keys, *context_keys(series, theme)])
        axes = page.axes()
        value_axis(axes, theme, series)
        time_axis(page, axes, series)
        bottom, top = (measured(track.values, series.values_in) for track in (low, high))
        axes.fill_between(middles(series), bottom, top, color=theme.first, alpha=_BAND, linewidth=0)
        draw_line(axes, series, measured(median.values, series.values_in), theme.first)
        draw_context(page, axes, series)
        return page.figure
