"""`/chart KIND [period]`: a picture of a period, with its verdict in words."""

from bot.charting.chart_readings import KINDS, Question, Reading
from bot.commands.command import Call, Parameter, Type
from bot.desk import Desk
from bot.language import marked
from bot.wording.periods import DAY, period_buttons, typed_period
from bot.wording.words import bold, say
from charts.registry import CHARTS
from charts.theme import DARK
from storage.model import Button, Message, Picture

_SIGNS = {"volume": "📊", "rate": "📈", "fees": "⛽", "sizes": "🐋"}


class ChartOf:
    """Volume, rate, fees or sizes over a period."""

    name = "chart"
    summary = marked("A picture of the last hours, days or weeks")
    parameters = (
        Parameter(
            "kind",
            Type.CHOICE,
            marked("What to draw"),
            choices=tuple(chart.name for chart in CHARTS if chart.name in KINDS),
        ),
        Parameter("period", Type.PERIOD, marked("How far back: 1h, 24h, 7d, 30d"), required=False),
    )
    examples = ("/chart volume", "/chart rate 1h", "/chart fees 7d", "/chart sizes 30d")
    changes = False
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        kind: str = call.arguments["kind"]
        period: int = call.arguments.get("period", DAY)
        chain = next(iter(desk.chains.values()))
        reading = await KINDS[kind](desk, Question(chain, period, call.chat, call.now))
        png = await desk.draw(kind, reading.series, DARK.name)
        return _format(kind, period, reading, png)


def _format(kind: str, period: int, reading: Reading, png: bytes) -> Message:
    series = reading.series
    return Message(
        say(bold(series.title)),
        (say(series.subtitle), *map(say, reading.lines)),
        (
            chart_buttons(typed_period(period), but=kind, replaces=True),
            period_buttons(f"/chart {kind}", period, refresh="🔄 Refresh"),
        ),
        Picture(png, f"{kind}: {series.title} ({series.subtitle})"),
    )


def chart_buttons(typed: str, but: str = "", *, replaces: bool = False) -> tuple[Button, ...]:
    """A button for each kind of chart over a period."""
    return tuple(
        Button(f"{_SIGNS.get(kind, '')} {kind.capitalize()}".strip(), f"/chart {kind} {typed}",
               replaces=replaces)
        for kind in KINDS
        if kind != but
    )  # fmt: skip
