"""How many alerts thresholds would have sent: previews of them, in a line."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.desk import Desk
from bot.language import _
from bot.preview.asking import OURS, in_chat, judge
from bot.preview.count import messages_of
from bot.preview.past import Past
from bot.wording.amounts import USD, format_exact
from bot.wording.preview import of_prices
from bot.wording.words import many, number, say, span, table
from detectors.model import Kind, Subscription
from storage.model import Line
from watchers.model import Asset

DAY, WEEK = 86400, 7 * 86400


class Rule(Struct, frozen=True):
    """A threshold: base units of the asset `unit`, or micro-USD for "USD"."""

    amount: int
    unit: str


def asset_of(desk: Desk, rule: Rule) -> Asset:
    """What a threshold is counted in."""
    assets = {chain.asset.symbol: chain.asset for chain in desk.chains.values()}
    return assets.get(rule.unit, USD)


def named(desk: Desk, rule: Rule) -> str:
    """`500 BTC`, `$10M`, `$1,234,567`: exactly."""
    return format_exact(rule.amount, asset_of(desk, rule))


async def format_counts(desk: Desk, rules: Sequence[Rule], now: int) -> tuple[Line, ...]:
    """`Would have sent 14 alerts in the last 24 h, 71 in 7 d (from 5 h of history).`

    Any of the thresholds is enough.
    """
    if not rules:
        return ()
    thresholds = _subscriptions(desk, rules, OURS)
    pasts, told = await judge(thresholds, WEEK, now, desk)
    since = _since(pasts)
    if since is None:
        return (say(_("I have stored nothing yet to tell how many alerts that makes.")),)
    messages = messages_of(told, OURS)
    times = [one.at for one in messages]
    day = sum(time >= now - DAY for time in times)
    values = {"week": number(len(times)), "history": span(now - since)}
    if all(past.is_whole(one) for past in pasts for one in thresholds):
        counts = many(
            day,
            "Would have sent {n} alert in the last 24 h, {week} in 7 d"
            " (from {history} of history).",
            "Would have sent {n} alerts in the last 24 h, {week} in 7 d"
            " (from {history} of history).",
            **values,
        )
    else:
        counts = _(
            "Would have sent at least {n} alerts in the last 24 h, {week} in 7 d"
            " (from {history} of history)."
        ).format(n=number(day), **values)
    history = say(counts)
    return (history, *of_prices(pasts, thresholds, messages))


async def format_presets(desk: Desk, rules: Sequence[Rule], now: int, *, dated: bool) -> list[Line]:
    """A line for each threshold with the alerts of the last day; `dated`: of how much history."""
    thresholds = [
        one for chat, rule in enumerate(rules) for one in _subscriptions(desk, [rule], chat)
    ]
    pasts, told = await judge(thresholds, DAY, now, desk)
    since = _since(pasts)
    if since is None:
        return []
    names = [named(desk, rule) for rule in rules]
    width = max(map(len, names))
    rows = [
        f"{name:<{width}}  {number(len(messages_of(told, chat))):>7}"
        for chat, name in enumerate(names)
    ]
    heading = _("Alerts that each would have sent in 24 h:")
    if dated:
        known = _("Alerts that each would have sent in 24 h (from {history} of history):")
        heading = known.format(history=span(now - since))
    return [say(heading), *table(rows)]


def _subscriptions(desk: Desk, rules: Iterable[Rule], chat: int) -> list[Subscription]:
    return in_chat(
        [
            Subscription(0, chat, Kind.WHALES, chain.name, unit=rule.unit, amount=rule.amount)
            for rule in rules
            for chain in desk.chains.values()
            if rule.unit in {chain.asset.symbol, USD.symbol}
        ],
        chat,
    )


def _since(pasts: Iterable[Past]) -> int | None:
    return min((past.raw_since for past in pasts if past.raw_since is not None), default=None)
