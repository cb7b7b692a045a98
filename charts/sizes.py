"""How large the transactions were."""

from collections.abc import Sequence
from math import ceil, floor, inf, log10, nan
from typing import TYPE_CHECKING

from charts.axes import draw_marks, highest, measured, value_axis
from charts.bars import draw_bars
from charts.model import Measure, Series, Words
from charts.page import AXES_LEFT, AXES_RIGHT, Page, nothing_yet
from charts.text import FONT
from charts.theme import SMALL, WIDTH, Theme
from charts.ticks import compact

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LABEL = SMALL - 4  # points
_BETWEEN = 8  # pixels, from the number of one bar to that of the next
_WIDE_LEFT = WIDTH - AXES_RIGHT  # of axes that have no labels beside them
_MOST_TICKS = 7
_ROOM_FOR_MARKS = 1.3  # above the highest bar and its number
_LEAST_HEIGHT = 0.012  # of the highest bar: what is rare and large must be seen


class Sizes:
    """One track: how many transactions each range of amounts holds.

    The `edges` are amounts, measured by `edges_in`; a mark is a threshold.
    """

    name = "sizes"
    summary = "how large the transactions are"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """Bars over powers of ten, those from the first threshold on in another colour."""
        page = Page(theme)
        page.heading(series)
        if not series.has_data:
            return nothing_yet(page, series.words)
        page.legend(series.values_in.unit, ())
        amounts = series.edges_in or Measure("")
        edges = _powers(series.edges, amounts)
        marks = _powers([mark.at for mark in series.marks], amounts)
        values = measured(series.tracks[0].values, series.values_in)
        labelled = _have_room(page, values, series.words)
        axes = page.axes(_WIDE_LEFT if labelled else AXES_LEFT)
        value_axis(axes, theme, series, whole=True)
        if marks:
            axes.set_ylim(0, highest(series) * _ROOM_FOR_MARKS)
        _amount_axis(axes, [*edges, *marks], series.words)
        page.note(amounts.unit)
        if labelled:
            axes.set_yticks([])
            _label_bars(axes, theme, edges, values, series.words)
        else:
            page.make_room(axes)
        _draw_by_threshold(
            axes, theme, edges, _visible(values, highest(series)), min(marks, default=inf)
        )
        draw_marks(page, axes, list(zip(marks, (mark.label for mark in series.marks), strict=True)))
        return page.figure


def _have_room(page: Page, values: Sequence[float], words: Words) -> bool:
    """Whether each bar can have its number above it, beside those of the others."""
    labels = [compact(value, words) for value in values if value > 0]
    return page.widest(labels, _LABEL) + _BETWEEN <= (AXES_RIGHT - _WIDE_LEFT) / len(values)


def _powers(amounts: Sequence[int], measure: Measure) -> list[float]:
    """Amounts as powers of ten of a unit; less than one base unit counts as one."""
    return [log10(max(amount, 1) / measure.divisor) for amount in amounts]


def _visible(values: Sequence[float], top: float) -> list[float]:
    return [max(value, top * _LEAST_HEIGHT) if value else value for value in values]


def _amount_axis(axes: "Axes", powers: Sequence[float], words: Words) -> None:
    low, high = min(powers), max(powers)
    axes.set_xlim(low, high + 0.02 * (high - low))
    step = 1 + int(high - low) // _MOST_TICKS
    ticks = [power for power in range(ceil(low), floor(high) + 1) if power % step == 0]
    axes.set_xticks(ticks, [_power_label(power, words) for power in ticks])


def _power_label(power: int, words: Words) -> str:
    """A power of ten in words that fit below a bar."""
    if power >= -4:
        return compact(10.0**power, words)
    return "10⁻" + str(-power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _label_bars(
    axes: "Axes", theme: Theme, edges: Sequence[float], values: Sequence[float], words: Words
) -> None:
    for start, end, value in zip(edges, edges[1:], values, strict=False):
        if value > 0:
            axes.annotate(
                compact(value, words), ((start + end) / 2, value), (0, 6),
                textcoords="offset points", ha="center", size=_LABEL, color=theme.text,
                family=FONT,
            )  # fmt: skip


def _draw_by_threshold(
    axes: "Axes", theme: Theme, edges: Sequence[float], values: Sequence[float], threshold: float
) -> None:
    below = [
        value if start < threshold else nan for start, value in zip(edges, values, strict=False)
    ]
    above = [
        value if start >= threshold else nan for start, value in zip(edges, values, strict=False)
    ]
    draw_bars(axes, edges, below, theme.first)
    draw_bars(axes, edges, above, theme.accent)
