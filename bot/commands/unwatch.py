"""`/unwatch WHICH`: hear no more of an address."""

from collections.abc import Sequence

from bot.commands.command import Call, Parameter, Type
from bot.commands.watches import find_watches, name_of, watches_of
from bot.commands.watchlist import format_watchlist
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.words import bold, clean, code, many, say
from detectors.model import Subscription
from storage.model import Button, Message

_CHOICES = 8


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
        which = clean(call.arguments.get("which", ""), 200)
        if not which or not watches:
            return await format_watchlist(call, desk)
        found = find_watches(watches, which, desk.chains)
        if len(found) > 1:
            return _ask(found)
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


def _ask(found: Sequence[Subscription]) -> Message:
    lines = tuple(say(f"{name_of(watch)}  ", code(watch.address)) for watch in found)
    buttons = tuple(
        (Button(f"{name_of(w)} · {w.address[-4:]}", f"/unwatch {w.address}", replaces=True),)
        for w in found[:_CHOICES]
    )
    which = many(len(found), "Which one? {n} is called so.", "Which one? {n} are called so.")
    return Message(say(which), lines, buttons)
