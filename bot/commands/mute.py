"""`/mute [DURATION] [WHAT]`: keep alerts back for a while, all or some."""

from itertools import chain as chained

from bot.commands.command import Call, Parameter, Type
from bot.commands.silence import argument_of, everywhere, muted_line, names_of, subject_of
from bot.commands.values import FOREVER, TransactionOn
from bot.desk import Desk
from bot.wording.silence_words import Names, rule_words, subject_words
from bot.wording.transaction_words import receivers_of, senders_of
from bot.wording.words import bold, say
from detectors.model import Alert, Kind
from storage.model import Button, Line, Message
from storage.mutes import ALL, Subject, mutes_of, save_mute
from storage.ruling import Mute as Running
from storage.ruling import Scope
from storage.silence import told_of
from storage.transactions import transaction_by_hash
from watchers.model import Transaction

_OFFERED = (("1 h", "1h"), ("8 h", "8h"), ("24 h", "24h"), ("For ever", FOREVER))
_MOST = 2
"""So many of a kind are offered: a keyboard is to be read at a glance."""


def _about(name: str, type_: Type, summary: str) -> Parameter:
    return Parameter(name, type_, summary, required=False, named=True, narrows=True)


class Mute:
    """Mutes something in the chat; without a duration it offers some, about an alert its parts."""

    name = "mute"
    summary = "Keep alerts back for a while: all, or those you name"
    parameters = (
        Parameter("duration", Type.DURATION, "30m, 8h, 2d or forever", required=False),
        _about("address", Type.ADDRESS, "Alerts about this watched address"),
        _about("counterparty", Type.ADDRESS, "Whatever this address takes part in"),
        _about("asset", Type.CHAIN, "Alerts about this asset: BTC"),
        _about("rule", Type.NUMBER, "The number of one of your rules"),
        _about("about", Type.TRANSACTION, "Offers what can be muted of an alert"),
    )
    examples = ("/mute", "/mute 8h", "/mute forever", "/mute 24h asset bitcoin")
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        names = await names_of(call, desk)
        about = subject_of(call, names)
        seconds: int | None = call.arguments.get("duration")
        if seconds is not None:
            return await _mute(call, desk, about, names, call.now + seconds)
        if "about" in call.arguments and about == ALL:
            return await _ask_what(call, desk, call.arguments["about"], names)
        return _ask_how_long(call, about, names, await desk.read(mutes_of, call.chat.id, call.now))


async def _mute(call: Call, desk: Desk, about: Subject, names: Names, until: int) -> Message:
    mute: Running = await desk.write(save_mute, call.chat.id, call.now, until, about)
    all_ = about.scope is Scope.EVERYTHING
    what = "Alerts" if all_ else subject_words(about, names)
    rest = " Whatever you ask is still answered." if all_ else ""
    lines = (say(f"{what} are kept back and counted.{rest}"), *await everywhere(call, desk))
    undo = Button("Undo", f"/unmute {mute.id}", replaces=True)
    return Message(muted_line(call, until), lines, ((undo, Button("All mutes", "/mutes")),))


def _ask_how_long(
    call: Call, about: Subject, names: Names, running: tuple[Running, ...]
) -> Message:
    command = "/mute {}" + argument_of(about, names)
    offers = tuple(Button(label, command.format(text), replaces=True) for label, text in _OFFERED)
    same = [m for m in running if Subject(m.scope, m.chain, m.subject) == about]
    what: tuple[Line, ...] = ()
    if about.scope is not Scope.EVERYTHING:
        what = (say(f"{subject_words(about, names)}."),)
    if not same:
        return Message(say(bold("Mute for how long?")), what, (offers,))
    end = Button("Unmute", f"/unmute {same[-1].id}", replaces=True)
    return Message(muted_line(call, same[-1].until), (*what, say("Change it?")), (offers, (end,)))


async def _ask_what(call: Call, desk: Desk, meant: TransactionOn, names: Names) -> Message:
    """What can be muted of an alert: only what this chat was told of it."""
    chain = meant.chain
    told = await desk.read(told_of, call.chat.id, chain.name, meant.hash)
    alerts = [alert for alert, _ in told]
    transaction = await desk.read(transaction_by_hash, chain.name, meant.hash)
    asked = dict.fromkeys(chained.from_iterable(rules for _, rules in told))
    rules = [names.rules[id_] for id_ in asked if names.rules[id_].chat == call.chat.id][:_MOST]
    buttons = [
        *(_offer(f"👁 {names.address(a)}", Scope.ADDRESS, a) for a in _watched(alerts, names)),
        *(
            _offer(f"🤝 With {names.address(a)}", Scope.COUNTERPARTY, a)
            for a in _others(transaction, alerts)
        ),
        _offer(f"All {chain.asset.symbol}", Scope.ASSET, chain.asset.symbol),
        *(_offer(f"📏 Rule {rule.number}", Scope.RULE, rule.number) for rule in rules),
        Button("🔕 Everything", "/mute", replaces=True),
    ]
    rows = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    lines = tuple(say(f"R{rule_words(rule, names)[1:]}.") for rule in rules)
    return Message(say(bold("Mute what?")), lines, rows)


def _offer(label: str, scope: Scope, subject: str | int) -> Button:
    return Button(label, f"/mute {scope} {subject}", replaces=True)


def _watched(told: list[Alert], names: Names) -> list[str]:
    """The watched addresses that the alerts are about."""
    watched = {rule.address for rule in names.rules.values() if rule.kind is Kind.WATCH}
    return [alert.subject for alert in told if alert.subject in watched][:_MOST]


def _others(transaction: Transaction | None, told: list[Alert]) -> list[str]:
    """Who is on the other side: the largest sender and receiver that no alert is about."""
    if transaction is None:
        return []
    own = {alert.subject for alert in told}
    sides = senders_of(transaction), receivers_of(transaction)
    return [other for side in sides for other in [a for a in side if a not in own][:1]]
