"""`/quiet BEGINS ENDS [days]`: hours in which alerts are kept, and told at their end."""

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.silence import everywhere
from bot.desk import Desk
from bot.language import marked
from bot.wording.silence_words import quiet_words
from bot.wording.words import at, bold, clock, code, say
from storage.model import Button, Message
from storage.mutes import quiet_hours_of, save_quiet_hours
from storage.quiet import EVERY_DAY, QuietHours, quiet_until

_OFF = "off"
_OFFERED = (("22:00 to 07:00", "22:00 07:00"), ("23:00 to 08:00", "23:00 08:00"))


class Quiet:
    """Shows and sets the quiet hours: a person's in private, the chat's elsewhere."""

    name = "quiet"
    summary = marked("Hours in which alerts wait, except critical ones")
    parameters = (
        Parameter(
            "begins", Type.TIME, marked("When they begin: 22:00; off for none"), required=False,
            choices=(_OFF,),
        ),
        Parameter("ends", Type.TIME, marked("When they end: 07:00"), required=False),
        Parameter(
            "days", Type.WEEKDAYS, marked("On nights that begin on: mon-fri, or sat,sun"),
            required=False,
        ),
    )  # fmt: skip
    examples = ("/quiet", "/quiet 22:00 07:00", "/quiet 22:00 07:00 mon-fri", "/quiet off")
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        begins: int | str | None = call.arguments.get("begins")
        if begins is None:
            return await _show(call, desk)
        hours = None if isinstance(begins, str) else _hours(call, begins)
        await desk.write(save_quiet_hours, call.chat.id, hours, call.now)
        desk.wake()
        return await _show(call, desk)


def _hours(call: Call, begins: int) -> QuietHours:
    ends: int | None = call.arguments.get("ends")
    if ends is None:
        raise UsageError("Until when?")
    if begins == ends:
        raise UsageError("They begin and end at the same time.")
    return QuietHours(begins, ends, call.arguments.get("days", EVERY_DAY))


async def _show(call: Call, desk: Desk) -> Message:
    hours = await desk.read(quiet_hours_of, call.chat.id)
    offers = tuple(Button(label, f"/quiet {text}", replaces=True) for label, text in _OFFERED)
    if hours is None:
        own = say("Or your own: ", code("/quiet 22:00 07:00 mon-fri"))
        return Message(say(bold("There are no quiet hours here.")), (own,), (offers,))
    zone = call.chat.timezone
    until = quiet_until(hours, zone, call.now)
    now = f"It is {clock(call.now, zone)} in {zone}"
    lines = (
        say("Alerts wait, and come in one message at the end. Critical ones pass."),
        say(f"{now}." if until is None else f"{now}: quiet until {at(until, zone)}."),
        *await everywhere(call, desk),
    )
    off = Button("Switch off", f"/quiet {_OFF}", replaces=True)
    return Message(say(bold(f"🌙 Quiet hours: {quiet_words(hours)}.")), lines, ((off,),))
