"""`/import`: a list from a file, shown before it counts."""

import asyncio
from collections.abc import Sequence
from functools import partial

from bot.commands.alert_list import asked_in
from bot.commands.command import Call, Parameter, Type, UsageError
from bot.desk import Desk
from bot.language import _, marked
from bot.lists.file import LARGEST_BYTES, Fault, read_list
from bot.lists.row import same
from bot.platforms.platform import AttachedError
from bot.wording.words import bold, code, filled, many, place, quiet, refuse, say
from detectors.model import Subscription
from storage.imports import find_import, keep_import, newer_import, take_import
from storage.model import Button, Line, Message

_FAULTS, _NUMBERS = 5, 50
"""So many lines are explained, and so many more named."""


class Import:
    """Reads a file that was sent with it, and takes it over once it is confirmed."""

    name = "import"
    summary = marked("Take over a list from a CSV or JSON file")
    parameters = (
        Parameter("number", Type.NUMBER, marked("What was shown, to confirm it"), required=False),
        Parameter("file", Type.FILE, marked("The list: CSV or JSON"), required=False),
    )
    examples = ("/import", "/import 1")
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        if "number" in call.arguments:
            return await _take(call, desk, call.arguments["number"])
        if call.file is None:
            return _ask(call.chat.platform)
        if call.file.size > LARGEST_BYTES:
            raise UsageError(_("That file is too large: at most 1 MB."))
        try:
            content = await call.file.read()
        except AttachedError as error:
            raise UsageError(str(error)) from None
        return await _show(call, desk, content)


def _ask(platform: str) -> Message:
    enough = _("CSV with the columns {columns} is enough;")
    typed = platform == "terminal"  # where nothing can be sent, but our files be read
    how = filled(_("Type its path: {command}"), command=code("/import ~/spyhop.csv"))
    return Message(
        say(bold(_("Which file?") if typed else _("Send me the file."))),
        (
            *([how] if typed else []),
            say(*filled(enough, columns=code("address,label")), " "),
            filled(_("what {command} writes holds everything."), command=code("/export")),
            say(quiet(_("Nothing changes before you confirm it."))),
        ),
        ((Button(_("Export"), "/export"),),),
    )


async def _show(call: Call, desk: Desk, content: bytes) -> Message:
    present = await asked_in(call, desk)
    listed = await asyncio.to_thread(read_list, content, present, desk.chains)
    verdict, fresh = _verdict(listed.asked, present, listed.faults)
    lines = [_fault(fault) for fault in listed.faults[:_FAULTS]]
    if rest := listed.faults[_FAULTS:]:
        lines.append(_rest(rest))
    if not fresh:
        return refuse(_("Nothing to take over: {counts}.").format(counts=verdict), *lines)
    number = await desk.write(keep_import, call.chat.id, listed.asked, call.now)
    lines.append(say(quiet(_("Nothing has changed yet."))))
    label = many(fresh, "Take over {n}", "Take over {n}")
    confirm = Button(label, f"/import {number}", replaces=True)
    return Message(say(bold(f"📄 {verdict}")), tuple(lines), ((confirm,),))


def _verdict(
    asked: Sequence[Subscription], present: Sequence[Subscription], faults: Sequence[Fault]
) -> tuple[str, int]:
    """`12 new, 3 changed, 1 not understood`, and how many would be taken over."""
    known = {same(one): one for one in present}
    new = sum(same(one) not in known for one in asked)
    changed = sum(same(one) in known and _differs(one, known[same(one)]) for one in asked)
    same_, wrong = len(asked) - new - changed, len(faults)
    counts = (
        (new, many(new, "{n} new", "{n} new")),
        (changed, many(changed, "{n} changed", "{n} changed")),
        (same_, many(same_, "{n} as it is", "{n} as it is")),
        (wrong, many(wrong, "{n} not understood", "{n} not understood")),
    )
    named = [said for count, said in counts if count]
    return ", ".join(named) or _("it is empty"), new + changed


def _differs(one: Subscription, other: Subscription) -> bool:
    parts = ("label", "unit", "amount", "way", "ring")
    return any(getattr(one, part) != getattr(other, part) for part in parts)


def _fault(fault: Fault) -> Line:
    return say(_("Line {n}: {reason}").format(n=fault.line, reason=fault.reason))


def _rest(faults: Sequence[Fault]) -> Line:
    """The lines that there is no room to explain."""
    named = ", ".join(str(fault.line) for fault in faults[:_NUMBERS])
    return say(
        many(
            len(faults),
            "… and {n} more not understood: lines {lines}",
            "… and {n} more not understood: lines {lines}",
            lines=f"{named} …" if len(faults) > _NUMBERS else named,
        )
    )


async def _take(call: Call, desk: Desk, number: int) -> Message:
    asked = await desk.read(find_import, call.chat.id, number, call.now)
    if asked is None:
        newer = await desk.read(newer_import, call.chat.id, number, call.now)
        if newer is not None:
            instead = Button(_("Take over the newer one"), f"/import {newer}", replaces=True)
            return refuse(_("A newer list took the place of that one."), buttons=((instead,),))
        return refuse(_("That list was taken over already, or is too old. Send the file again."))
    take = partial(take_import, chat=call.chat.id, asked=asked, now=call.now)
    await desk.change_who_is_told(take)
    verdict = many(
        len(asked),
        "✅ {n} alert of the file told in this {place}.",
        "✅ {n} alerts of the file told in this {place}.",
        place=place(call.chat),
    )
    return Message(say(bold(verdict)), (), ((Button(_("All alerts"), "/alerts"),),))
