"""`/invite [role]`: a code that lets one more person in, or asks for a role in a group."""

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.role_words import role_word
from bot.wording.words import at, bold, code, filled, link, place, say
from storage.codes import new_code, reference_to
from storage.model import Button, Line, Message, Role

VALID_SECONDS = 7 * 86400
_BOT_ROLES = {Role.GUEST, Role.ADMIN, Role.OWNER}
_PLACE_ROLES = {Role.ADMIN, Role.MEMBER}
_MAY = {
    Role.GUEST: marked("They have this bot in private, and may ask wherever it is."),
    Role.ADMIN: marked("They change what their chats are told, and invite guests."),
    Role.OWNER: marked(
        "They may do all that you may. Give it only to somebody you trust that much."
    ),
}
_TITLES = {
    Role.GUEST: marked("An invitation for one person."),
    Role.ADMIN: marked("An invitation for one more admin."),
    Role.OWNER: marked("An invitation for one more owner."),
}


class Invite:
    """In private an invitation to the bot, in a group one to a role there."""

    name = "invite"
    summary = marked("Let one more person in, or name an admin here")
    parameters = (
        Parameter(
            "role",
            Type.CHOICE,
            marked("Guest, admin or owner of the bot; in a group admin or member there"),
            required=False,
            choices=(Role.GUEST, Role.ADMIN, Role.OWNER, Role.MEMBER),
        ),
    )
    examples = ("/invite", "/invite admin")
    changes = True
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        given = call.arguments.get("role")
        if call.chat.kind == "private":
            return await _to_the_bot(call, desk, Role(given or Role.GUEST))
        return await _to_the_place(call, desk, Role(given)) if given else _which(call)


async def _to_the_bot(call: Call, desk: Desk, role: Role) -> Message:
    if role not in _BOT_ROLES:
        raise UsageError(_("Members are of a group: ask me there."))
    expires_at = call.now + VALID_SECONDS
    new = await desk.write(new_code, role, call.person.id, call.now, expires_at)
    lines: list[Line] = [] if role is Role.GUEST else [say(_(_MAY[role]))]
    lines += [say(_("Send them this; they send it to me:")), say(code(f"/start {new}"))]
    if url := desk.invitation_url(new):
        lines.append(filled(_("Or a link that does it: {link}"), link=link(url, url)))
    good = _("Good once, until {time}.")
    lines.append(say(good.format(time=at(expires_at, call.chat.timezone))))
    return Message(say(bold(_(_TITLES[role]))), tuple(lines))


async def _to_the_place(call: Call, desk: Desk, role: Role) -> Message:
    """Everybody can press it, so that pressing only asks."""
    here = place(call.chat)
    if role not in _PLACE_ROLES:
        elsewhere = _("Ask me in private: in a {place} there are admins and members.")
        raise UsageError(elsewhere.format(place=here))
    expires_at = call.now + VALID_SECONDS
    new = await desk.write(new_code, role, call.person.id, call.now, expires_at, call.chat.id)
    typed = code(f"/members join {new}")
    return Message(
        say(bold(_("Who is to be {role} here?").format(role=role_word(role)))),
        (
            filled(_("Whoever it is presses, or sends me {command}."), command=typed),
            say(_("It holds when an admin has confirmed it.")),
        ),
        ((Button(_("✋ It is me"), f"/members join {reference_to(new)}", replaces=True),),),
    )


def _which(call: Call) -> Message:
    here = place(call.chat)
    buttons = (
        Button(_("An admin"), f"/invite {Role.ADMIN}", replaces=True),
        Button(_("A member"), f"/invite {Role.MEMBER}", replaces=True),
    )
    may = _("An admin changes what this {place} is told; a member asks and acknowledges.")
    return Message(
        say(bold(_("Whom do you want to name?"))),
        (
            say(may.format(place=here)),
            filled(_("Who is what: {command}"), command=code("/members")),
        ),
        (buttons,),
    )
