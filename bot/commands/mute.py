"""`/mute [DURATION] [WHAT]`: keep alerts back for a while, all or some."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from sqlite_utils import Database

from bot.commands.command import Call, Parameter, Type
from bot.commands.silence import argument_of, everywhere, muted_line, names_of, subject_of
from bot.commands.times import FOREVER, parse_duration
from bot.commands.values import TransactionOn, sentence
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.silence_words import Names, rule_words, subject_words
from bot.wording.transaction_words import receivers_of, senders_of
from bot.wording.words import bold, in_rows, refuse, say, span
from detectors.model import Alert, Kind
from storage.model import Button, Line, Message
from storage.mutes import ALL, Subject, mutes_of, save_mute
from storage.ruling import Mute as Running
from storage.ruling import Scope
from storage.silence import told_in, told_of
from storage.transactions import transaction_by_hash
from watchers.model import Transaction

_OFFERED = ("1h", "8h", "24h", FOREVER)
Told: TypeAlias = Sequence[tuple[Alert, Sequence[str]]]
"""Alerts, each with the subscriptions that ask for it."""
_LOOKED_AT = 50
"""In so many transactions of a message it is looked who is on the other side."""
_MOST = 2
"""So many of a kind are offered: a keyboard is to be read at a glance."""


def _about(name: str, type_: Type, summary: str) -> Parameter:
    return Parameter(name, type_, summary, required=False, named=True, narrows=True)


class Mute:
    """Mutes something in the chat; without a duration it offers some, about an alert its parts."""

    name = "mute"
    summary = marked("Keep alerts back for a while: all, or those you name")
    parameters = (
        Parameter(
            "which",
            Type.CHOICE,
            marked("All alerts, as where nothing is named"),
            required=False,
            choices=("all",),
            narrows=True,
        ),
        Parameter("duration", Type.DURATION, marked("30m, 8h, 2d or forever"), required=False),
        _about("address", Type.WATCH, marked("Alerts about this watched address")),
        _about("counterparty", Type.WATCH, marked("Whatever this address takes part in")),
        _about("asset", Type.CHAIN, marked("Alerts about this asset: BTC")),
        _about("rule", Type.NUMBER, marked("The number of one of your rules")),
        _about("about", Type.TRANSACTION, marked("Offers what can be muted of an alert")),
        _about("alert", Type.NUMBER, marked("Offers that of a message, by its number")),
    )
    examples = ("/mute", "/mute 8h", "/mute forever", "/mute 24h asset bitcoin")
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        names = await names_of(call, desk)
        about = await subject_of(call, desk, names)
        if isinstance(about, Message):
            return about
        seconds: int | None = call.arguments.get("duration")
        if seconds is not None:
            return await _mute(call, desk, about, names, call.now + seconds)
        if about == ALL and (told := await _told(call, desk)) is not None:
            return await _ask_what(call, desk, told, names)
        return _ask_how_long(call, about, names, await desk.read(mutes_of, call.chat.id, call.now))


async def _told(call: Call, desk: Desk) -> Told | None:
    """What was told here of what is named, None where nothing is: only that can be muted of it."""
    told: Told | None = None
    if "alert" in call.arguments:
        told = await desk.read(told_in, call.chat.id, call.arguments["alert"])
    elif "about" in call.arguments:
        meant: TransactionOn = call.arguments["about"]
        told = await desk.read(told_of, call.chat.id, meant.chain.name, meant.hash)
    return told


async def _mute(call: Call, desk: Desk, about: Subject, names: Names, until: int) -> Message:
    mute: Running = await desk.write(save_mute, call.chat.id, call.now, until, about)
    all_ = about.scope is Scope.EVERYTHING
    said = _("{what}: I keep them back and count them.").format(what=subject_words(about, names))
    if all_:
        said = _("Alerts are kept back and counted. Whatever you ask is still answered.")
    lines = (say(said), *await everywhere(call, desk))
    undo = Button(_("Undo"), f"/unmute {mute.id}", replaces=True)
    return Message(muted_line(call, until), lines, ((undo, Button(_("All mutes"), "/mutes")),))


def _ask_how_long(
    call: Call, about: Subject, names: Names, running: tuple[Running, ...]
) -> Message:
    command = "/mute {}" + argument_of(about, names)
    offers = tuple(Button(_long(text), command.format(text), replaces=True) for text in _OFFERED)
    same = [m for m in running if Subject(m.scope, m.chain, m.subject) == about]
    what: tuple[Line, ...] = ()
    if about.scope is not Scope.EVERYTHING:
        what = (say(f"{subject_words(about, names)}."),)
    if not same:
        return Message(say(bold(_("Mute for how long?"))), what, (offers,))
    end = Button(_("Unmute"), f"/unmute {same[-1].id}", replaces=True)
    lines = (*what, say(_("Change it?")))
    return Message(muted_line(call, same[-1].until), lines, (offers, (end,)))


def _long(duration: str) -> str:
    """`8 h`: a duration that is offered, as it is said."""
    return _("For ever") if duration == FOREVER else span(parse_duration(duration))


async def _ask_what(call: Call, desk: Desk, told: Told, names: Names) -> Message:
    """What can be muted of alerts, and what several have in common first."""
    everything = Button(_("🔕 Everything"), "/mute", replaces=True)
    if not told and "alert" in call.arguments:
        unknown = _("There is no alert {n} here.").format(n=call.arguments["alert"])
        return refuse(unknown, buttons=((everything,),))
    alerts = [alert for alert, _asking in told]
    transactions = await desk.read(_transactions, alerts)
    asked = _common(rule for _alert, rules in told for rule in rules)
    rules = [names.rules[id_] for id_ in asked if names.rules[id_].chat == call.chat.id][:_MOST]
    meant: TransactionOn | None = call.arguments.get("about")
    chains = _common(a.chain for a in alerts) or ([meant.chain.name] if meant else [])
    symbols = [desk.chains[name].asset.symbol for name in chains]
    buttons = [
        *(_offer(f"👁 {names.address(a)}", Scope.ADDRESS, a) for a in _watched(alerts, names)),
        *(
            _offer(_("🤝 With {address}").format(address=names.address(a)), Scope.COUNTERPARTY, a)
            for a in _others(transactions, alerts)
        ),
        *(
            _offer(_("All {asset}").format(asset=symbol), Scope.ASSET, symbol)
            for symbol in symbols[:_MOST]
        ),
        *(
            _offer(_("📏 Rule {n}").format(n=rule.number), Scope.RULE, rule.number)
            for rule in rules
        ),
        everything,
    ]
    rows = in_rows(buttons, 2)
    lines = tuple(say(sentence(rule_words(rule, names))) for rule in rules)
    return Message(say(bold(_("Mute what?"))), lines, rows)


def _transactions(db: Database, alerts: Sequence[Alert]) -> list[Transaction]:
    """Those of the first alerts, as far as they are still kept."""
    hashes = dict.fromkeys((a.chain, a.transaction) for a in alerts if a.transaction)
    found = (transaction_by_hash(db, *each) for each in list(hashes)[:_LOOKED_AT])
    return [each for each in found if each is not None]


def _common(named: Iterable[str]) -> list[str]:
    """What is named, the most often first."""
    return [each for each, _times in Counter(named).most_common()]


def _offer(label: str, scope: Scope, subject: str | int) -> Button:
    return Button(label, f"/mute {scope} {subject}", replaces=True)


def _watched(told: Sequence[Alert], names: Names) -> list[str]:
    """The watched addresses that the alerts are about."""
    watched = {rule.address for rule in names.rules.values() if rule.kind is Kind.WATCH}
    return _common(alert.subject for alert in told if alert.subject in watched)[:_MOST]


def _others(transactions: Sequence[Transaction], told: Sequence[Alert]) -> list[str]:
    """Who is on the other side: the largest senders and receivers that no alert is about."""
    own = {alert.subject for alert in told}
    sides = [side(each) for each in transactions for side in (senders_of, receivers_of)]
    others = (other for side in sides for other in [a for a in side if a not in own][:1])
    return _common(others)[:_MOST]
