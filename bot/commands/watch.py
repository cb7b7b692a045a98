"""`/watch ADDRESS [label] [in|out] [min AMOUNT]`: be told of what moves at an address."""

from bot.commands.command import Call, Parameter, Type
from bot.commands.values import AddressOn
from bot.commands.watches import last_seen_of, name_of, watches_of
from bot.desk import Desk
from bot.kinds.watch import LABEL, LIMITS, limited, limits
from bot.language import _, marked
from bot.wording.words import bold, code, many, say, span
from detectors.model import Kind, Subscription
from storage.model import Button, Message


class Watch:
    """Begins a watch, or changes one that there is."""

    name = "watch"
    summary = marked("Be told of what moves at an address")
    parameters = (
        Parameter("address", Type.ADDRESS, marked("The address to watch")),
        Parameter(LABEL, Type.TEXT, marked("Your own name for it"), required=False),
        *LIMITS,
    )
    examples = (
        "/watch bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "/watch 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa First miner",
        "/watch bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq Savings in min 0.5 BTC",
    )
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        meant: AddressOn = call.arguments["address"]
        before = {(w.chain, w.address): w for w in await watches_of(call, desk)}
        known = before.get((meant.chain.name, meant.address))
        begun = Subscription(0, call.chat.id, Kind.WATCH, meant.chain.name, meant.address)
        wanted = limited(known or begun, call.arguments, meant.chain)
        if wanted == known:
            already = _("{name} is watched already.").format(name=name_of(known))
            return await _message(call, desk, known, already)
        watch = await desk.subscribe(wanted)
        if known is not None and watch.label != known.label:
            renamed = _("It is called {label} now.").format(label=watch.label)
            return await _message(call, desk, watch, renamed)
        verdict = _("👁 Watching {name}.").format(name=name_of(watch))
        return await _message(call, desk, watch, verdict)


async def _message(call: Call, desk: Desk, watch: Subscription, verdict: str) -> Message:
    seen = (await last_seen_of(desk, [watch])).get(watch.address)
    moved = _("I have not seen it in a transaction yet.")
    if seen is not None:
        moved = _("Last seen {span} ago.").format(span=span(max(0, call.now - seen)))
    count = len(await watches_of(call, desk))
    only = limits(watch, desk.chains[watch.chain])
    lines = (
        say(code(watch.address)),
        *([say(_("Told: {what}").format(what=only))] if only else []),
        say(moved),
        say(many(count, "You watch {n} address here.", "You watch {n} addresses here.")),
    )
    naming = f"/watch {watch.address} {watch.label or _('My name for it')}"
    words = _("📋 Command to rename it") if watch.label else _("📋 Command to name it")
    buttons = (
        (Button(_("Unwatch"), f"/unwatch {watch.address}"), Button(_("Watch list"), "/watchlist")),
        (Button(words, copy=naming),),
    )
    return Message(say(bold(verdict)), lines, buttons)
