"""`/preview RULE [period]`: what a rule would have told, had it been there."""

import asyncio
from collections.abc import Sequence

from msgspec.structs import replace

from bot.charting.preview_series import View, rule_series, times_series
from bot.commands.command import Call, Parameter, Type
from bot.commands.preview_rule import offer, parse_asked
from bot.desk import Desk
from bot.language import marked
from bot.preview.count import count
from bot.preview.found import Asked, Found
from bot.preview.neighbours import neighbours
from bot.preview.past import Past, read_past
from bot.preview.replay import Told, replay
from bot.wording.preview import format_preview, heading, level_words, subject
from charts.model import Series
from charts.theme import DARK
from detectors.model import Ring, Subscription
from storage.budget import budget_of
from storage.model import Message, Picture

OURS = 0
"""The chat that the rules are asked for in; each neighbour has one of its own."""


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
        found = await find(asked, call, desk)
        chart, series = _picture(found, call, desk)
        png = await desk.draw(chart, series, DARK.name)
        message = format_preview(found, desk.chains, call.chat, call.now)
        return replace(message, picture=Picture(png, f"{series.title} ({series.subtitle})"))


async def find(asked: Asked, call: Call, desk: Desk) -> Found:
    """What would have been told, and what at the levels nearby."""
    near = neighbours(asked.rules[0]) if len({r.about for r in asked.rules}) == 1 else ()
    judged = _numbered(asked.rules, OURS)
    for chat, level in enumerate(near, OURS + 1):
        judged += _numbered([replace(rule, amount=level.amount) for rule in asked.rules], chat)
    pasts, told = await _replayed(judged, asked.period, call.now, desk)
    budget = await desk.read(budget_of, call.chat.id)
    return Found(
        asked, pasts, count(told, OURS, budget), budget,
        tuple((level, len(count(told, chat, budget).messages))
              for chat, level in enumerate(near, OURS + 1)),
    )  # fmt: skip


def _numbered(rules: Sequence[Subscription], chat: int) -> list[Subscription]:
    return [
        replace(rule, id=chat * 1000 + place, chat=chat, ring=Ring.LOUD)
        for place, rule in enumerate(rules)
    ]


async def _replayed(
    rules: Sequence[Subscription], period: int, now: int, desk: Desk
) -> tuple[list[Past], list[Told]]:
    """The past of each chain that the rules are about, and all that was told."""
    pasts, told = [], []
    for name in dict.fromkeys(rule.chain for rule in rules):
        mine = [rule for rule in rules if rule.chain == name]
        past = await desk.read(read_past, desk.chains[name], mine, now - period, now + 1)
        pasts.append(past)
        told += await asyncio.to_thread(replay, past, mine)
    return pasts, told


def _picture(found: Found, call: Call, desk: Desk) -> tuple[str, Series]:
    """The name of the chart that shows it best, and its series."""
    rule = found.asked.rules[0]
    chain = desk.chains[rule.chain]
    title = heading(found, found.begin(call.now), call.now)
    about = subject(found, desk.chains)
    view = View(chain, found.asked.period, call.now, call.chat.timezone, title, about)
    if not found.is_one:
        return times_series(view, found.count.messages, found.budget)
    told = [one for one in found.count.messages if one.alert.chain == rule.chain]
    return rule_series(view, found.pasts[0], rule, told, level_words(rule, chain))
