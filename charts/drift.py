"""How far what comes in is from what was learnt, by features, over days."""

from collections.abc import Sequence
from math import isfinite, log10
from typing import TYPE_CHECKING

from charts.axes import draw_line, measured, plain_axis
from charts.model import Series
from charts.over_time import draw_over_time
from charts.page import Key
from charts.theme import SMALL, Theme
from charts.ticks import compact

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NONE, SHIFTED = 0.1, 0.25
"""The conventions for the population stability index: none below, a shift that matters above."""
_LOWEST = 0.01  # what is less is drawn there: it is chance
_NAMED = 3


class Drift:
    """A track for each feature, the one that shifted most first: its index by days."""

    name = "drift"
    summary = "how far features drifted, over days"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """A line a feature over powers of ten, the first three in colours and named."""
        return draw_over_time(series, theme, _keys, _draw, _axis)


def _colors(theme: Theme) -> tuple[str, ...]:
    return theme.accent, theme.second, theme.first


def _keys(series: Series, theme: Theme) -> list[Key]:
    named = [
        Key("━━", color, track.label)
        for color, track in zip(_colors(theme), series.tracks, strict=False)
    ]
    others = len(series.tracks) - _NAMED
    return [*named, *([Key("━", theme.muted, f"{others} others")] if others > 0 else [])]


def _draw(axes: "Axes", series: Series, theme: Theme) -> None:
    runs = [_clipped(measured(track.values, series.values_in)) for track in series.tracks]
    for values in runs[_NAMED:]:
        draw_line(axes, series, values, theme.muted, 2)
    for values, color in reversed(list(zip(runs, _colors(theme), strict=False))):
        draw_line(axes, series, values, color)
    for level, words in ((NONE, "none below"), (SHIFTED, "a shift above")):
        axes.axhline(level, color=theme.text, linewidth=3, linestyle=(0, (3.5, 2)))
        axes.annotate(
            words, (0, level), (8, 5), xycoords=("axes fraction", "data"),
            textcoords="offset points", size=SMALL - 6, color=theme.text,
        )  # fmt: skip


def _clipped(values: Sequence[float]) -> list[float]:
    return [max(value, _LOWEST) if isfinite(value) else value for value in values]


def _axis(axes: "Axes", theme: Theme, series: Series) -> None:
    """Powers of ten, with the conventions always in sight."""
    values = [value for track in series.tracks for value in track.values if value is not None]
    top = max([1.0, *(value / series.values_in.divisor for value in values)])
    axes.set_yscale("log")
    axes.set_ylim(_LOWEST * 0.9, top * 1.3)
    axes.minorticks_off()
    powers = [10.0**power for power in range(-2, int(log10(top)) + 1)]
    plain_axis(axes, theme, [(at, compact(at)) for at in sorted([*powers, SHIFTED])])
