"""Why a rule asks for an alert, or does not, in the amounts that decide: pure."""

from collections.abc import Iterator

from msgspec import Struct

from bot.kinds.registry import KINDS
from bot.wording.amounts import asset_in, format_amount, format_exact, format_money, money_in
from bot.wording.silence_words import Names
from bot.wording.words import at, bold, say, span
from detectors import fees, prices
from detectors.judging import Judgement
from detectors.model import Alert, Kind, Miss, Subscription, Way
from detectors.whales import USD
from storage.model import Line
from storage.subscriptions import Lasting
from watchers.model import Price

_SLACK = {Kind.FEES: fees.SLACK_PERCENT, Kind.PRICE: prices.SLACK_PERCENT}
_WAYS = {Way.IN: "what comes in", Way.OUT: "what goes out"}


class Reader(Struct, frozen=True):
    """Who reads it: the chat, its zone, what it calls things, its budget, and the time now."""

    chat: int
    zone: str
    names: Names
    hourly: int
    now: int


def rule_line(rule: Subscription, reader: Reader) -> Line:
    """`2. 🐋 Transactions from 500 BTC on`: as `/alerts` lists it where it is asked for."""
    words = KINDS[rule.kind]
    what = f"{words.mark} {words.describe(rule, reader.names.chains)}"
    if rule.chat != reader.chat:  # its number would mean another one here
        return say(bold(what), " · in another chat of yours")
    return say(bold(f"{rule.number}. {what}"))


def asked_lines(alert: Alert, rule: Subscription, names: Names) -> Iterator[Line]:
    """What decided that a rule asks for an alert, beyond the rule's own words."""
    if rule.kind in {Kind.WATCH, Kind.WHALES}:
        yield say(f"{_compared(alert, rule, names)}.")
    if rule.kind is Kind.WHALES and alert.subject == USD and alert.late:
        yield say("It had to wait for a price.")
    if rule.kind in _SLACK:
        yield say(f"Told once, and anew only after it went back by {_SLACK[rule.kind]} %.")


def judged_line(judgement: Judgement, lasting: Lasting, time: int, reader: Reader) -> Line:
    """Why a rule did not ask for a transaction, or that it did."""
    rule, alert = judgement.subscription, judgement.alert
    if alert is None:
        return say(_nothing_to(rule))
    if judgement.miss is Miss.WAY:
        way = _WAYS[rule.way]
        return say(f"{_moved(alert, rule, reader.names)}, and you ask only for {way}.")
    if judgement.miss is Miss.UNPRICED:
        return say(f"{_compared(alert, rule, reader.names)}, and no price was known.")
    text = f"{_compared(alert, rule, reader.names)}."
    if judgement.miss is Miss.OFF:
        return say(f"{text} But it is set to 🔕 off.")
    if judgement.miss is None:
        text += _out_of_time(lasting, time, reader.zone)
    return say(text)


def _nothing_to(rule: Subscription) -> str:
    if rule.kind is Kind.WHALES:
        return "It is a mining reward, which is no whale."
    return "No part of it."


def _out_of_time(lasting: Lasting, time: int, zone: str) -> str:
    if lasting.is_on(time):
        return ""
    if lasting.since > time:
        return f" But it began {span(lasting.since - time)} after this was seen."
    ended = lasting.until or time
    return f" But it ended {at(ended, zone)}, before this was seen."


def _compared(alert: Alert, rule: Subscription, names: Names) -> str:
    """`It moved 412 BTC; your threshold is 500 BTC`."""
    moved = _moved(alert, rule, names)
    asset = names.chains[alert.chain].asset
    if not rule.amount:
        return f"{moved}; you watch {_WAYS.get(rule.way, 'all that moves there')}"
    least = format_exact(rule.amount, asset_in(rule.unit, asset))
    if rule.kind is Kind.WATCH:
        return f"{moved}; you watch it from {least} on"
    return f"{moved}; your threshold is {least}"


def _moved(alert: Alert, rule: Subscription, names: Names) -> str:
    """`It moved 412 BTC`, `It brought Savings 0.5 BTC`; with the worth where that decides."""
    amount = format_amount(abs(alert.amount), names.chains[alert.chain].asset)
    worth = ""
    if rule.unit == "USD" and alert.usd_micro is not None:
        worth = f", worth {format_money(alert.usd_micro)}"
    if rule.kind is not Kind.WATCH:
        return f"It moved {amount}{worth}"
    name = names.address(rule.address)
    if not alert.amount:
        return f"It moved within {name}"
    return f"It {'brought' if alert.amount > 0 else 'took from'} {name} {amount}{worth}"


def price_line(price: Price, symbol: str, zone: str) -> Line:
    """`1 BTC was $64,000 at 18:31 on 3 May (blockchain.com)`."""
    worth = format_exact(price.micro, money_in(price.currency))
    return say(f"Price used: 1 {symbol} = {worth}, {price.source}, {at(price.time, zone)}.")
