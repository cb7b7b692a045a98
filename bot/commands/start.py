"""`/start [code]`: the first steps, and the way in for whoever has a code."""

from bot.commands.command import Call, Parameter, Type
from bot.desk import Desk
from bot.language import marked
from bot.wording.words import bold, code, place, refuse, say
from storage.codes import redeem_code
from storage.model import Button, Line, Message, Role

_FIRST_STEPS = (
    (
        Button("👁 Watch an address", "/watch"),
        Button("🐋 Whale alerts", "/threshold whales"),
        Button("Help", "/help"),
    ),
)


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
            return _greeting(call, f"Spyhop watches {_titles(desk)} for you.")
        if call.person.role is Role.OWNER:
            return _greeting(call, "You own this bot already, and the code is still good.")
        role = await desk.write(redeem_code, given, call.person, call.now)
        if role is None:
            return refuse(
                "That code does not work: it is mistyped, used or too old.",
                say("Ask whoever gave it to you for another one."),
            )
        return _let_in(call, role)


def _let_in(call: Call, role: Role) -> Message:
    match role:
        case Role.OWNER:
            return _greeting(call, "This bot is yours now.", say("/invite lets others in."))
        case Role.ADMIN:
            more = say("You are an admin of this bot. /invite lets guests in.")
            return _greeting(call, "Welcome, you are in.", more)
    return _greeting(call, "Welcome, you are in.")


def _titles(desk: Desk) -> str:
    return " and ".join(chain.title for chain in desk.chains.values())


def _greeting(call: Call, title: str, *more: Line) -> Message:
    lines = (
        *more,
        say("I tell you here when something large moves, or anything at an address you name."),
    )
    if call.chat.kind == "private":
        lines = (*lines, say("Paste an address to begin, or choose:"))
    else:
        lines = (*lines, say("Everybody here reads it; only admins change what I tell."))
    if not call.chat.bound:
        return _unbound(call, title, lines)
    return Message(say(bold(title)), lines, _FIRST_STEPS)


def _unbound(call: Call, title: str, lines: tuple[Line, ...]) -> Message:
    """A place that is told nothing until somebody with the right says so."""
    here, private = place(call.chat), call.chat.kind == "private"
    whoever = "you begin" if private else "an admin begins"
    step = say(f"I tell nothing in this {here} yet: {whoever} it with ", code("/alerts here"))
    buttons = ((Button(f"🔔 Tell this {here}", "/alerts here"), Button("Help", "/help")),)
    return Message(say(bold(title)), (*lines, step), buttons)
