"""The charts there are. Importing this costs nothing: matplotlib comes with the first drawing."""

from charts.chart import Chart
from charts.drift import Drift
from charts.fees import Fees
from charts.oddity import Oddity
from charts.preview import Crossings, Peaks
from charts.rate import Rate
from charts.sizes import Sizes
from charts.summary import Summary
from charts.volume import Volume

CHARTS: tuple[Chart, ...] = (
    Volume(),
    Rate(),
    Fees(),
    Sizes(),
    Summary(),
    Crossings(),
    Peaks(),
    Drift(),
    Oddity(),
)


def chart_named(name: str) -> Chart:
    """The chart of that name; raises LookupError where there is none."""
    for chart in CHARTS:
        if chart.name == name:
            return chart
    raise LookupError(f"There is no chart '{name}', only {', '.join(c.name for c in CHARTS)}.")
