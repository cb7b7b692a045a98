"""What all charts over time are alike in: everything but their keys and what they draw."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from charts.axes import MOST_BUCKETS, context_keys, draw_context, time_axis, value_axis
from charts.buckets import coarser
from charts.model import Series
from charts.page import Key, Page, nothing_yet, pages_of
from charts.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Keys: TypeAlias = Callable[[Series, Theme], Sequence[Key]]
Data: TypeAlias = "Callable[[Axes, Series, Theme], None]"
ValueAxis: TypeAlias = "Callable[[Axes, Theme, Series], None]"


def draw_over_time(
    series: Series, theme: Theme, keys: Keys, data: Data, values: ValueAxis = value_axis
) -> "Figure":
    """A page with a value axis, a time axis and the context; `data` draws between them.

    What is `below` gets the same in a panel of its own.
    """
    panels = list(_panels(series))
    pages = pages_of(theme, len(panels))
    for page, panel in zip(pages, panels, strict=True):
        _fill(page, coarser(panel, MOST_BUCKETS), keys, data, values)
    return pages[0].figure


def _panels(series: Series | None) -> Iterator[Series]:
    while series:
        yield series
        series = series.below


def _fill(page: Page, series: Series, keys: Keys, data: Data, values: ValueAxis) -> None:
    theme = page.theme
    page.heading(series)
    if not series.has_data:
        nothing_yet(page, series.words)
        return
    page.legend(series.values_in.unit, [*keys(series, theme), *context_keys(series, theme)])
    axes = page.axes()
    values(axes, theme, series)
    page.make_room(axes)
    time_axis(page, axes, series)
    data(axes, series, theme)
    draw_context(page, axes, series)
