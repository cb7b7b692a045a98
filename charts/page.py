"""The picture around the data: heading, legend, and the room that is left for the axes.

Margins are computed from the text, which is faster than matplotlib's layout engines and the
same for the same input. Places are in pixels from the left and from the top.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from charts.model import Series, Table, Words
from charts.text import FONT, drawable, shortened, wrapped
from charts.theme import DPI, HEIGHT, PANEL, SMALL, TEXT, TITLE, WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.text import Text

LEFT, RIGHT, TOP, FOOT = 40, WIDTH - 40, 34, 118
AXES_LEFT, AXES_RIGHT = 132, WIDTH - 66
_RIM = 16  # pixels that stay free beside the words of an axis
LABEL_PAD = 12  # points
_LINE_HEIGHT = 1.3 * DPI / 72  # pixels per point


class Key(Struct, frozen=True):
    """One entry of the legend: a sign in the colour of what it stands for, and words."""

    sign: str
    color: str
    label: str
    alpha: float = 1


def new_figure(theme: Theme, height: int) -> "Figure":
    """An empty picture, so many pixels high."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - takes a second, charts are rare

    return Figure((WIDTH / DPI, height / DPI), DPI, facecolor=theme.background)


class Page:
    """A picture that is filled from the top: heading first, then legend, then the axes.

    `room`: a part of one, `PANEL` pixels high.
    """

    def __init__(self, theme: Theme, room: "SubFigure | None" = None) -> None:
        self.theme = theme
        self.figure: Figure = room.figure if room else new_figure(theme, HEIGHT)
        self.height = PANEL if room else HEIGHT
        self._room = room or self.figure
        self._y = float(TOP)

    def text(self, x: float, y: float, words: str, points: int, color: str, **style: Any) -> "Text":
        """Write a line whose left top is at (x, y); `style` says otherwise."""
        place = x / WIDTH, 1 - y / self.height
        style = {"va": "top", "family": FONT, "parse_math": False, **style}
        return self._room.text(*place, drawable(words), size=points, color=color, **style)

    def extent(self, text: "Text") -> tuple[float, float]:
        """From where to where a text reaches, in pixels from the left."""
        box = text.get_window_extent()
        return box.x0, box.x1

    def heading(self, about: Series | Table) -> None:
        """The verdict, and below it what it is about."""
        self._paragraph(about.title, TITLE, self.theme.text, weight="bold")
        self._y += 4
        self._paragraph(about.subtitle, TEXT, self.theme.muted)

    def row(self, cells: Sequence[tuple[float, str, str]], points: int, **style: Any) -> None:
        """A line of words, each at a place from the left and aligned there."""
        for x, alignment, words in cells:
            self.text(x, self._y, words, points, self.theme.text, ha=alignment, **style)
        self._y += points * _LINE_HEIGHT * 1.25

    def legend(self, unit: str, keys: Sequence[Key]) -> None:
        """What the values count, then what is what, in as many rows as it takes."""
        self._y += 16
        x = float(LEFT)
        for key in (Key("", self.theme.text, unit), *keys):
            x = self._entry(x, key)
        self._y += SMALL * _LINE_HEIGHT + 22

    def axes(self, left: float = AXES_LEFT) -> "Axes":
        """Axes in the room that is left, without any decoration."""
        axes = self._room.add_axes(self._place(left), facecolor="none")
        axes.spines[:].set_visible(False)
        axes.set_axisbelow(True)
        return axes

    def make_room(self, axes: "Axes") -> None:
        """Let axes begin where the words beside them have room: `10 Tsd.` takes more than `10k`."""
        widest = self.widest([label.get_text() for label in axes.get_yticklabels()], SMALL)
        axes.set_position(self._place(max(AXES_LEFT, _RIM + widest + LABEL_PAD * DPI / 72)))

    def that_fit(self, axes: "Axes", ticks: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
        """The ticks of the x axis whose words, which stand below their middle, are not cut off."""
        with self._ruler(SMALL) as width:
            halves = [width(label) / 2 for _, label in ticks]
        places = [float(axes.transData.transform((at, 0))[0]) for at, _ in ticks]
        return [
            tick
            for tick, x, half in zip(ticks, places, halves, strict=True)
            if x - half >= _RIM and x + half <= WIDTH - _RIM
        ]

    def widest(self, texts: Iterable[str], points: int) -> float:
        """How wide the widest of some texts is, in pixels."""
        with self._ruler(points) as width:
            return max(map(width, texts), default=0.0)

    def _place(self, left: float) -> tuple[float, float, float, float]:
        width, height = AXES_RIGHT - left, self.height - FOOT - self._y
        return left / WIDTH, FOOT / self.height, width / WIDTH, height / self.height

    def note(self, words: str) -> None:
        """What the x axis is, in the last line."""
        self.text(AXES_RIGHT, self.height - 52, words, SMALL - 3, self.theme.muted, ha="right")

    def _paragraph(self, words: str, points: int, color: str, **style: Any) -> None:
        with self._ruler(points, **style) as width:
            lines = wrapped(drawable(words), RIGHT - LEFT, 2, width)
        for line in lines:
            self.text(LEFT, self._y, line, points, color, **style)
            self._y += points * _LINE_HEIGHT

    def centered(self, y: float, words: str, points: int, color: str) -> None:
        """Write some words in the middle, from `y` on, in at most three lines."""
        with self._ruler(points) as width:
            lines = wrapped(drawable(words), RIGHT - LEFT, 3, width)
        for number, line in enumerate(lines):
            place = y + number * points * _LINE_HEIGHT
            self.text(WIDTH / 2, place, line, points, color, ha="center")

    def _entry(self, x: float, key: Key) -> float:
        """Write a sign and its label at `x`, or in a new row; where the next one begins."""
        with self._ruler(SMALL) as width:
            indent = width(key.sign) + 14 if key.sign else 0
            label = shortened(drawable(key.label), RIGHT - LEFT - indent, width)
            end = x + indent + width(label)
        if end > RIGHT and x > LEFT:
            self._y += SMALL * _LINE_HEIGHT
            x, end = LEFT, LEFT + end - x
        self.text(x, self._y, key.sign, SMALL, key.color, alpha=key.alpha)
        color = self.theme.muted if key.sign else key.color
        self.text(x + indent, self._y, label, SMALL, color)
        return end + 32

    @contextmanager
    def _ruler(self, points: int, **style: Any) -> Iterator[Callable[[str], float]]:
        """A function that says how wide a text is, in pixels."""
        probe = self.text(0, 0, "", points, self.theme.text, **style)

        def width(words: str) -> float:
            probe.set_text(words)
            left, right = self.extent(probe)
            return right - left

        yield width
        probe.remove()


def pages_of(theme: Theme, count: int) -> list[Page]:
    """A page; of several each has a part of one picture, one below the other."""
    if count == 1:
        return [Page(theme)]
    figure = new_figure(theme, PANEL * count)
    rooms = figure.subfigures(count, squeeze=False, hspace=0)[:, 0]
    return [Page(theme, room) for room in rooms]


def nothing_yet(page: Page, words: Words) -> "Figure":
    """The page with a calm sea instead of empty axes."""
    from numpy import linspace, sin  # noqa: PLC0415 - comes with matplotlib, as late

    theme, middle = page.theme, WIDTH / 2
    page.text(middle, 400, words.no_data, TITLE, theme.text, ha="center", weight="bold")
    page.centered(470, words.it_fills, TEXT, theme.muted)
    axes = page.figure.add_axes((0, 0, 1, 1), facecolor="none")
    axes.set_axis_off()
    axes.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    x = linspace(0, WIDTH, 300)
    for depth in range(4):
        y = 250 - 62 * depth + (14 + 4 * depth) * sin(x / (70 + 16 * depth) + 1.7 * depth)
        axes.plot(x, y, color=theme.grid if depth else theme.first, linewidth=5)
    return page.figure
