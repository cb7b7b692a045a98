"""`/mute DURATION`: keep alerts back for a while."""

from bot.commands.command import Call, Parameter, Type
from bot.commands.values import FOREVER, FOREVER_SECONDS
from bot.desk import Desk
from bot.wording.words import at, bold, clock, say
from storage.model import Button, Line, Message
from storage.mutes import muted_until, save_mute
from storage.persons import accounts_of

_DAY = 86400
_OFFERED = (("1 h", "1h"), ("8 h", "8h"), ("24 h", "24h"), ("For ever", FOREVER))


class Mute:
    """Mutes the chat; without a duration it offers some."""

    name = "mute"
    summary = "Keep alerts back for a while"
    parameters = (Parameter("duration", Type.DURATION, "30m, 8h, 2d or forever", required=False),)
    examples = ("/mute", "/mute 8h", "/mute forever")
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        seconds: int | None = call.arguments.get("duration")
        if seconds is None:
            return _ask(call, await desk.read(muted_until, call.chat.id, call.now))
        until = call.now + seconds
        await desk.write(save_mute, call.chat.id, call.now, until)
        lines = [say("Alerts are kept back and counted. Whatever you ask is still answered.")]
        if len(await desk.read(accounts_of, call.person.id)) > 1 and call.chat.person:
            lines.append(say("That is so in all your private chats."))
        return Message(
            muted(call, until), tuple(lines), ((Button("Undo", "/unmute", replaces=True),),)
        )


def _ask(call: Call, until: int | None) -> Message:
    offers = tuple(Button(label, f"/mute {text}", replaces=True) for label, text in _OFFERED)
    if until is None:
        return Message(say(bold("Mute for how long?")), (), (offers,))
    change = (say("Change it?"),)
    return Message(
        muted(call, until), change, (offers, (Button("Unmute", "/unmute", replaces=True),))
    )


def muted(call: Call, until: int) -> Line:
    """`Muted until 18:40.`"""
    left = until - call.now
    if left > FOREVER_SECONDS // 2:
        return say(bold("🔕 Muted until you unmute."))
    when = (clock if left < _DAY else at)(until, call.chat.timezone)
    return say(bold(f"🔕 Muted until {when}."))
