"""`/chart KIND [chain] [period]`: a picture of a period, with its verdict in words."""

from bot.charting.chart_readings import KINDS
from bot.charting.question import Question, Reading
from bot.commands.command import Call, Parameter, Type
from bot.desk import Desk
from bot.language import _, marked, pgettext
from bot.wording.periods import DAY, period_buttons, typed_period
from bot.wording.words import bold, say
from charts.registry import CHARTS
from charts.theme import DARK
from storage.model import Button, Message, Picture
from watchers.model import Chain

_LABELS = {
    "volume": marked("📊 Volume"),
    "rate": marked("📈 Rate"),
    "fees": marked("⛽ Fees"),
    "sizes": marked("🐋 Sizes"),
    "drift": marked("🌊 Drift"),
}
_OF_MODELS = "drift"
_KINDS = tuple(chart.name for chart in CHARTS if chart.name in KINDS)


class ChartOf:
    """Volume, rate, fees, sizes or drift over a period."""

    name = "chart"
    summary = marked("A picture of the last hours, days or weeks")
    parameters = (
        Parameter(
            "kind",
            Type.CHOICE,
            marked("What to draw"),
            choices=_KINDS,
            labels=tuple(_LABELS[kind] for kind in _KINDS),
        ),
        Parameter("chain", Type.CHAIN, marked("The one to draw"), required=False),
        Parameter("period", Type.PERIOD, marked("How far back: 1h, 24h, 7d, 30d"), required=False),
    )
    examples = (
        "/chart volume",
        "/chart rate 1h",
        "/chart fees 7d",
        "/chart volume bitcoin 7d",
        "/chart sizes 30d",
        "/chart drift 30d",
    )
    changes = False
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        kind: str = call.arguments["kind"]
        period: int = call.arguments.get("period", DAY)
        chain: Chain = call.arguments.get("chain") or next(iter(desk.chains.values()))
        asked = Question(chain, period, call.chat, call.now)
        reading = await KINDS[kind](desk, asked)
        png = await desk.draw(kind, reading.series, DARK.name)
        return _format(kind, asked, reading, png)


def _format(kind: str, asked: Question, reading: Reading, png: bytes) -> Message:
    series, name = reading.series, asked.chain.name
    of_period = f"{name} {typed_period(asked.period)}"
    return Message(
        say(bold(series.title)),
        (say(series.subtitle), *map(say, reading.lines)),
        (
            chart_buttons(of_period, but=kind, replaces=True),
            period_buttons(f"/chart {kind} {name}", asked.period, refresh=_("🔄 Refresh")),
        ),
        Picture(png, f"{chart_word(kind)}: {series.title} ({series.subtitle})"),
    )


def chart_word(kind: str) -> str:
    """`volume`: what a kind of chart is called within a sentence."""
    words = {
        "volume": pgettext("chart", "volume"),
        "rate": pgettext("chart", "rate"),
        "fees": pgettext("chart", "fees"),
        "sizes": pgettext("chart", "sizes"),
        "drift": pgettext("chart", "drift"),
    }
    return words[kind]


def chart_buttons(typed: str, but: str = "", *, replaces: bool = False) -> tuple[Button, ...]:
    """A button for each kind of chart of what moves; `typed`: on which chain, over which period."""
    return tuple(
        Button(_(_LABELS[kind]), f"/chart {kind} {typed}", replaces=replaces)
        for kind in _LABELS
        if kind not in {but, _OF_MODELS}
    )
