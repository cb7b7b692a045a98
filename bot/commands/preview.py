"""`/preview RULE [period]`: what a rule would have told, had it been there."""

from msgspec.structs import replace

from bot.charting.preview_series import View, rule_series, times_series
from bot.commands.command import Call, Parameter, Type
from bot.commands.preview_rule import offer, parse_asked
from bot.commands.rule_offers import offered_rules
from bot.desk import Desk
from bot.language import marked
from bot.preview.asking import find
from bot.preview.found import Found
from bot.wording.periods import HOUR
from bot.wording.preview import format_preview, heading, level_words, subject
from charts.model import Series
from charts.theme import DARK
from storage.model import Message, Picture


class Preview:
    """Judges a stored period by a rule, by one of the chat's, or by all of them."""

    name = "preview"
    summary = marked("What a rule would have told you over the last hours or days")
    parameters = (
        Parameter(
            "rule",
            Type.TEXT,
            marked("As for /alerts add, a number of /alerts, or all"),
            required=False,
            offers=offered_rules,
        ),
        Parameter("period", Type.PERIOD, marked("How far back: 1h, 24h, 7d"), required=False),
    )
    examples = (
        "/preview whales 500 BTC",
        "/preview fees below 3 7d",
        "/preview price above 100000",
        "/preview blocks later than 30m 7d",
        "/preview all",
    )
    changes = False
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        asked = await parse_asked(call, desk)
        if asked is None:
            return await offer(call, desk)
        found = await find(asked, call.chat.id, call.now, desk)
        chart, series = _picture(found, call, desk)
        png = await desk.draw(chart, series, DARK.name)
        message = format_preview(found, desk.chains, call.chat, call.now)
        return replace(message, picture=Picture(png, f"{series.title} ({series.subtitle})"))


def _picture(found: Found, call: Call, desk: Desk) -> tuple[str, Series]:
    """The name of the chart that shows it best, and its series."""
    rule = found.asked.rules[0]
    chain = desk.chains[rule.chain]
    begin = found.begin(call.now)
    known = call.now - begin if begin is not None else found.asked.period
    title = heading(found, begin, call.now)
    about = subject(found, desk.chains)
    view = View(chain, max(known, HOUR), call.now, call.chat.timezone, title, about)
    if not found.asked.is_one:
        return times_series(view, found.count.messages, found.budget)
    told = [one for one in found.count.messages if one.alert.chain == rule.chain]
    return rule_series(view, found.pasts[0], rule, told, level_words(rule, chain))
