"""`/alerts`: what this chat is told, each thing with its number, and whether it is told."""

from collections.abc import Iterator

from msgspec.structs import replace

from bot.commands.alert_changes import (
    KIND_NAMES,
    PROPERTIES,
    RINGS,
    add,
    bring_back,
    change,
    offer_back,
    remove,
)
from bot.commands.alert_list import OFF, asked_lines, format_list, format_one, page_of
from bot.commands.budget import set_budget, show_all
from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.digest import TIMES, set_digest
from bot.commands.rule_offers import offered_values
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.words import bold, place, say
from storage.model import Button, Line, Message

HERE = "here"
ACTIONS = ("add", "remove", "back", HERE, OFF, "budget", "digest", "all")


class Alerts:
    """Lists, adds, changes and ends what the chat is told; begins and ends the telling."""

    name = "alerts"
    summary = marked("What this chat is told, how it rings, and whether it is")
    parameters = (
        Parameter("do", Type.CHOICE, marked("Add, remove, …"), required=False, choices=ACTIONS),
        Parameter("number", Type.NUMBER, marked("Which one of the list"), required=False),
        Parameter(
            "what",
            Type.CHOICE,
            marked("The kind to add, or what to change"),
            required=False,
            choices=(*KIND_NAMES, *PROPERTIES, *RINGS, *TIMES, "page"),
        ),
        Parameter(
            "value",
            Type.TEXT,
            marked("Like: below 3, 0.5 BTC, silent, or ADDRESS in min 0.5 BTC"),
            required=False,
            offers=offered_values,
        ),
    )
    examples = (
        "/alerts",
        "/alerts add fees below 3",
        "/alerts add price above 100000",
        "/alerts add watch bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq in min 0.5 BTC label Savings",
        "/alerts add blocks later than 30m",
        "/alerts 1 ring silent",
        "/alerts 1 min 0.5 BTC",
        "/alerts 1 in",
        "/alerts remove 1",
        "/alerts budget 40",
        "/alerts digest summary",
        "/alerts here",
        "/alerts off",
    )
    changes = True
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        number, do = call.arguments.get("number"), call.arguments.get("do")
        if do in RINGS and number is not None:  # "off 1" is about that one, as "1 off" is
            one = replace(call, arguments={**call.arguments, "what": do})
            return await change(one, desk, number)
        if do in _OF_ALL:
            return await _OF_ALL[do](call, desk)
        if do is None and number is None:
            return replace(await _listed(call, desk), personal=True)
        return await _numbered(call, desk, do, number)


async def _here(call: Call, desk: Desk) -> Message:
    await desk.bind(call.chat.id, bound=True)
    told = _("🔔 This {place} is told.").format(place=place(call.chat))
    return await format_list(call, desk, told, first=_lacks(call))


async def _off(call: Call, desk: Desk) -> Message:
    await desk.bind(call.chat.id, bound=False)
    return await _untold(call, desk)


async def _numbered(call: Call, desk: Desk, do: str | None, number: int | None) -> Message:
    if number is None and do == "back":
        return await offer_back(call, desk)
    if number is None:
        raise UsageError(_("Which number? The list has them: /alerts"))
    match do:
        case "remove":
            return await remove(call, desk, number)
        case "back":
            return await bring_back(call, desk, number)
        case "all":
            return replace(await show_all(call, desk, number), personal=True)
    if "what" in call.arguments:
        return await change(call, desk, number)
    return replace(await format_one(call, desk, number), personal=True)


async def _listed(call: Call, desk: Desk) -> Message:
    page = page_of(call)
    if not call.chat.bound:
        return await _untold(call, desk)
    return await format_list(call, desk, "", page, _lacks(call))


async def _untold(call: Call, desk: Desk) -> Message:
    """Nothing is told; what is asked for is kept."""
    asked = await asked_lines(call, desk)
    label = _("🔔 Tell this {place}").format(place=place(call.chat))
    begin = Button(label, f"/alerts {HERE}", replaces=True)
    lines = (say(_("Kept, and told again when you wish:")), *asked) if asked else ()
    return Message(say(bold(_("🚫 Nothing is told here."))), (*_lacks(call), *lines), ((begin,),))


def _lacks(call: Call) -> Iterator[Line]:
    if call.cannot:
        lacking = _("⚠️ I am not allowed to: {rights}.").format(rights=", ".join(call.cannot))
        yield say(bold(lacking))
        yield say(_("Until an admin here allows that, what I tell cannot arrive."))


_OF_ALL = {HERE: _here, OFF: _off, "add": add, "budget": set_budget, "digest": set_digest}
"""What is done with no one of the list."""
