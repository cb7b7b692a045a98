"""`/unmute`: let alerts through again."""

from bot.commands.command import Call, Parameter
from bot.desk import Desk
from bot.wording.words import bold, many, say, span
from storage.dispatch import muted_since
from storage.model import Button, Message
from storage.retention import DELIVERIES_KEPT_SECONDS
from storage.subscriptions import end_mute


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
        since = await desk.write(end_mute, call.chat.id, call.now)
        if since is None:
            return Message(say(bold("Nothing is muted here.")), (), buttons)
        kept = await desk.read(muted_since, call.chat.id, since)
        long_ago = call.now - since > DELIVERIES_KEPT_SECONDS
        when = f"in the last {span(DELIVERIES_KEPT_SECONDS)}" if long_ago else "meanwhile"
        lines = (say(f"Kept back {when}: {many(kept, 'alert') if kept else 'nothing'}."),)
        return Message(say(bold("🔔 Alerts are on again.")), lines, buttons)
