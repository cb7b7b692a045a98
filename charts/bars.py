"""Bars as one collection, however many there are."""

from collections.abc import Sequence
from math import isfinite, nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_APART = 160  # more bars, and the gaps between them would be thinner than a pixel
_MOST = 1000  # there are no more pixels
_GAP = 0.09  # of a bucket, on either side


def draw_bars(
    axes: "Axes", edges: Sequence[float], values: Sequence[float], color: str, alpha: float = 1
) -> None:
    """Bars from 0 between neighbouring `edges`; a NaN leaves its bar out."""
    if len(values) > _MOST_APART:
        edges, values = _merged(edges, values)
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


def _merged(
    edges: Sequence[float], values: Sequence[float]
) -> tuple[Sequence[float], Sequence[float]]:
    """As many buckets as there are pixels, each as high as the highest of its own."""
    count = -(-len(values) // _MOST)
    if count == 1:
        return edges, values
    starts = range(0, len(values), count)
    highest = [max(values[at : at + count], key=lambda v: (isfinite(v), v)) for at in starts]
    return [*(edges[at] for at in starts), edges[-1]], highest
