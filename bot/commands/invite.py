"""`/invite`: a code that lets one more person in."""

from bot.commands.command import Call, Parameter
from bot.desk import Desk
from bot.wording.words import at, bold, code, link, refuse, say
from storage.codes import new_code
from storage.model import Message, Role

VALID_SECONDS = 7 * 86400


class Invite:
    """Makes an invitation; owners only, and never where others read it."""

    name = "invite"
    summary = "Let one more person in (owners only)"
    parameters: tuple[Parameter, ...] = ()
    examples = ("/invite",)
    changes = False
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        if call.person.role is not Role.OWNER:
            return refuse("Only the owner of this bot invites.")
        if call.chat.kind != "private":
            return refuse("Ask me in private: whoever reads the code here could use it.")
        expires_at = call.now + VALID_SECONDS
        new = await desk.write(new_code, Role.GUEST, call.person.id, call.now, expires_at)
        lines = [say("Send them this; they send it to me:"), say(code(f"/start {new}"))]
        if url := desk.invitation_url(new):
            lines.append(say("Or a link that does it: ", link(url, url)))
        lines.append(say(f"Good once, until {at(expires_at, call.chat.timezone)}."))
        return Message(say(bold("An invitation for one person.")), tuple(lines))
