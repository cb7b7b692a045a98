"""Why a rule asks for an alert, or does not, in the amounts that decide: pure."""

from collections.abc import Iterator

from msgspec import Struct

from bot.kinds.registry import KINDS
from bot.language import _, marked
from bot.wording.amounts import asset_in, format_amount, format_exact, format_money, money_in
from bot.wording.silence_words import Names
from bot.wording.words import at, bold, number, say, span
from detectors import fees, prices
from detectors.judging import Judgement
from detectors.model import Alert, Kind, Miss, Subscription, Way
from detectors.whales import USD
from storage.model import Line
from storage.subscriptions import Lasting
from watchers.model import Price

_SLACK = {Kind.FEES: fees.SLACK_PERCENT, Kind.PRICE: prices.SLACK_PERCENT}
_YOU_WATCH = {
    Way.ANY: marked("{moved}; you watch all that moves there."),
    Way.IN: marked("{moved}; you watch what comes in."),
    Way.OUT: marked("{moved}; you watch what goes out."),
}
_ONLY = {
    Way.IN: marked("{moved}, and you ask only for what comes in."),
    Way.OUT: marked("{moved}, and you ask only for what goes out."),
}


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
        return say(bold(what), " · ", _("in another chat of yours"))
    return say(bold(f"{rule.number}. {what}"))


def asked_lines(alert: Alert, rule: Subscription, names: Names) -> Iterator[Line]:
    """What decided that a rule asks for an alert, beyond the rule's own words."""
    if rule.kind in {Kind.WATCH, Kind.WHALES}:
        yield say(_compared(alert, rule, names))
    if rule.kind is Kind.ANOMALIES:
        odd = _("One in {one_in} transactions is as odd; you ask for 1 in {asked}.")
        yield say(odd.format(one_in=number(alert.rate), asked=number(rule.amount)))
    if rule.kind is Kind.WHALES and alert.subject == USD and alert.late:
        yield say(_("It had to wait for a price."))
    if rule.kind in _SLACK:
        once = _("Told once, and anew only after it went back by {percent} %.")
        yield say(once.format(percent=_SLACK[rule.kind]))


def judged_line(judgement: Judgement, lasting: Lasting, time: int, reader: Reader) -> Line:
    """Why a rule did not ask for a transaction, or that it did."""
    rule, alert = judgement.subscription, judgement.alert
    if alert is None:
        return say(_nothing_to(rule))
    if judgement.miss is Miss.WAY:
        return say(_(_ONLY[rule.way]).format(moved=_moved(alert, rule, reader.names)))
    said = [_compared(alert, rule, reader.names)]
    if judgement.miss is Miss.UNPRICED:
        said.append(_("But no price was known."))
    if judgement.miss is Miss.OFF:
        said.append(_("But it is set to 🔕 off."))
    if judgement.miss is None and not lasting.is_on(time):
        said.append(_out_of_time(lasting, time, reader.zone))
    return say(" ".join(said))


def _nothing_to(rule: Subscription) -> str:
    if rule.kind is Kind.WHALES:
        return _("It is a mining reward, which is no whale.")
    return _("The address takes no part.")


def _out_of_time(lasting: Lasting, time: int, zone: str) -> str:
    if lasting.since > time:
        began = _("But it began {span} after this was seen.")
        return began.format(span=span(lasting.since - time))
    ended = _("But it ended {time}, before this was seen.")
    return ended.format(time=at(lasting.until or time, zone))


def _compared(alert: Alert, rule: Subscription, names: Names) -> str:
    """`It moved 412 BTC; your threshold is 500 BTC.`"""
    moved = _moved(alert, rule, names)
    asset = names.chains[alert.chain].asset
    if not rule.amount:
        return _(_YOU_WATCH[rule.way]).format(moved=moved)
    least = format_exact(rule.amount, asset_in(rule.unit, asset))
    if rule.kind is Kind.WATCH:
        return _("{moved}; you watch it from {least} on.").format(moved=moved, least=least)
    return _("{moved}; your threshold is {least}.").format(moved=moved, least=least)


def _moved(alert: Alert, rule: Subscription, names: Names) -> str:
    """`It moved 412 BTC`, `It brought Savings 0.5 BTC`; with the worth where that decides."""
    amount = format_amount(abs(alert.amount), names.chains[alert.chain].asset)
    if rule.unit == USD and alert.usd_micro is not None:
        worth = format_money(alert.usd_micro)
        amount = _("{amount}, worth {worth}").format(amount=amount, worth=worth)
    if rule.kind is not Kind.WATCH:
        return _("It moved {amount}").format(amount=amount)
    name = names.address(rule.address)
    if not alert.amount:
        return _("It moved within {name}").format(name=name)
    if alert.amount > 0:
        return _("It brought {name} {amount}").format(name=name, amount=amount)
    return _("It took {amount} from {name}").format(name=name, amount=amount)


def price_line(price: Price, symbol: str, zone: str) -> Line:
    """`1 BTC was $64,000 at 18:31 on 3 May (blockchain.com)`."""
    worth = format_exact(price.micro, money_in(price.currency))
    used = _("Price used: 1 {symbol} = {worth}, {source}, {time}.")
    time = at(price.time, zone)
    return say(used.format(symbol=symbol, worth=worth, source=price.source, time=time))
