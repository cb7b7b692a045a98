"""How much moved, bucket by bucket."""

from typing import TYPE_CHECKING

from charts.bars import draw_moved, so_far_keys
from charts.model import Series
from charts.over_time import draw_over_time
from charts.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Volume:
    """One track: the amount moved in each bucket; `usual` is the median of its like."""

    name = "volume"
    summary = "how much moved, over time"

    def draw(self, series: Series, theme: Theme) -> "Figure":
        """Bars from zero, the running bucket pale, the usual level dashed."""
        return draw_over_time(series, theme, so_far_keys, draw_moved)
