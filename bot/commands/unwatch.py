"""`/unwatch WHICH`: hear no more of an address."""

from bot.commands.command import Call, Parameter, Type
from bot.commands.watches import find_watches, name_of, watches_of, which_one
from bot.commands.watchlist import format_watchlist
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.words import bold, code, many, say
from storage.model import Button, Message


class Unwatch:
    """Ends a watch; without an argument it shows what can be ended."""

    name = "unwatch"
    summary = marked("Stop watching an address")
    parameters = (
        Parameter(
            "which", Type.WATCH, marked("Its address, label or number on the list"), required=False
        ),
    )
    examples = ("/unwatch First miner", "/unwatch 2")
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        watches = await watches_of(call, desk)
        which: str = call.arguments.get("which", "")
        if not which or not watches:
            return await format_watchlist(call, desk)
        found = find_watches(watches, which, desk.chains)
        if len(found) > 1:
            return which_one(found, self.name, desk.chains)
        ended = found[0]
        await desk.unsubscribe(ended)
        undo = Button(_("Undo"), f"/alerts back {ended.number}", replaces=True)
        return Message(
            say(bold(_("No longer watching {name}.").format(name=name_of(ended)))),
            (say(code(ended.address)), say(_still(len(watches) - 1))),
            ((undo, Button(_("Watch list"), "/watchlist")),),
        )


def _still(count: int) -> str:
    if not count:
        return _("You watch no other address here.")
    return many(count, "You still watch {n} address here.", "You still watch {n} addresses here.")
