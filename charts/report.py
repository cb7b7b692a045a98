"""A document of many pages: charts as they are drawn in chats, on white, and tables."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from charts.model import Drawn, Table
from charts.page import LEFT, RIGHT, Page
from charts.registry import chart_named
from charts.theme import LIGHT, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS = 17
ROWS_A_PAGE = 16
_GAP = 28  # pixels between columns


def render_report(title: str, pages: Sequence[Drawn | Table]) -> bytes:
    """The pages as PDF: the same bytes for the same input.

    Raises LookupError where there is no such chart.
    """
    from matplotlib.backends.backend_pdf import PdfPages  # noqa: PLC0415 - takes a second

    data = BytesIO()
    with PdfPages(data, metadata={"Title": title, "CreationDate": None}) as pdf:
        for figure in _figures(pages, LIGHT):
            pdf.savefig(figure)
    return data.getvalue()


def _figures(pages: Iterable[Drawn | Table], theme: Theme) -> Iterator["Figure"]:
    for page in pages:
        if isinstance(page, Drawn):
            yield chart_named(page.chart).draw(page.series, theme)
        else:
            for start in range(0, max(1, len(page.rows)), ROWS_A_PAGE):
                yield draw_table(page, page.rows[start : start + ROWS_A_PAGE], theme)


def draw_table(table: Table, rows: Sequence[Sequence[str]], theme: Theme) -> "Figure":
    """A page with some rows of a table."""
    page = Page(theme)
    page.heading(table)
    page.row([], POINTS)
    columns = _columns([table.headings, *rows])
    page.row(_cells(columns, table.headings), POINTS, weight="bold")
    for row in rows:
        page.row(_cells(columns, row), POINTS)
    if not rows:
        page.row([(LEFT, "left", table.words.no_rows)], POINTS)
    return page.figure


def _columns(rows: Sequence[Sequence[str]]) -> list[float]:
    """Where the columns stand: as wide as their longest words, over the whole page."""
    lengths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    width = (RIGHT - LEFT - _GAP * (len(lengths) - 1)) / sum(lengths)
    ends = [LEFT + width * sum(lengths[: n + 1]) + _GAP * n for n in range(len(lengths))]
    return [LEFT, *ends[1:]]


def _cells(columns: Sequence[float], row: Sequence[str]) -> list[tuple[float, str, str]]:
    sides = ["left", *["right"] * (len(row) - 1)]
    return list(zip(columns, sides, row, strict=True))
