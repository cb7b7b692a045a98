"""`/ack [after | id]`: somebody has seen an alert, and what happens when nobody has."""

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.odd import rarity
from bot.wording.words import bold, clean, clock, place, refuse, say, span
from detectors.anomalies import CRITICAL_ONE_IN
from storage.acknowledgements import acknowledge, repeat_seconds_of, save_repeat
from storage.model import Button, Message

OFF = "off"
SHORTEST_SECONDS, LONGEST_SECONDS = 300, 86400
_OFFERED = (OFF, "10m", "30m", "2h")


class Ack:
    """Acknowledges an alert, by default the newest; sets when critical ones are repeated."""

    name = "ack"
    summary = marked("Say that an alert was seen; repeat critical ones that were not")
    parameters = (
        Parameter(
            "after",
            Type.DURATION,
            marked("Repeat a critical alert once that nobody acknowledged for so long"),
            required=False,
            choices=(OFF,),
        ),
        Parameter("id", Type.TRANSACTION, marked("Of which transaction"), required=False),
        Parameter(
            "alert", Type.NUMBER, marked("Of which message, by its number"),
            required=False, named=True, narrows=True,
        ),
    )  # fmt: skip
    examples = ("/ack", "/ack 30m", "/ack off")
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        after, which = call.arguments.get("after"), _which(call)
        if after is not None and which is not None:
            raise UsageError(_("An alert or a time, not both at once."))
        if after is not None:
            return await _set(call, desk, 0 if after == OFF else after)
        seen = await desk.write(acknowledge, call.chat, which, call.person, call.now)
        if seen is None:
            return await _nothing(call, desk, named=which is not None)
        desk.wake()
        when = clock(seen.at, call.chat.timezone)
        verdict = _("✅ Acknowledged.")
        if seen.before:
            name = clean(seen.name, SHOWN) or _("Somebody")
            verdict = _("✅ {name} has seen it, {time}.").format(name=name, time=when)
        return Message(say(bold(verdict)), brief=True)


def _which(call: Call) -> str | int | None:
    """The transaction or the message that is named."""
    if "alert" in call.arguments:
        return int(call.arguments["alert"])
    return call.arguments["id"].hash if "id" in call.arguments else None


async def _set(call: Call, desk: Desk, seconds: int) -> Message:
    if seconds and not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise UsageError(_("From five minutes to a day."))
    await desk.write(save_repeat, call.chat.id, seconds)
    return _repeating(call, seconds)


def _repeating(call: Call, seconds: int) -> Message:
    here = place(call.chat)
    if not seconds:
        none = _("No alert is repeated in this {place}.").format(place=here)
        return Message(say(bold(none)), (), _offers(seconds))
    title = _("🔁 What nobody acknowledges is repeated once, after {span}.")
    critical = _("Critical alerts only: coins leave an address watched here, or it is odd as {n}.")
    what = say(critical.format(n=rarity(CRITICAL_ONE_IN)))
    return Message(say(bold(title.format(span=span(seconds)))), (what,), _offers(seconds))


async def _nothing(call: Call, desk: Desk, *, named: bool) -> Message:
    seconds = await desk.read(repeat_seconds_of, call.chat.id)
    if named:
        return refuse(_("I told of nothing like that here."))
    now = _("None is repeated.")
    if seconds:
        now = _("Critical ones are repeated after {span}.").format(span=span(seconds))
    nothing = _("Nothing waits to be acknowledged here.")
    return Message(say(bold(nothing)), (say(now),), _offers(seconds))


def _offers(seconds: int) -> tuple[tuple[Button, ...], ...]:
    """Other times, or none."""
    labels = {OFF: _("Never"), "10m": span(600), "30m": span(1800), "2h": span(7200)}
    return (
        tuple(
            Button(labels[each], f"/ack {each}", replaces=True)
            for each in _OFFERED
            if seconds or each != OFF
        ),
    )
