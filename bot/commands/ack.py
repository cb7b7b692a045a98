"""`/ack [after | id]`: somebody has seen an alert, and what happens when nobody has."""

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.desk import Desk
from bot.language import marked
from bot.wording.words import bold, clock, place, refuse, say, span
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
            raise UsageError("An alert or a time, not both at once.")
        if after is not None:
            return await _set(call, desk, 0 if after == OFF else after)
        seen = await desk.write(acknowledge, call.chat, which, call.person, call.now)
        if seen is None:
            return await _nothing(call, desk, named=which is not None)
        desk.wake()
        when = clock(seen.at, call.chat.timezone)
        verdict = f"✅ {seen.name} has seen it, {when}." if seen.before else "✅ Acknowledged."
        return Message(say(bold(verdict)), brief=True)


def _which(call: Call) -> str | int | None:
    """The transaction or the message that is named."""
    if "alert" in call.arguments:
        return int(call.arguments["alert"])
    return call.arguments["id"].hash if "id" in call.arguments else None


async def _set(call: Call, desk: Desk, seconds: int) -> Message:
    if seconds and not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise UsageError("From five minutes to a day.")
    await desk.write(save_repeat, call.chat.id, seconds)
    return _repeating(call, seconds)


def _repeating(call: Call, seconds: int) -> Message:
    here = place(call.chat)
    if not seconds:
        return Message(say(bold(f"No alert is repeated in this {here}.")), (), _offers(seconds))
    title = f"🔁 What nobody acknowledges is repeated once, after {span(seconds)}."
    what = say("Critical alerts only: when coins leave an address that is watched here.")
    return Message(say(bold(title)), (what,), _offers(seconds))


async def _nothing(call: Call, desk: Desk, *, named: bool) -> Message:
    seconds = await desk.read(repeat_seconds_of, call.chat.id)
    if named:
        return refuse("I told of nothing like that here.")
    now = f"Critical ones are repeated after {span(seconds)}." if seconds else "None is repeated."
    return Message(
        say(bold("Nothing waits to be acknowledged here.")), (say(now),), _offers(seconds)
    )


def _offers(seconds: int) -> tuple[tuple[Button, ...], ...]:
    """Other times, or none."""
    labels = {OFF: "Never", "10m": "10 min", "30m": "30 min", "2h": "2 h"}
    return (
        tuple(
            Button(labels[each], f"/ack {each}", replaces=True)
            for each in _OFFERED
            if seconds or each != OFF
        ),
    )
