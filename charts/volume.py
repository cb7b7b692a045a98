"""How much moved, bucket by bucket."""

from typing import TYPE_CHECKING

from charts.axes import MOST_BUCKETS, context_keys, draw_context, measured, time_axis, value_axis
from charts.bars import draw_bars
from charts.buckets import coarser
from charts.model import Series
from charts.page import Key, Page, nothing_yet
from charts.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SO_FAR = 0.4  # how solid the bar of a bucket is that still runs


class Volume:
    """One track: the amount moved in each bucket; `usual` is the median of its like."""

    name = "volume"
    summary = "how much moved, over time"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """Bars from zero, the running bucket pale, the usual level dashed."""
        series = coarser(series, MOST_BUCKETS)
        page = Page(theme)
        page.heading(series)
        if not series.has_data:
            return nothing_yet(page)
        keys = [Key("■", theme.first, "so far", _SO_FAR)] if series.incomplete else []
        page.legend(series.values_in.unit, [*keys, *context_keys(series, theme)])
        axes = page.axes()
        value_axis(axes, theme, series)
        time_axis(page, axes, series)
        values = measured(series.tracks[0].values, series.values_in)
        complete = len(values) - series.incomplete
        draw_bars(axes, series.edges[: complete + 1], values[:complete], theme.first)
        draw_bars(axes, series.edges[complete:], values[complete:], theme.first, _SO_FAR)
        draw_context(page, axes, series)
        return page.figure
