"""`/resume`: tell again, and first what was kept in a pause."""

from sqlite_utils import Database

from bot.commands.command import Call, Parameter
from bot.commands.pause import withdraw_reminder
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.words import at, bold, many, say
from storage.kept import waiting
from storage.model import Button, Message
from storage.mutes import end_mutes, paused
from storage.ruling import Mute
from storage.silence import wishes_of


class Resume:
    """Ends the pause."""

    name = "resume"
    summary = marked("End the pause, and hear what was kept")
    parameters: tuple[Parameter, ...] = ()
    examples = ("/resume",)
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        kept = await desk.read(waiting, call.chat.id)
        ended = await desk.write(_resume, call.chat.id, call.now)
        if ended is None:
            pause = ((Button(_("⏸ Pause"), "/pause"),),)
            return Message(say(bold(_("Nothing is paused here."))), (), pause)
        desk.wake()
        quiet = (await desk.read(wishes_of, call.chat.id, call.now)).quiet_until
        rest = _kept(kept, None if quiet is None else at(quiet, call.chat.timezone))
        return Message(say(bold(_("▶️ Alerts are told again."))), (say(rest),))


def _kept(count: int, until: str | None) -> str:
    """How much was kept, and when it is told: at a time, or at once."""
    if not count:
        return _("Nothing was kept.")
    if until is None:
        return many(
            count,
            "{n} alert was kept: you hear of it now.",
            "{n} alerts were kept: you hear of them now.",
        )
    return many(
        count,
        "{n} alert was kept: you hear of it at {time}.",
        "{n} alerts were kept: you hear of them at {time}.",
        time=until,
    )


def _resume(db: Database, chat: int, now: int) -> Mute | None:
    pause = paused(db, chat, now)
    if pause is not None:
        withdraw_reminder(db, pause, now)
        end_mutes(db, chat, now, pause.id)
    return pause
