"""How many transactions came, seen and on chain."""

from typing import TYPE_CHECKING

from charts.axes import (
    MOST_BUCKETS,
    context_keys,
    draw_context,
    draw_line,
    measured,
    time_axis,
    value_axis,
)
from charts.buckets import coarser
from charts.model import Series
from charts.page import Key, Page, nothing_yet
from charts.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTHS = (6.0, 3.0)


class Rate:
    """Two tracks: transactions seen, and those on chain."""

    name = "rate"
    summary = "transactions per minute, seen and on chain"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """Two lines, told apart by colour and by width."""
        series = coarser(series, MOST_BUCKETS)
        page = Page(theme)
        page.heading(series)
        if not series.has_data:
            return nothing_yet(page)
        colors = (theme.first, theme.second)
        keys = [
            Key(sign, color, track.label)
            for sign, color, track in zip(("━━", "──"), colors, series.tracks, strict=True)
        ]
        page.legend(series.values_in.unit, [*keys, *context_keys(series, theme)])
        axes = page.axes()
        value_axis(axes, theme, series)
        time_axis(page, axes, series)
        for track, color, width in zip(series.tracks, colors, _WIDTHS, strict=True):
            draw_line(axes, series, measured(track.values, series.values_in), color, width)
        draw_context(page, axes, series)
        return page.figure
