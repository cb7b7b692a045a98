"""`/watch ADDRESS [label]`: be told of everything that moves at an address."""

from msgspec.structs import replace

from bot.commands.command import Call, Parameter, Type
from bot.commands.values import AddressOn
from bot.commands.watches import counted, last_seen_of, name_of, watches_of
from bot.desk import Desk
from bot.kinds.watch import LABEL_LENGTH
from bot.language import marked
from bot.wording.words import bold, clean, code, say, span
from detectors.model import Kind, Subscription
from storage.model import Button, Message


class Watch:
    """Begins a watch, or gives one that there is another label."""

    name = "watch"
    summary = marked("Be told of everything that moves at an address")
    parameters = (
        Parameter("address", Type.ADDRESS, marked("The address to watch")),
        Parameter("label", Type.TEXT, marked("Your own name for it"), required=False),
    )
    examples = (
        "/watch bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "/watch 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa First miner",
    )
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        meant: AddressOn = call.arguments["address"]
        label = clean(call.arguments.get("label", ""), LABEL_LENGTH)
        before = {(w.chain, w.address): w for w in await watches_of(call, desk)}
        known = before.get((meant.chain.name, meant.address))
        if known is not None and label in {"", known.label}:
            return await _message(call, desk, known, f"{name_of(known)} is watched already.")
        wanted = Subscription(0, call.chat.id, Kind.WATCH, meant.chain.name, meant.address, label)
        watch = await desk.subscribe(wanted if known is None else replace(known, label=label))
        if known is not None:
            return await _message(call, desk, watch, f"It is called {label} now.")
        return await _message(call, desk, watch, f"👁 Watching {name_of(watch)}.")


async def _message(call: Call, desk: Desk, watch: Subscription, verdict: str) -> Message:
    seen = (await last_seen_of(desk, [watch])).get(watch.address)
    ago = "" if seen is None else span(max(0, call.now - seen))
    lines = (
        say(code(watch.address)),
        say(f"Last seen {ago} ago." if ago else "I have not seen it in a transaction yet."),
        say(f"You watch {counted(await watches_of(call, desk))} here."),
    )
    naming = f"/watch {watch.address} {watch.label or 'My name for it'}"
    buttons = (
        (Button("Unwatch", f"/unwatch {watch.address}"), Button("Watch list", "/watchlist")),
        (Button("📋 Command to name it", copy=naming),),
    )
    return Message(say(bold(verdict)), lines, buttons)
