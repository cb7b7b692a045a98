"""Bars as one collection, however many there are."""

from collections.abc import Sequence
from math import isfinite, nan
from typing import TYPE_CHECKING

from charts.axes import measured
from charts.model import Series
from charts.page import Key
from charts.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_APART = 160  # more bars, and the gaps between them would be thinner than a pixel
_GAP = 0.09  # of a bucket, on either side
_SO_FAR = 0.4  # how solid the bar of a bucket is that still runs


def draw_bars(
    axes: "Axes", edges: Sequence[float], values: Sequence[float], color: str, alpha: float = 1
) -> None:
    """Bars from 0 between neighbouring `edges`; a NaN leaves its bar out."""
    if len(values) > _MOST_APART:
        axes.stairs(values, edges, fill=True, color=color, alpha=alpha)
        return
    x: list[float] = []
    y: list[float] = []
    for start, end, value in zip(edges, edges[1:], values, strict=False):
        inset = (end - start) * _GAP
        x += (start + inset, end - inset, end - inset)
        y += (value, value, nan)
    shown = [isfinite(value) for value in y]
    axes.fill_between(x, y, where=shown, color=color, alpha=alpha, linewidth=0)


def so_far_keys(series: Series, theme: Theme) -> list[Key]:
    """The legend of a bucket that still runs, where there is one."""
    return [Key("■", theme.first, series.words.so_far, _SO_FAR)] if series.incomplete else []


def draw_moved(axes: "Axes", series: Series, theme: Theme) -> None:
    """The first track as bars, that of a bucket which still runs pale."""
    values = measured(series.tracks[0].values, series.values_in)
    complete = len(values) - series.incomplete
    draw_bars(axes, series.edges[: complete + 1], values[:complete], theme.first)
    draw_bars(axes, series.edges[complete:], values[complete:], theme.first, _SO_FAR)
