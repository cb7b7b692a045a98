"""Bars as one collection, however many there are."""

from collections.abc import Sequence
from math import isfinite, nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_APART = 160  # more bars, and the gaps between them would be thinner than a pixel
_GAP = 0.09  # of a bucket, on either side


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
