"""`/why [ALERT | TX]`: why an alert was told and how, or why a transaction was not."""

from collections.abc import Iterator, Sequence

from bot.asking import LOOK_UP
from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.values import listed
from bot.commands.why_transaction import explain_transaction, odd_told, reader_of
from bot.desk import Desk
from bot.language import _, marked
from bot.outlet.view import view_of
from bot.wording.alert_message import in_group
from bot.wording.case_words import since_changed
from bot.wording.rule_reasons import Reader, asked_lines, price_line, rule_line
from bot.wording.telling_words import muted_line, outcome_lines, spoken
from bot.wording.words import bold, in_rows, many, quiet, refuse, say
from detectors.model import Alert
from storage.alerts import Story
from storage.ledger import PRICE_MAX_AGE_SECONDS, price_at
from storage.model import Button, Line, Message
from storage.tellings import Part, Telling, newest_telling, stories_of_telling, telling
from watchers.model import Chain

_SHOWN = 8
_ROW = 4
_RULES = 2


class Why:
    """An alert by its number, by default the newest; or a transaction by its id."""

    name = "why"
    summary = marked("Why an alert was told, and how; or why a transaction was not")
    parameters = (
        Parameter("number", Type.NUMBER, marked("An alert's: else the newest"), required=False),
        Parameter("id", Type.TRANSACTION, marked("A transaction's id"), required=False),
        Parameter(
            "outside",
            Type.CHOICE,
            marked("Ask the chain's source outside, which tells it the id"),
            required=False,
            choices=(LOOK_UP,),
        ),
    )
    examples = (
        "/why",
        "/why 12",
        "/why 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",
    )
    changes = False
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        if "number" in call.arguments and "id" in call.arguments:
            raise UsageError(_("An alert or a transaction, not both at once."))
        if "id" in call.arguments:
            return await explain_transaction(call, desk, call.arguments["id"])
        number = call.arguments.get("number")
        if number is None:
            number = await desk.read(newest_telling, call.chat.id)
        if number is None:
            return refuse(
                _("No alert was raised here yet."),
                say(_("To learn why you were not told of a transaction, give me its id.")),
                buttons=((Button(_("All rules"), "/alerts"),),),
            )
        found = await desk.read(telling, call.chat.id, number)
        if found is None:
            raise UsageError(_("There is no alert {n} here.").format(n=number))
        return await explain_alert(call, desk, found)


async def explain_alert(call: Call, desk: Desk, found: Telling) -> Message:
    """Which rule asked for it, by which amounts, and what became of it."""
    reader = await reader_of(call, desk)
    stories = await desk.read(stories_of_telling, found, call.now)
    if len(stories) > 1:
        return await _explain_many(call, desk, found, stories, reader)
    (story,) = stories
    view = await desk.read(view_of, call.chat, stories, desk.chains)
    chain = desk.chains[story.chain]
    part = spoken(found.parts)
    lines = [in_group(story, chain, view)]
    for each in found.parts:
        lines += _asked(each, reader)
        if each.muting and not part.muting:
            lines.append(muted_line(each.muting, reader))
    lines += await _price_used(desk, chain, story.alerts, reader)
    reasons, picture = await odd_told(desk, chain, story.hash, story.alerts)
    lines += reasons
    seen_at = None if story.transaction is None else story.transaction.time
    lines += [say(), *outcome_lines(found, part, seen_at, reader)]
    title, buttons = say(bold(_title(found, reader))), _buttons(found, story, reader)
    return Message(title, tuple(lines), buttons, picture)


def _title(found: Telling, reader: Reader) -> str:
    """`Alert 12: rule 1 asked for it`."""
    numbers = _rules_of(found.parts, reader)
    if not numbers:
        return _("❓ Alert {alert}: another chat of yours asked for it").format(alert=found.message)
    return many(
        len(numbers),
        "❓ Alert {alert}: rule {rules} asked for it",
        "❓ Alert {alert}: rules {rules} asked for it",
        alert=found.message,
        rules=listed(map(str, numbers)),
    )


def _rules_of(parts: Sequence[Part], reader: Reader) -> list[int]:
    """The numbers of the rules that asked, as far as they are those of this chat."""
    asking = [part.asking.subscription for part in parts if part.asking]
    return sorted({rule.number for rule in asking if rule.chat == reader.chat})


def _named(numbers: Sequence[int]) -> str:
    """` · rule 1`, "" for none."""
    if not numbers:
        return ""
    rules = listed(map(str, numbers))
    return f" · {many(len(numbers), 'rule {rules}', 'rules {rules}', rules=rules)}"


async def _price_used(
    desk: Desk, chain: Chain, alerts: Sequence[Alert], reader: Reader
) -> list[Line]:
    valued = [alert for alert in alerts if alert.usd_micro is not None]
    if not valued:
        return []
    time = valued[0].time
    price = await desk.read(price_at, chain.asset.symbol, "USD", time, PRICE_MAX_AGE_SECONDS)
    return [price_line(price, chain.asset.symbol, reader.zone)] if price else []


def _asked(part: Part, reader: Reader) -> Iterator[Line]:
    """The rule as it was then, and the amounts."""
    if part.asking is None:
        return
    rule = part.asking.subscription
    yield rule_line(rule, reader)
    yield from asked_lines(part.alert, rule, reader.names)
    yield from since_changed(part.asking, part.alert.time, reader)


async def _explain_many(
    call: Call, desk: Desk, found: Telling, stories: Sequence[Story], reader: Reader
) -> Message:
    """What one message tells of: a line each, with a button to the reasons of the newest."""
    shown = stories[:_SHOWN]
    view = await desk.read(view_of, call.chat, shown, desk.chains)
    lines: list[Line] = []
    for number, story in enumerate(shown, 1):
        told = in_group(story, desk.chains[story.chain], view)
        lines.append(say(f"{number}. ", *told, _named(_rules_of(found.of(story), reader))))
    if rest := len(stories) - len(shown):
        lines.append(say(quiet(many(rest, "… and {n} before these", "… and {n} before these"))))
    lines += [say(), *outcome_lines(found, spoken(found.parts), None, reader)]
    why = [
        Button(f"❓ {number}", f"/why {story.hash}")
        for number, story in enumerate(shown, 1)
        if story.hash
    ]
    rows = [*in_rows(why, _ROW)]
    title = many(
        len(stories),
        "❓ Alert {alert} tells of {n} thing",
        "❓ Alert {alert} tells of {n} things",
        alert=found.message,
    )
    return Message(say(bold(title)), tuple(lines), (*rows, *_turns(found)))


def _buttons(found: Telling, story: Story, reader: Reader) -> tuple[tuple[Button, ...], ...]:
    """What to do about it; a rule can be changed as long as there is one of its number."""
    mute = Button(_("🔕 Mute…"), f"/mute about {story.hash}" if story.hash else "/mute")
    numbers = {rule.number for rule in reader.names.rules.values() if rule.chat == reader.chat}
    rules = [number for number in _rules_of(found.parts, reader) if number in numbers][:_RULES]
    change = tuple(
        Button(_("✏️ Rule {n}…").format(n=number), f"/alerts {number}") for number in rules
    )
    details = (Button(_("Details"), f"/tx {story.hash}"),) if story.hash else ()
    return ((mute, *change, *details), *_turns(found))


def _turns(found: Telling) -> tuple[tuple[Button, ...], ...]:
    turns = tuple(
        Button(label, f"/why {number}", replaces=True)
        for label, number in ((_("Earlier"), found.earlier), (_("Later"), found.later))
        if number is not None
    )
    return (turns,) if turns else ()
