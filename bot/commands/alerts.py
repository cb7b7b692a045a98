"""`/alerts [here | off]`: what this chat is told, and whether it is told anything."""

from collections.abc import Iterator

from bot.commands.command import Call, Parameter, Type
from bot.commands.mute import muted
from bot.commands.threshold import describe_thresholds
from bot.commands.watches import counted, watches_of
from bot.desk import Desk
from bot.wording.words import bold, code, place, say
from storage.model import Button, Line, Message
from storage.mutes import muted_until

HERE, OFF = "here", "off"
_OFF = Button("Tell nothing here", f"/alerts {OFF}", replaces=True)


class Alerts:
    """Lists what the chat is told; begins and ends the telling, and forgets nothing."""

    name = "alerts"
    summary = "What this chat is told, and whether it is"
    parameters = (
        Parameter(
            "where", Type.CHOICE, "Tell this chat, or nothing", required=False, choices=(HERE, OFF)
        ),
    )
    examples = ("/alerts", "/alerts here", "/alerts off")
    changes = True
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        match call.arguments.get("where"):
            case "here":
                await desk.bind(call.chat.id, bound=True)
                return await _told(call, desk, f"🔔 This {place(call.chat)} is told.")
            case "off":
                await desk.bind(call.chat.id, bound=False)
                return await _untold(call, desk)
            case _ if not call.chat.bound:
                return await _untold(call, desk)
        return await _told(call, desk, "")


async def _told(call: Call, desk: Desk, verdict: str) -> Message:
    """What is told here; what the platform does not let the bot do comes first."""
    asked = await _asked(call, desk)
    until = await desk.read(muted_until, call.chat.id, call.now)
    if not verdict:
        verdict = (
            f"🔔 This {place(call.chat)} is told:" if asked else "Nothing is asked for here yet."
        )
    lines = [*_lacks(call), *asked]
    if until is not None:
        lines.append(muted(call, until))
    if not asked:
        lines.append(say("Begin with ", code("/watch ADDRESS"), " or ", code("/threshold whales")))
    silence = Button("Unmute", "/unmute") if until is not None else Button("🔕 Mute…", "/mute")
    return Message(say(bold(verdict)), tuple(lines), (*_next_steps(), (silence, _OFF)))


async def _untold(call: Call, desk: Desk) -> Message:
    asked = await _asked(call, desk)
    begin = Button(f"🔔 Tell this {place(call.chat)}", f"/alerts {HERE}", replaces=True)
    kept = (say("Kept, and told again when you wish:"), *asked) if asked else ()
    return Message(say(bold("🚫 Nothing is told here.")), (*_lacks(call), *kept), ((begin,),))


def _lacks(call: Call) -> Iterator[Line]:
    if call.cannot:
        yield say(bold(f"⚠️ I am not allowed to: {', '.join(call.cannot)}."))
        yield say("Until an admin here allows that, what I tell cannot arrive.")


async def _asked(call: Call, desk: Desk) -> tuple[Line, ...]:
    lines = []
    watches = await watches_of(call, desk)
    if watches:
        lines.append(say(f"👁 Everything that moves at {counted(watches)}"))
    if whales := await describe_thresholds(call, desk):
        lines.append(say(f"🐋 Transactions from {whales} on"))
    return tuple(lines)


def _next_steps() -> tuple[tuple[Button, ...], ...]:
    watches = (Button("👁 Watch an address", "/watch"), Button("Watch list", "/watchlist"))
    return (watches, (Button("🐋 Whale alerts", "/threshold whales"),))
