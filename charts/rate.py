"""How many transactions came, seen and on chain."""

from typing import TYPE_CHECKING

from charts.axes import draw_line, measured
from charts.model import Series
from charts.over_time import draw_over_time
from charts.page import Key
from charts.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIGNS = ("━━", "──")
_WIDTHS = (6.0, 3.0)


class Rate:
    """Two tracks: transactions seen, and those on chain."""

    name = "rate"
    summary = "transactions per minute, seen and on chain"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """Two lines, told apart by colour and by width."""
        return draw_over_time(series, theme, _keys, _draw_lines)


def _keys(series: Series, theme: Theme) -> list[Key]:
    return [
        Key(sign, color, track.label)
        for sign, color, track in zip(_SIGNS, _colors(theme), series.tracks, strict=True)
    ]


def _draw_lines(axes: "Axes", series: Series, theme: Theme) -> None:
    for track, color, width in zip(series.tracks, _colors(theme), _WIDTHS, strict=True):
        draw_line(axes, series, measured(track.values, series.values_in), color, width)


def _colors(theme: Theme) -> tuple[str, str]:
    return theme.first, theme.second
