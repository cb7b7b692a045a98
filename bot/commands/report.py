"""`/report [period]`: a longer period as a PDF to keep."""

from collections.abc import Iterator, Sequence
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
from bot.wording.words import at, bold, listed_and, many, octets, say, span
from bot.wording.worth import price_of
from charts.model import Drawn, Table
from storage.flows import flows_between
from storage.ledger import gaps_between
from storage.model import Button, Document, Line, Message
from storage.statistics import largest_between, raw_since, totals
from storage.subscriptions import labels_of, subscriptions_of
from storage.transactions import transaction_by_hash
from watchers.model import Chain

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
        period = call.arguments.get("period", USUAL)
        asked = [Question(each, period, call.chat, call.now) for each in await _meant(call, desk)]
        chapters = [await _chapters(desk, each) for each in asked]
        pages = [page for chapter in chapters for page in chapter]
        title = _title(asked)
        pdf = await desk.publish(title, pages)
        tables = (_("largest moves"), _("your addresses"), _("gaps"))
        described = ", ".join((*map(chart_word, OF_CHAINS), *tables))
        counted = many(
            len(pages),
            "{n} chapter, {size}: {parts}",
            "{n} chapters, {size}: {parts}",
            size=octets(len(pdf)),
            parts=described,
        )
        verdicts = [
            line
            for each, chapter in zip(asked, chapters, strict=True)
            for line in _verdicts(each, chapter, named=len(asked) > 1)
        ]
        return Message(
            say(bold(f"📄 {title}")),
            (*verdicts, say(counted)),
            (_buttons(period),),
            document=Document(pdf, _file_name(asked), f"{title}: {described}"),
        )


async def _meant(call: Call, desk: Desk) -> Sequence[Chain]:
    """The chains that the chat asked for, all where it asked for none of them."""
    asked = {one.chain for one in await desk.read(subscriptions_of, call.chat.id)}
    chains = list(desk.chains.values())
    return [chain for chain in chains if chain.name in asked] or chains


async def _chapters(desk: Desk, asked: Question) -> list[Drawn | Table]:
    """The charts and the tables of a chain."""
    readings = {kind: await read(desk, asked) for kind, read in OF_CHAINS.items()}
    charts = [Drawn(kind, reading.series) for kind, reading in readings.items()]
    return [*charts, *await _tables(desk, asked)]


def _verdicts(asked: Question, chapter: Sequence[Drawn | Table], *, named: bool) -> Iterator[Line]:
    """What the charts of a chain show, below its name where there are others."""
    if named:
        yield say(bold(asked.chain.title))
    for page in chapter:
        if isinstance(page, Drawn):
            yield say(page.series.title)


def _title(asked: Sequence[Question]) -> str:
    names = listed_and([each.chain.title for each in asked])
    return _("{chain}, last {span}").format(chain=names, span=span(asked[0].period))


def _last(asked: Question) -> str:
    return _title([asked])


async def _tables(desk: Desk, asked: Question) -> list[Table]:
    """What is told in rows."""
    chain, window, chat, now = asked.chain, asked.window, asked.chat, asked.now
    subtitle = _("{title}; times in {zone}").format(title=_last(asked), zone=chat.timezone)
    kept = await _kept_only(desk, asked, subtitle)
    flows = await desk.read(flows_between, chat.id, chain.name, window.since, window.until, now)
    gaps = await desk.read(gaps_between, chain.name, window.since, now)
    return [
        await _largest(desk, asked, kept),
        flows_table(flows, chain, kept),
        gaps_table(gaps, window.since, now, chat.timezone, subtitle),
    ]


async def _kept_only(desk: Desk, asked: Question, subtitle: str) -> str:
    """The subtitle of what is counted from single transactions: since when those are kept."""
    kept = await desk.read(raw_since, asked.chain.name)
    if not kept or kept <= asked.window.since + DAY:
        return subtitle
    since = _("{subtitle}; single ones are kept since {time}")
    return since.format(subtitle=subtitle, time=at(kept, asked.chat.timezone))


async def _largest(desk: Desk, asked: Question, subtitle: str) -> Table:
    """The largest moves of the rows that are still kept."""
    chain, chat, window = asked.chain, asked.chat, asked.window
    seen = await desk.read(totals, chain.name, "seen", window)
    large = await desk.read(
        largest_between, chain.name, window, seen.transactions, _LARGEST, asked.now
    )
    found = [await desk.read(transaction_by_hash, chain.name, one.hash) for one in large]
    price = await price_of(desk, chain.asset, chat.currency, asked.now)
    labels = await desk.read(labels_of, chat.id)
    known = [transaction for transaction in found if transaction]
    return largest_table(known, chain, labels, price, chat.timezone, subtitle)


def _buttons(period: int) -> tuple[Button, ...]:
    return tuple(
        Button(typed_period(other), f"/report {typed_period(other)}")
        for other in _OFFERED
        if other != period
    )


def _file_name(asked: Sequence[Question]) -> str:
    first = asked[0]
    day = datetime.fromtimestamp(first.now, UTC).astimezone(ZoneInfo(first.chat.timezone))
    chains = "-".join(each.chain.name for each in asked)
    return f"spyhop-{chains}-{typed_period(first.period)}-{day:%Y-%m-%d}.pdf"
