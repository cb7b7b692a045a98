"""`/quiet BEGINS ENDS [days]`: hours in which alerts are kept, and told at their end."""

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.silence import everywhere
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.silence_words import quiet_words
from bot.wording.words import at, bold, clock, code, filled, say
from storage.model import Button, Message
from storage.mutes import quiet_hours_of, save_quiet_hours
from storage.quiet import EVERY_DAY, QuietHours, quiet_until

_OFF = "off"
_OFFERED = (("22:00", "07:00"), ("23:00", "08:00"))


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
        raise UsageError(_("Until when?"))
    if begins == ends:
        raise UsageError(_("They begin and end at the same time."))
    return QuietHours(begins, ends, call.arguments.get("days", EVERY_DAY))


async def _show(call: Call, desk: Desk) -> Message:
    hours = await desk.read(quiet_hours_of, call.chat.id)
    if hours is None:
        own = filled(_("Or your own: {command}"), command=code("/quiet 22:00 07:00 mon-fri"))
        return Message(say(bold(_("There are no quiet hours here."))), (own,), (_offers(),))
    lines = (
        say(_("Alerts wait, and come in one message at the end. Critical ones pass.")),
        say(_present(hours, call.chat.timezone, call.now)),
        *await everywhere(call, desk),
    )
    off = Button(_("Switch off"), f"/quiet {_OFF}", replaces=True)
    title = _("🌙 Quiet hours: {hours}.").format(hours=quiet_words(hours))
    return Message(say(bold(title)), lines, ((off,),))


def _present(hours: QuietHours, zone: str, now: int) -> str:
    """The time there, and whether it is quiet."""
    until = quiet_until(hours, zone, now)
    said = _("It is {time} in {zone}.")
    if until is not None:
        said = _("It is {time} in {zone}: quiet until {end}.")
    return said.format(time=clock(now, zone), zone=zone, end=at(until or 0, zone))


def _offers() -> tuple[Button, ...]:
    label = _("{begin} to {end}")
    return tuple(
        Button(label.format(begin=begin, end=end), f"/quiet {begin} {end}", replaces=True)
        for begin, end in _OFFERED
    )
