"""Where the values of a transaction lie among those that are usual."""

from typing import TYPE_CHECKING

from charts.axes import measured
from charts.bars import draw_bars
from charts.model import Series
from charts.page import Page, nothing_yet
from charts.text import FONT
from charts.theme import SMALL, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROOM = 1.75  # above the highest bar, for the words
_LEAST_HEIGHT = 0.02


class Oddity:
    """A track for each reason, in buckets of its own range: how many have as much.

    The edges are places, not amounts. Mark and tick of the same number are the value of that
    reason, with its words, and where the usual lies.
    """

    name = "oddity"
    summary = "where a transaction lies among the usual ones"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """A strip for each reason, one above the other."""
        page = Page(theme)
        page.heading(series)
        if not series.has_data:
            return nothing_yet(page, series.words)
        page.legend(series.values_in.unit, ())
        room = page.axes()
        left, bottom, width, height = room.get_position().bounds
        room.remove()
        share = height / len(series.tracks)
        for place, track in enumerate(series.tracks):
            low = bottom + height - share * (place + 1)
            axes = page.figure.add_axes((left, low, width, share * 0.86), facecolor="none")
            axes.spines[:].set_visible(False)
            axes.spines["bottom"].set(visible=True, color=theme.muted, linewidth=2)
            axes.set_xticks([])
            axes.set_yticks([])
            _draw_strip(axes, series, place, theme)
            axes.set_title(track.label, loc="left", y=0.8, size=SMALL - 2, color=theme.text,
                           family=FONT, parse_math=False)  # fmt: skip
        page.note("each from small to large")
        return page.figure


def _draw_strip(axes: "Axes", series: Series, place: int, theme: Theme) -> None:
    values = measured(series.tracks[place].values, series.values_in)
    top = max([value for value in values if value == value], default=0) or 1.0  # noqa: PLR0124 - NaN
    axes.set_xlim(series.edges[0], series.edges[-1])
    axes.set_ylim(0, top * _ROOM)
    seen = [max(value, top * _LEAST_HEIGHT) if value else value for value in values]
    draw_bars(axes, list(series.edges), seen, theme.first)
    if place < len(series.ticks):
        axes.vlines(series.ticks[place], 0, top * 1.1, color=theme.text, linewidth=4,
                    linestyle=(0, (3.5, 2)))  # fmt: skip
    if place < len(series.marks):
        mark = series.marks[place]
        axes.vlines(mark.at, 0, top * 1.1, color=theme.accent, linewidth=7)
        right = mark.at > (series.edges[0] + series.edges[-1]) / 2
        axes.annotate(
            mark.label, (mark.at, top * 0.8), (-12 if right else 12, 0),
            textcoords="offset points", ha="right" if right else "left",
            size=SMALL - 2, color=theme.accent, family=FONT, weight="bold", parse_math=False,
        )  # fmt: skip
