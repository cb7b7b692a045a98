"""`/report [period]`: a longer period as a PDF to keep."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.charting.chart_readings import OF_CHAINS
from bot.charting.question import Question
from bot.commands.chart import chart_word
from bot.commands.command import Call, Parameter, Type
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.periods import DAY, typed_period
from bot.wording.report_tables import flows_table, gaps_table, largest_table
from bot.wording.words import at, bold, many, octets, say, span
from bot.wording.worth import price_of
from charts.model import Drawn, Table
from storage.flows import flows_between
from storage.ledger import gaps_between
from storage.model import Button, Document, Message
from storage.statistics import largest_between, raw_since, totals
from storage.subscriptions import labels_of
from storage.transactions import transaction_by_hash

USUAL = 30 * DAY
_LARGEST = 15
_OFFERED = (7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY)


class Report:
    """Charts and tables of a period, as a document."""

    name = "report"
    summary = marked("A longer period as a PDF: charts, largest moves, your addresses, gaps")
    parameters = (
        Parameter(
            "period", Type.PERIOD, marked("How far back: 7d, 30d, 90d, 365d"), required=False
        ),
    )
    examples = ("/report", "/report 7d", "/report 365d")
    changes = False
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        chain = next(iter(desk.chains.values()))
        asked = Question(chain, call.arguments.get("period", USUAL), call.chat, call.now)
        readings = {kind: await read(desk, asked) for kind, read in OF_CHAINS.items()}
        charts = [Drawn(kind, reading.series) for kind, reading in readings.items()]
        pages: list[Drawn | Table] = [*charts, *await _tables(desk, asked)]
        title = _last(asked)
        pdf = await desk.publish(title, pages)
        parts = (_("largest moves"), _("your addresses"), _("gaps"))
        described = ", ".join((*map(chart_word, readings), *parts))
        chapters = many(
            len(pages),
            "{n} chapter, {size}: {parts}",
            "{n} chapters, {size}: {parts}",
            size=octets(len(pdf)),
            parts=described,
        )
        return Message(
            say(bold(f"📄 {title}")),
            (
                *(say(reading.series.title) for reading in readings.values()),
                say(chapters),
            ),
            (_buttons(asked.period),),
            document=Document(pdf, _file_name(asked), f"{title}: {described}"),
        )


def _last(asked: Question) -> str:
    return _("{chain}, last {span}").format(chain=asked.chain.title, span=span(asked.period))


async def _tables(desk: Desk, asked: Question) -> list[Table]:
    """What is told in rows."""
    chain, window, chat, now = asked.chain, asked.window, asked.chat, asked.now
    subtitle = _("{title}; times in {zone}").format(title=_last(asked), zone=chat.timezone)
    flows = await desk.read(flows_between, chat.id, chain.name, window.since, now, now)
    gaps = await desk.read(gaps_between, chain.name, window.since, now)
    return [
        await _largest(desk, asked, subtitle),
        flows_table(flows, chain, subtitle),
        gaps_table(gaps, window.since, now, chat.timezone, subtitle),
    ]


async def _largest(desk: Desk, asked: Question, subtitle: str) -> Table:
    """The largest moves of the rows that are still kept, and since when those are."""
    chain, chat, window = asked.chain, asked.chat, asked.window
    seen = await desk.read(totals, chain.name, "seen", window)
    large = await desk.read(
        largest_between, chain.name, window, seen.transactions, _LARGEST, asked.now
    )
    found = [await desk.read(transaction_by_hash, chain.name, one.hash) for one in large]
    price = await price_of(desk, chain.asset, chat.currency, asked.now)
    labels = await desk.read(labels_of, chat.id)
    kept = await desk.read(raw_since, chain.name)
    if kept and kept > window.since + DAY:
        since = _("{subtitle}; single ones are kept since {time}")
        subtitle = since.format(subtitle=subtitle, time=at(kept, chat.timezone))
    known = [transaction for transaction in found if transaction]
    return largest_table(known, chain, labels, price, chat.timezone, subtitle)


def _buttons(period: int) -> tuple[Button, ...]:
    return tuple(
        Button(typed_period(other), f"/report {typed_period(other)}")
        for other in _OFFERED
        if other != period
    )


def _file_name(asked: Question) -> str:
    day = datetime.fromtimestamp(asked.now, UTC).astimezone(ZoneInfo(asked.chat.timezone))
    return f"spyhop-{asked.chain.name}-{typed_period(asked.period)}-{day:%Y-%m-%d}.pdf"
