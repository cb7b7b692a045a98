"""The verdict of an alert: how much, what it was worth, and which way: pure."""

from collections.abc import Sequence

from bot.language import _
from bot.wording.alert_view import View
from bot.wording.amounts import format_money, format_round
from bot.wording.odd import is_only_odd, rarity
from bot.wording.words import bold, filled, many, say, short
from detectors.model import Alert
from detectors.watched import Watched
from storage.alerts import Story
from storage.model import Line
from watchers.model import Chain


def verdict(story: Story, chain: Chain, view: View) -> Line:
    """Amount, worth and direction: for watched addresses the net over all of them."""
    if is_only_odd(story):
        (odd,) = story.alerts[:1]
        moved = format_round(odd.amount, chain.asset)
        return say(bold(f"🔎 {rarity(odd.rate)}"), f": {moved}", _worth(odd, view))
    watched = [alert for alert in story.alerts if alert.detector == Watched.name]
    if not watched:
        priced = [a for a in story.alerts if (a.transaction, a.subject) in view.values]
        alert = (priced or story.alerts)[0]
        amount = bold(f"🐋 {format_round(alert.amount, chain.asset)}")
        return filled(_("{amount}{worth} moved"), amount=amount, worth=_worth(alert, view))
    net = sum(alert.amount for alert in watched)
    name = _names([alert.subject for alert in watched], view)
    fee = story.transaction.fee if story.transaction is not None else None
    if net in {0, -(fee or 0)}:
        moved = _("Moved within {name}") if len(watched) == 1 else _("Moved between {name}")
        fee_words = _(" for the fee, {fee}").format(fee=format_round(-net, chain.asset))
        cost = fee_words if net else _(" for nothing")
        return say(bold(f"🔁 {moved.format(name=name)}"), cost)
    said = _("{amount}{worth} to {name}") if net > 0 else _("{amount}{worth} from {name}")
    amount = bold(f"{'🟢 +' if net > 0 else '🔴 −'}{format_round(abs(net), chain.asset)}")
    return filled(said, amount=amount, worth=_worth_of(watched, view), name=name)


def _worth(alert: Alert, view: View) -> str:
    value = view.values.get((alert.transaction, alert.subject))
    return _(" (no price yet)") if value is None else f" ({format_money(value, view.currency)})"


def _worth_of(alerts: Sequence[Alert], view: View) -> str:
    if len(alerts) == 1:
        return _worth(alerts[0], view)
    values = [view.values.get((alert.transaction, alert.subject)) for alert in alerts]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return _(" (no price yet)")
    net = sum(v if a.amount > 0 else -v for a, v in zip(alerts, known, strict=True))
    return f" ({format_money(abs(net), view.currency)})"


def _names(addresses: Sequence[str], view: View) -> str:
    names = [view.labels.get(address) or short(address) for address in addresses]
    others = len(names) - 1
    if not others:
        return names[0]
    return many(
        others, "{name} and {n} more of yours", "{name} and {n} more of yours", name=names[0]
    )
