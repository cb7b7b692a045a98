"""How many alerts thresholds would have sent: asked of storage, and said."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.desk import Desk
from bot.wording.amounts import USD, format_exact
from bot.wording.words import many, say, span, table
from storage.ledger import PRICE_MAX_AGE_SECONDS
from storage.model import Line
from storage.preview import Preview, Thresholds, preview_whales
from watchers.model import Asset, Chain

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


async def count_alerts(desk: Desk, rules: Sequence[Rule], now: int) -> Preview:
    """The alerts of the last day and the last week, any of the thresholds being enough."""
    previews = [await _on_chain(desk, chain, rules, now) for chain in desk.chains.values()]
    known = [p.history_since for p in previews if p.history_since is not None]
    return Preview(
        tuple(map(sum, zip(*(p.alerts for p in previews), strict=True))),
        tuple(map(sum, zip(*(p.unpriced for p in previews), strict=True))),
        any(p.priced for p in previews),
        min(known, default=None),
        any(p.at_least for p in previews),
    )


async def _on_chain(desk: Desk, chain: Chain, rules: Iterable[Rule], now: int) -> Preview:
    amounts = {rule.unit: rule.amount for rule in rules}
    thresholds = Thresholds(amounts.get(chain.asset.symbol), amounts.get(USD.symbol))
    since = (now - DAY, now - WEEK)
    return await desk.read(
        preview_whales, chain.name, chain.asset, thresholds, since, now, PRICE_MAX_AGE_SECONDS
    )


def format_counts(preview: Preview, rules: Sequence[Rule], now: int) -> tuple[Line, ...]:
    """`Would have sent 14 alerts in the last 24 h, 71 in 7 d (from 5 h of history).`"""
    if not rules:
        return ()
    if preview.history_since is None:
        return (say("I have stored nothing yet to tell how many alerts that makes."),)
    day, week = preview.alerts
    history = span(now - preview.history_since)
    least = "at least " if preview.at_least else ""
    alerts = many(day, "{n} alert", "{n} alerts")
    told = f"Would have sent {least}{alerts} in the last 24 h, {week:,} in 7 d"
    lines = [say(f"{told} (from {history} of history).")]
    if any(rule.unit == USD.symbol for rule in rules):
        lines += _of_prices(preview)
    return tuple(lines)


def _of_prices(preview: Preview) -> list[Line]:
    if not preview.priced:
        return [say("No price is known yet, so the one in USD is not counted.")]
    if not preview.unpriced[-1]:
        return []
    more = many(preview.unpriced[-1], "{n} transaction", "{n} transactions")
    return [say(f"Not counted: {more} without a price then; at today's they would alert.")]


async def format_presets(desk: Desk, rules: Sequence[Rule], now: int) -> list[Line]:
    """A line for each threshold with the alerts of the last day."""
    previews = [await count_alerts(desk, [rule], now) for rule in rules]
    since = previews[0].history_since
    if since is None:
        return []
    names = [named(desk, rule) for rule in rules]
    width = max(map(len, names))
    rows = [f"{name:<{width}}  {p.alerts[0]:>7,}" for name, p in zip(names, previews, strict=True)]
    return [
        say(f"Alerts that each would have sent in 24 h (from {span(now - since)} of history):"),
        *table(rows),
    ]
