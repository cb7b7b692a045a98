"""`/watch ADDRESS [label]`: be told of everything that moves at an address."""

from msgspec.structs import replace

from bot.commands.command import Call, Parameter, Type
from bot.commands.values import AddressOn
from bot.commands.watches import last_seen_of, name_of, watches_of
from bot.desk import Desk
from bot.kinds.watch import LABEL_LENGTH
from bot.language import _, marked
from bot.wording.words import bold, clean, code, many, say, span
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
            already = _("{name} is watched already.").format(name=name_of(known))
            return await _message(call, desk, known, already)
        wanted = Subscription(0, call.chat.id, Kind.WATCH, meant.chain.name, meant.address, label)
        watch = await desk.subscribe(wanted if known is None else replace(known, label=label))
        if known is not None:
            renamed = _("It is called {label} now.").format(label=label)
            return await _message(call, desk, watch, renamed)
        verdict = _("👁 Watching {name}.").format(name=name_of(watch))
        return await _message(call, desk, watch, verdict)


async def _message(call: Call, desk: Desk, watch: Subscription, verdict: str) -> Message:
    seen = (await last_seen_of(desk, [watch])).get(watch.address)
    moved = _("I have not seen it in a transaction yet.")
    if seen is not None:
        moved = _("Last seen {span} ago.").format(span=span(max(0, call.now - seen)))
    count = len(await watches_of(call, desk))
    lines = (
        say(code(watch.address)),
        say(moved),
        say(many(count, "You watch {n} address here.", "You watch {n} addresses here.")),
    )
    naming = f"/watch {watch.address} {watch.label or _('My name for it')}"
    buttons = (
        (Button(_("Unwatch"), f"/unwatch {watch.address}"), Button(_("Watch list"), "/watchlist")),
        (Button(_("📋 Command to name it"), copy=naming),),
    )
    return Message(say(bold(verdict)), lines, buttons)
