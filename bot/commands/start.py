"""`/start [code]`: the first steps, and the way in for whoever has a code."""

from bot.commands.command import Call, Parameter, Type
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.words import bold, code, filled, listed_and, place, refuse, say
from storage.codes import redeem_code
from storage.model import Button, Line, Message, Role


class Start:
    """Greets, offers three first steps, and lets in whoever has a code."""

    name = "start"
    summary = marked("First steps, and the way in with a code")
    parameters = (Parameter("code", Type.TEXT, marked("An invitation, good once"), required=False),)
    examples = ("/start", "/start q3Zk9_rT-w2b")
    changes = False
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        given = call.arguments.get("code")
        if not given:
            return _greeting(
                call, _("Spyhop watches {chains} for you.").format(chains=_titles(desk))
            )
        if call.person.role is Role.OWNER:
            return _greeting(call, _("You own this bot already, so no code was used."))
        role = await desk.write(redeem_code, given, call.person, call.now)
        if role is None:
            return refuse(
                _("That code does not work: it is mistyped, used or too old."),
                say(_("Ask whoever gave it to you for another one.")),
            )
        return _let_in(call, role)


def _let_in(call: Call, role: Role) -> Message:
    match role:
        case Role.OWNER:
            return _greeting(call, _("This bot is yours now."), say(_("/invite lets others in.")))
        case Role.ADMIN:
            more = say(_("You are an admin of this bot. /invite lets guests in."))
            return _greeting(call, _("Welcome, you are in."), more)
    return _greeting(call, _("Welcome, you are in."))


def _titles(desk: Desk) -> str:
    return listed_and([chain.title for chain in desk.chains.values()])


def _greeting(call: Call, title: str, *more: Line) -> Message:
    lines = (
        *more,
        say(_("I tell you here when something large moves, or anything at an address you name.")),
    )
    if call.chat.kind == "private":
        lines = (*lines, say(_("Paste an address to begin, or choose:")))
    else:
        lines = (*lines, say(_("Everybody here reads it; only admins change what I tell.")))
    if not call.chat.bound:
        return _unbound(call, title, lines)
    first_steps = (
        Button(_("👁 Watch an address"), "/watch"),
        Button(_("🐋 Whale alerts"), "/threshold whales"),
        Button(_("Help"), "/help"),
    )
    return Message(say(bold(title)), lines, (first_steps,))


def _unbound(call: Call, title: str, lines: tuple[Line, ...]) -> Message:
    """A place that is told nothing until somebody with the right says so."""
    here, typed = place(call.chat), code("/alerts here")
    yet = _("I tell nothing in this {place} yet: an admin begins it with {command}")
    if call.chat.kind == "private":
        yet = _("I tell nothing in this {place} yet: you begin it with {command}")
    step = filled(yet, place=here, command=typed)
    tell = Button(_("🔔 Tell this {place}").format(place=here), "/alerts here")
    return Message(say(bold(title)), (*lines, step), ((tell, Button(_("Help"), "/help")),))
