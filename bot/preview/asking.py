"""What rules would have told, asked of storage: beside the event loop."""

import asyncio
from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace

from bot.desk import Desk
from bot.language import _
from bot.preview.count import count, counts_of
from bot.preview.found import Asked, Found
from bot.preview.neighbours import neighbours
from bot.preview.past import Past, read_past
from bot.preview.replay import Told, replay
from bot.progress import by_percent, say_progress
from bot.wording.words import number, span
from detectors.model import Ring, Subscription
from storage.budget import budget_of
from watchers.model import Chain

OURS = 0
"""The chat that the rules are asked for in; each level nearby, and each of several rules, has one
of its own: a chat is told of a transaction once, whichever of its rules ask for it."""


async def find(asked: Asked, chat: int, now: int, desk: Desk) -> Found:
    """What would have been told, and what at the levels nearby."""
    near = neighbours(asked.rules[0]) if asked.is_one else ()
    levels = [[replace(rule, amount=level.amount) for rule in asked.rules] for level in near]
    alone = levels if asked.is_one else [[rule] for rule in asked.rules]
    judged = in_chat(asked.rules, OURS)
    for place, rules in enumerate(alone, OURS + 1):
        judged += in_chat(rules, place)
    pasts, told = await judge(judged, asked.period, now, desk)
    budget = await desk.read(budget_of, chat)
    counts = counts_of(told)
    each = tuple(counts[place] for place, _rules in enumerate(alone, OURS + 1))
    ours = count(told, OURS, budget)
    if asked.is_one:
        return Found(asked, pasts, ours, budget, near=tuple(zip(near, each, strict=True)))
    return Found(asked, pasts, ours, budget, each=each)


def in_chat(rules: Sequence[Subscription], chat: int) -> list[Subscription]:
    """Rules as if a chat had asked for them, the last one last, and all rang."""
    return [replace(rule, id=place, chat=chat, ring=Ring.LOUD) for place, rule in enumerate(rules)]


async def judge(
    rules: Sequence[Subscription], period: int, now: int, desk: Desk
) -> tuple[list[Past], list[Told]]:
    """The past of each chain that the rules are about, and all that was told."""
    pasts, told = [], []
    for name in dict.fromkeys(rule.chain for rule in rules):
        mine = [rule for rule in rules if rule.chain == name]
        chain, since = desk.chains[name], now - period
        say_progress(_("I read {span} of {chain}…").format(span=span(period), chain=chain.title))
        past = await desk.read(read_past, chain, mine, since, now + 1)
        pasts.append(past)
        reached = by_percent(since, now, partial(_judged_words, chain))
        told += await asyncio.to_thread(replay, past, mine, reached)
    return pasts, told


def _judged_words(chain: Chain, percent: int) -> str:
    judged = _("{percent} % of {chain} is judged by the rule…")
    return judged.format(percent=number(percent), chain=chain.title)
