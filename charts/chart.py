"""What a chart is."""

from typing import TYPE_CHECKING, Protocol

from charts.model import Series
from charts.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Chart(Protocol):
    """One kind of picture. It draws any series that its tracks fit, an empty one too."""

    name: str
    summary: str

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """The picture, ready to be saved."""
