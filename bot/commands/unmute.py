"""`/unmute`: let alerts through again."""

from bot.commands.command import Call, Parameter
from bot.desk import Desk
from bot.wording.words import bold, many, say
from storage.model import Button, Message
from storage.mutes import end_mutes, kept_back


class Unmute:
    """Ends the mute, and says how many alerts it kept back."""

    name = "unmute"
    summary = "Let alerts through again"
    parameters: tuple[Parameter, ...] = ()
    examples = ("/unmute",)
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        buttons = ((Button("🔕 Mute…", "/mute"),),)
        ended = await desk.write(end_mutes, call.chat.id, call.now)
        if not ended:
            return Message(say(bold("Nothing is muted here.")), (), buttons)
        kept = sum([await desk.read(kept_back, mute) for mute in ended])
        lines = (say(f"Kept back meanwhile: {many(kept, 'alert') if kept else 'nothing'}."),)
        return Message(say(bold("🔔 Alerts are on again.")), lines, buttons)
