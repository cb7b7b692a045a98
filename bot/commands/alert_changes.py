"""Changes to what a chat is told: each is one subscription that takes the place of another."""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from bot.commands.alert_list import another_level, format_subscription, line_of, numbered
from bot.commands.command import Call, UsageError
from bot.commands.values import SHOWN, listed, parse_amount_in
from bot.commands.watches import watches_of
from bot.desk import Desk
from bot.kinds.anomalies import parse_rate, rate_within
from bot.kinds.registry import KINDS
from bot.kinds.watch import LABEL_LENGTH, OFF, WAYS
from bot.language import _, pgettext
from bot.wording.words import bold, clean, code, in_rows, say
from detectors.model import Kind, Ring, Subscription
from storage.budget import budget_of
from storage.ledger import PRICE_MAX_AGE_SECONDS, price_at
from storage.model import Button, Line, Message
from storage.models import running_model
from storage.statistics import known_since, totals, window_of
from storage.subscriptions import ended_in, ended_number

KIND_NAMES = tuple(str(kind) for kind in KINDS)
_HOUR, _DAY = 3600, 86400
_OFFERED, _ROW = 8, 4
PROPERTIES = (*WAYS, "min", "ring", "label")
RINGS = tuple(str(ring) for ring in Ring)


async def add(call: Call, desk: Desk) -> Message:
    """Begin to tell something; without a kind, what there is. Raises `UsageError`."""
    what, text = call.arguments.get("what"), call.arguments.get("value", "")
    if what is None:
        return _offer()
    if what not in KIND_NAMES:
        raise UsageError(_("Add one of {kinds}.").format(kinds=listed(KIND_NAMES)))
    words = KINDS[Kind(what)]
    text, ring = _with_ring(text, words.kind)
    if not text and "" not in words.examples:
        return _ask(Kind(what), desk)
    with _example(f"/alerts add {what} {next(filter(None, words.examples), '')}".strip()):
        asked = words.parse(text, desk.chains)
    begun = [
        await desk.subscribe(
            await settled(replace(meant, chat=call.chat.id, ring=ring or meant.ring), call, desk)
        )
        for meant in asked
    ]
    answer = format_subscription(begun[0], desk.chains, _("✅ You will be told."))
    return replace(answer, lines=(*answer.lines, *await _lacking(call, desk, begun[0])))


@contextmanager
def _example(example: str) -> Iterator[None]:
    """Have what is refused meanwhile shown with an example of its own."""
    try:
        yield
    except UsageError as error:
        error.example = error.example or example
        raise


def _with_ring(text: str, kind: Kind) -> tuple[str, Ring | None]:
    """What is to be told, and how it rings: `below 3 silent`, `below 3 ring silent`.

    Behind an address such a word may be its label, so that kind reads its ring itself.
    """
    *words, last = text.split() or [""]
    if last.lower() not in RINGS or kind is Kind.WATCH:
        return text, None
    return " ".join(words[:-1] if words[-1:] == ["ring"] else words), Ring(last.lower())


async def _lacking(call: Call, desk: Desk, begun: Subscription) -> tuple[Line, ...]:
    """What keeps it from being told just now: no price (its name may be mistyped), no model."""
    if begun.kind is Kind.PRICE:
        symbol = desk.chains[begun.chain].asset.symbol
        age = PRICE_MAX_AGE_SECONDS
        if await desk.read(price_at, symbol, begun.unit, call.now, age) is None:
            return (say(_("I know no price in {currency} yet.").format(currency=begun.unit)),)
    if begun.kind is Kind.ANOMALIES and await desk.read(running_model, begun.chain) is None:
        return (say(_("I am still learning what is usual: see /models.")),)
    return ()


async def settled(meant: Subscription, call: Call, desk: Desk) -> Subscription:
    """With what was not said: a watch's label of before, a rate within the chat's budget."""
    if meant.kind is Kind.WATCH and not meant.label:
        same = [w for w in await watches_of(call, desk) if w.address == meant.address]
        return replace(meant, label=same[0].label) if same else meant
    if meant.kind is not Kind.ANOMALIES or meant.amount:
        return meant
    hourly = await desk.read(budget_of, call.chat.id)
    window = window_of(call.now, _DAY)
    seen = await desk.read(totals, meant.chain, "seen", window)
    since: int | None = await desk.read(known_since, meant.chain)
    known = max(window.since, since or 0)
    hours = max(1.0, (call.now - known) / _HOUR)
    return replace(meant, amount=rate_within(hourly, seen.transactions / hours))


def _offer() -> Message:
    kinds = [
        Button(f"{words.mark} {named(kind)}", f"/alerts add {kind}")
        for kind, words in KINDS.items()
    ]
    title = say(bold(_("What shall I tell you of?")))
    return Message(title, (), in_rows(kinds, 2), personal=True)


def named(kind: Kind) -> str:
    """What a kind is called on a button and in a question."""
    names = {
        Kind.WATCH: pgettext("kind of alert", "watch"),
        Kind.WHALES: pgettext("kind of alert", "whales"),
        Kind.FEES: pgettext("kind of alert", "fees"),
        Kind.PRICE: pgettext("kind of alert", "price"),
        Kind.BLOCKS: pgettext("kind of alert", "blocks"),
        Kind.SOURCE: pgettext("kind of alert", "source"),
        Kind.ANOMALIES: pgettext("kind of alert", "anomalies"),
    }
    return names[kind]


def _ask(kind: Kind, desk: Desk) -> Message:
    examples = [example for example in KINDS[kind].examples if example]
    lines = [say(code(f"/alerts add {kind} {example}")) for example in examples]
    offers = [e for e in examples if e.partition(" ")[0].isascii() and kind is not Kind.WATCH]
    rows = tuple((_offered(kind, example, desk),) for example in offers)
    which = _("Which {kind}? For example:").format(kind=named(kind))
    title = say(bold(f"{KINDS[kind].mark} {which}"))
    return Message(title, tuple(lines), rows, personal=True)


def _offered(kind: Kind, example: str, desk: Desk) -> Button:
    asked, *_others = KINDS[kind].parse(example, desk.chains)
    label = KINDS[kind].describe(asked, desk.chains)
    return Button(label, f"/alerts add {kind} {example}", replaces=True)


async def remove(call: Call, desk: Desk, number: int) -> Message:
    """End what has a number; raises `UsageError`."""
    ended = await numbered(call, desk, number)
    await desk.unsubscribe(ended)
    words = KINDS[ended.kind]
    undo = Button(_("Undo"), f"/alerts back {number}", replaces=True)
    what = f"{words.mark} {words.describe(ended, desk.chains)}"
    return Message(
        say(bold(_("No longer told: {what}").format(what=what))),
        (),
        ((undo, Button(_("All alerts"), "/alerts", replaces=True)),),
    )


async def bring_back(call: Call, desk: Desk, number: int) -> Message:
    """What had a number is told again as it was; raises `UsageError`."""
    ended = await desk.read(ended_number, call.chat.id, number)
    if ended is None:
        return format_subscription(await numbered(call, desk, number), desk.chains)
    back = await desk.subscribe(ended)
    return format_subscription(back, desk.chains, _("✅ You are told again."))


async def offer_back(call: Call, desk: Desk) -> Message:
    """What was removed last, with a button for each that brings it back."""
    listed = Button(_("All alerts"), "/alerts", replaces=True)
    ended = await desk.read(ended_in, call.chat.id, _OFFERED)
    if not ended:
        return Message(say(bold(_("Nothing was removed here."))), (), ((listed,),), personal=True)
    buttons = [
        Button(f"{KINDS[one.kind].mark} {one.number}", f"/alerts back {one.number}", replaces=True)
        for one in ended
    ]
    title = say(bold(_("Which one is to come back?")))
    lines = tuple(line_of(one, desk.chains) for one in ended)
    return Message(title, lines, (*in_rows(buttons, _ROW), (listed,)), personal=True)


async def change(call: Call, desk: Desk, number: int) -> Message:
    """Change one property; raises `UsageError`."""
    asked, what = await numbered(call, desk, number), call.arguments["what"]
    level = another_level(asked, desk.chains) if what == "min" else ""
    with _example(level or f"/alerts {number} ring silent"):
        changed = _changed(asked, what, call.arguments.get("value", ""), desk)
    if changed != asked:
        changed = await desk.subscribe(changed)
    return format_subscription(changed, desk.chains)


def _changed(asked: Subscription, what: str, text: str, desk: Desk) -> Subscription:
    match what:
        case "ring":
            if text.lower() not in RINGS:
                raise UsageError(_("It rings {rings}.").format(rings=listed(RINGS)))
            return replace(asked, ring=Ring(text.lower()))
        case ring if ring in RINGS and not text:
            return replace(asked, ring=Ring(ring))
        case "in" | "out" | "any" if asked.kind is Kind.WATCH:
            return replace(asked, way=WAYS[what])
        case "label" if asked.kind is Kind.WATCH:
            return replace(asked, label=clean(text, LABEL_LENGTH))
        case "min" if asked.kind is Kind.ANOMALIES and text:
            return replace(asked, amount=parse_rate(text))
        case "min" if asked.kind in {Kind.WATCH, Kind.WHALES}:
            return _with_least(asked, text, desk)
    lacking = _("Number {n} has no “{what}” to change.")
    raise UsageError(lacking.format(n=asked.number, what=clean(what, SHOWN)))


def _with_least(asked: Subscription, text: str, desk: Desk) -> Subscription:
    if asked.kind is Kind.WATCH and text.lower() in {"0", OFF, "any", ""}:
        return replace(asked, amount=0, unit="")
    chain = desk.chains[asked.chain]
    meant = parse_amount_in(text, {chain.name: chain})
    return replace(asked, amount=meant.amount, unit=meant.unit)
