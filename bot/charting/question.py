"""What is asked of a chart, and what comes of it."""

from msgspec import Struct

from charts.model import Series
from storage.model import Chat
from storage.statistics import Window, window_of
from watchers.model import Chain


class Question(Struct, frozen=True):
    """A chart that was asked for: its chain, its period in seconds, and by whom."""

    chain: Chain
    period: int
    chat: Chat
    now: int

    @property
    def window(self) -> Window:
        """The period in whole spans."""
        return window_of(self.now, self.period)


class Reading(Struct, frozen=True):
    """A chart's series, and what is worth a line below it."""

    series: Series
    lines: tuple[str, ...] = ()
