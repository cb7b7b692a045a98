"""From a series to PNG bytes: what the worker process is asked to do."""

from io import BytesIO

from charts.model import Measure, Series
from charts.registry import CHARTS, chart_named
from charts.theme import DARK, THEMES


def render_chart(kind: str, series: Series, theme_name: str) -> bytes:
    """The chart `kind` of `series` as PNG: the same bytes for the same input.

    Raises LookupError where there is no such chart or theme.
    """
    if theme_name not in THEMES:
        raise LookupError(f"There is no theme '{theme_name}', only {', '.join(THEMES)}.")
    figure = chart_named(kind).draw(series, THEMES[theme_name])
    png = BytesIO()
    figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()


def warm_up() -> None:
    """Load what drawing needs, so that the first chart does not take a second longer."""
    empty = Series("Warm up", "", Measure(""), (0, 1), ())
    render_chart(CHARTS[0].name, empty, DARK.name)
