"""`/mutes [NUMBER]`: what is muted here, until when; or what one of them kept back."""

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.silence import muted_line, names_of
from bot.desk import Desk
from bot.language import _, marked
from bot.outlet.view import view_of
from bot.wording.alert_message import format_list
from bot.wording.silence_words import Names, quiet_words, subject_words, until_words
from bot.wording.words import bold, in_rows, many, say
from storage.kept import kept_back, stories_kept_back
from storage.model import Button, Line, Message
from storage.mutes import find_mute, mutes_of, quiet_hours_of
from storage.ruling import Mute, Scope

_SHOWN = 10
_BUTTONS = 8
"""As many mutes as have a button each, two in a row."""


class Mutes:
    """Lists the running mutes with a button each to end it."""

    name = "mutes"
    summary = marked("What is muted here, and until when")
    parameters = (
        Parameter(
            "number", Type.NUMBER, marked("A mute's: shows what it kept back"), required=False
        ),
    )
    examples = ("/mutes",)
    changes = False
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        number: int | None = call.arguments.get("number")
        if number is None:
            return await list_mutes(call, desk)
        mute = await desk.read(find_mute, call.chat.id, number)
        if mute is None:
            raise UsageError(_("There is no mute {n} here.").format(n=number))
        return await _kept(call, desk, mute)


async def list_mutes(call: Call, desk: Desk) -> Message:
    """Every running mute, the pause and the quiet hours, with what ends them."""
    names = await names_of(call, desk)
    mutes = await desk.read(mutes_of, call.chat.id, call.now)
    lines = [_line(call, mute, names, await desk.read(kept_back, mute)) for mute in mutes]
    buttons = [_end_of(mute) for mute in mutes[:_BUTTONS]]
    hours = await desk.read(quiet_hours_of, call.chat.id)
    if hours is not None:
        lines.append(say(_("🌙 Quiet hours: {hours}").format(hours=quiet_words(hours))))
    if len(mutes) > 1:
        buttons.append(Button(_("End all"), "/unmute all", replaces=True))
    elif not mutes:
        buttons.append(Button(_("🔕 Mute…"), "/mute"))
    rows = in_rows(buttons, 2)
    title = many(len(mutes), "🔕 {n} mute", "🔕 {n} mutes")
    if not mutes:
        title = _("Nothing is muted here.")
    return Message(say(bold(title)), tuple(lines), rows)


def _line(call: Call, mute: Mute, names: Names, kept: int) -> Line:
    ending = "resume" if mute.scope is Scope.PAUSE else "unmute"
    until = until_words(mute.until, call.now, call.chat.timezone, ending)
    if mute.scope is Scope.PAUSE:
        return say(_("⏸ Paused {until}").format(until=until))
    count = f" · {many(kept, '{n} kept back', '{n} kept back')}" if kept else ""
    return say(bold(f"{mute.id}"), f" · {subject_words(mute, names)}, {until}{count}")


def _end_of(mute: Mute) -> Button:
    if mute.scope is Scope.PAUSE:
        return Button(_("▶️ Resume"), "/resume", replaces=True)
    return Button(_("End {n}").format(n=mute.id), f"/unmute {mute.id}", replaces=True)


async def _kept(call: Call, desk: Desk, mute: Mute) -> Message:
    stories = await desk.read(stories_kept_back, mute, call.now, _SHOWN)
    running = mute in await desk.read(mutes_of, call.chat.id, call.now)
    what = say(f"{subject_words(mute, await names_of(call, desk))}.")
    end = ((_end_of(mute),),) if running else ()
    if not stories:
        title = muted_line(call, mute.until) if running else say(bold(_("That mute is over.")))
        return Message(title, (what, say(_("It kept nothing back."))), end)
    count = await desk.read(kept_back, mute)
    view = await desk.read(view_of, call.chat, stories, desk.chains)
    heading = many(count, "🔕 Kept back: {n} alert", "🔕 Kept back: {n} alerts")
    if count > len(stories):
        heading = many(
            count,
            "🔕 Kept back: {n} alert, the newest {shown}",
            "🔕 Kept back: {n} alerts, the newest {shown}",
            shown=len(stories),
        )
    told = format_list(heading, stories, desk.chains, view)
    return Message(told.title, (what, *told.lines), end)
