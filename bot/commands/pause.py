"""`/pause [DURATION]`: tell nothing here for now, and all of it afterwards."""

from sqlite_utils import Database

from bot.commands.command import Call, Parameter, Type
from bot.commands.silence import everywhere
from bot.commands.times import FOREVER_SECONDS
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.silence_words import until_words
from bot.wording.words import bold, say
from storage.model import Button, Message, Priority
from storage.mutes import Subject, paused, save_mute
from storage.outbox import enqueue_notice, withdraw_notice
from storage.ruling import Mute, Scope

REMIND_SECONDS = 86400


class Pause:
    """Keeps everything that would be told, until it is resumed."""

    name = "pause"
    summary = marked("Tell nothing for now, and all of it afterwards")
    parameters = (
        Parameter(
            "duration",
            Type.DURATION,
            marked("30m, 8h, 2d; until /resume where left out"),
            required=False,
        ),
    )
    examples = ("/pause", "/pause 8h")
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        until = call.now + call.arguments.get("duration", FOREVER_SECONDS)
        await desk.write(_pause, call.chat.id, call.now, until)
        words = until_words(until, call.now, call.chat.timezone, "resume")
        lines = (
            say(_("What comes meanwhile is kept, and told together afterwards.")),
            *await everywhere(call, desk),
        )
        verdict = _("⏸ Paused {until}.").format(until=words)
        return Message(say(bold(verdict)), lines, ((_resume(),),))


def _resume() -> Button:
    return Button(_("▶️ Resume"), "/resume", replaces=True)


def _pause(db: Database, chat: int, now: int, until: int) -> None:
    before = paused(db, chat, now)
    if before is not None:
        withdraw_reminder(db, before, now)
    mute = save_mute(db, chat, now, until, Subject(Scope.PAUSE))
    if until - now > REMIND_SECONDS:
        reminder = Message(
            say(bold(_("⏸ Alerts are still paused here."))),
            (say(_("Paused for a day now. What came is kept for you.")),),
            ((_resume(),),),
        )
        due_at = now + REMIND_SECONDS
        enqueue_notice(db, chat, _key(mute), reminder, Priority.ANSWER, due_at)


def withdraw_reminder(db: Database, pause: Mute, now: int) -> None:
    """Nobody needs to be reminded of a pause that is over."""
    withdraw_notice(db, _key(pause), now)


def _key(pause: Mute) -> str:
    return f"pause:{pause.id}"
