"""`/useful NUMBER yes|no`: whether an alert was worth telling, and what follows from that."""

from collections.abc import Sequence

from msgspec.structs import replace
from sqlite_utils import Database

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.language import _, marked
from bot.learning.level import in_a_row, level_after
from bot.wording.odd import rarity
from bot.wording.useful import moved_line, precision_words, said_lines
from bot.wording.words import bold, clean, refuse, say, short
from detectors.model import Alert, Kind
from storage.labels import Label, delete_label, labels_about, precisions, said_since, save_label
from storage.model import Button, Line, Message
from storage.outbox import request_edits
from storage.subscriptions import Lasting, subscriptions_ever
from storage.tellings import Telling, telling

YES, NO, BACK = "yes", "no", "back"
_LISTED = 8


class Useful:
    """Keeps what a person says of an alert; moves the level of the rule for what is odd."""

    name = "useful"
    summary = marked("Say whether an alert was worth telling, 👍 or 👎")
    parameters = (
        Parameter("number", Type.NUMBER, marked("An alert's")),
        Parameter(
            "verdict",
            Type.CHOICE,
            marked("Useful or not; back takes it back"),
            required=False,
            choices=(YES, NO, BACK),
        ),
        Parameter("id", Type.TRANSACTION, marked("Of which transaction"), required=False),
    )
    examples = ("/useful 12", "/useful 12 yes", "/useful 12 no")
    changes = False
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer, which a group sees; raises `UsageError`."""
        number, verdict = call.arguments["number"], call.arguments.get("verdict")
        found = await desk.read(telling, call.chat.id, number)
        if found is None:
            raise UsageError(_("There is no alert {n} here.").format(n=number))
        alerts = _meant(call, found)
        if not alerts:
            return refuse(_("That alert is about no transaction: there is nothing to judge."))
        if len({alert.transaction for alert in alerts}) > 1:
            return _which(found, alerts)
        if verdict is None:
            return await _asked(call, desk, found, alerts)
        if verdict == BACK:
            return await _take_back(call, desk, found, alerts)
        return await _judge(call, desk, found, alerts, good=verdict == YES)


def _meant(call: Call, found: Telling) -> list[Alert]:
    """The alerts about transactions, or about the one that is named; raises `UsageError`."""
    alerts = [part.alert for part in found.parts if part.alert.transaction]
    named = call.arguments.get("id")
    if named is None:
        return alerts
    meant = [alert for alert in alerts if alert.transaction == named.hash]
    if not meant:
        raise UsageError(_("Alert {n} does not tell of that transaction.").format(n=found.message))
    return meant


def _which(found: Telling, alerts: Sequence[Alert]) -> Message:
    """Several at once are judged one by one: the newest are offered."""
    hashes = list(dict.fromkeys(alert.transaction for alert in alerts))[:_LISTED]
    rows = tuple(
        tuple(
            Button(f"{sign} {short(each)}", f"/useful {found.message} {word} {each}")
            for sign, word in (("👍", YES), ("👎", NO))
        )
        for each in hashes
    )
    title = _("Alert {n} tells of several transactions. Which was useful?")
    return Message(say(bold(title.format(n=found.message))), (), rows, personal=True)


async def _asked(call: Call, desk: Desk, found: Telling, alerts: Sequence[Alert]) -> Message:
    """What was said so far, and buttons to say it or to take it back."""
    title = say(bold(_("Was alert {n} useful?").format(n=found.message)))
    about = _about(found, alerts)
    buttons = (Button("👍", f"/useful {about[0]} {YES}{about[1]}", replaces=True),
               Button("👎", f"/useful {about[0]} {NO}{about[1]}", replaces=True))  # fmt: skip
    labels = await _labels(call, desk, alerts)
    mine = any(label.person == call.person.id for label in labels)
    rows = (buttons, (_back(about),)) if mine else (buttons,)
    return Message(title, tuple(said_lines(labels)), rows, personal=True)


def _back(about: tuple[int, str]) -> Button:
    return Button(_("Take back"), f"/useful {about[0]} {BACK}{about[1]}", replaces=True)


async def _take_back(call: Call, desk: Desk, found: Telling, alerts: Sequence[Alert]) -> Message:
    if not await desk.write(_unsave, call, found.message, alerts):
        return refuse(_("You said nothing of alert {n}.").format(n=found.message))
    desk.wake()
    title = _("{name} took back what they said of alert {n}.")
    lines = said_lines(await _labels(call, desk, alerts))
    said = say(bold(title.format(name=_name(call), n=found.message)))
    return Message(said, tuple(lines), brief=_is_brief(call))


async def _judge(
    call: Call, desk: Desk, found: Telling, alerts: Sequence[Alert], *, good: bool
) -> Message:
    await desk.write(_save, call, found.message, alerts, good)
    desk.wake()
    title = _("👍 {name} found alert {n} useful.") if good else _(
        "👎 {name} found alert {n} not useful."
    )  # fmt: skip
    others = [each for each in await _labels(call, desk, alerts) if each.person != call.person.id]
    lines = [*said_lines(others), *await _so_far(call, desk, alerts)]
    moved, buttons = await _moved(call, desk, alerts)
    rows = tuple(row for row in (buttons, (_back(_about(found, alerts)),)) if row)
    said = say(bold(title.format(name=_name(call), n=found.message)))
    return Message(said, (*lines, *moved), rows, brief=_is_brief(call) and not moved)


def _is_brief(call: Call) -> bool:
    """Whether the alert itself, which shows who judged it, is answer enough to a button."""
    return call.chat.kind != "private"


def _save(db: Database, call: Call, message: int, alerts: Sequence[Alert], good: bool) -> None:
    """Keep it, and let the message show it."""
    save_label(db, call.chat.id, call.person.id, alerts, call.now, good=good)
    request_edits(db, [message], call.now)


def _unsave(db: Database, call: Call, message: int, alerts: Sequence[Alert]) -> bool:
    gone = delete_label(db, call.chat.id, call.person.id, alerts)
    if gone:
        request_edits(db, [message], call.now)
    return gone


async def _labels(call: Call, desk: Desk, alerts: Sequence[Alert]) -> list[Label]:
    return await desk.read(labels_about, call.chat.id, alerts[0].chain, alerts[0].transaction)


async def _so_far(call: Call, desk: Desk, alerts: Sequence[Alert]) -> list[Line]:
    """How useful such alerts were here."""
    detectors = {alert.detector for alert in alerts}
    found = await desk.read(precisions, call.chat.id)
    return [say(precision_words(each)) for each in found if each.detector in detectors]


async def _moved(
    call: Call, desk: Desk, alerts: Sequence[Alert]
) -> tuple[tuple[Line, ...], tuple[Button, ...]]:
    """What the chat's rule for what is odd does about it: in a private chat at once.

    Whoever judges in a group need not be one who may change its rules: there it is offered.
    """
    odd = next((alert for alert in alerts if alert.detector == Kind.ANOMALIES), None)
    rule = None if odd is None else await _rule(call, desk, odd.chain)
    if rule is None or not call.chat.bound:
        return (), ()
    asked, level = rule.subscription, rule.subscription.amount
    said = await desk.read(said_since, call.chat.id, asked.chain, rule.since, level)
    wanted = level_after(level, said)
    if wanted == level:
        return (), ()
    row = in_a_row(said, good=said[-1])
    at_once = call.chat.kind == "private"
    line = moved_line(level, wanted, row, at_once=at_once)
    set_ = Button(_("Set…"), f"/alerts {asked.number}")
    if not at_once:
        return (line,), (Button(rarity(wanted), _set(asked.number, wanted)), set_)
    await desk.subscribe(replace(asked, amount=wanted))
    undo = Button(_("Undo"), _set(asked.number, level))
    return (line,), (undo, set_)


async def _rule(call: Call, desk: Desk, chain: str) -> Lasting | None:
    """The rule of this chat for what is odd on a chain."""
    ever = await desk.read(subscriptions_ever, call.chat.id)
    wanted = (Kind.ANOMALIES, chain, call.chat.id)
    here = (
        each
        for each in ever
        if (each.subscription.kind, each.subscription.chain, each.subscription.chat) == wanted
    )
    return next((each for each in here if each.until is None), None)


def _set(number: int, level: int) -> str:
    return f"/alerts {number} min 1 in {level}"


def _about(found: Telling, alerts: Sequence[Alert]) -> tuple[int, str]:
    """The number, and the transaction where the message tells of others, too."""
    several = len({part.alert.transaction for part in found.parts}) > 1
    return found.message, f" {alerts[0].transaction}" if several else ""


def _name(call: Call) -> str:
    return clean(call.person.name, SHOWN) or _("Somebody")
