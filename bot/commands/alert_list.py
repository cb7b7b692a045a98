"""What a chat is told, as a list with numbers, and one of it with all that can be changed."""

from collections.abc import Iterable, Sequence

from bot.commands.command import Call, UsageError
from bot.commands.silence import muted_line
from bot.commands.values import SHOWN, Chains
from bot.desk import Desk
from bot.kinds.registry import KINDS
from bot.wording.words import bold, clean, code, place, quiet, say
from detectors.model import Kind, Ring, Subscription, Way
from storage.model import Button, Line, Message
from storage.mutes import muted_until
from storage.subscriptions import subscriptions_of

OFF = "off"
PAGE = 8
_ROW = 4
_RINGS = {
    Ring.LOUD: "🔔 loud",
    Ring.SILENT: "🔈 silent",
    Ring.DIGEST: "🗞 digest",
    Ring.OFF: "🔕 off",
}
_WAYS = {Way.IN: "in", Way.OUT: "out", Way.ANY: "any"}


async def asked_in(call: Call, desk: Desk) -> Sequence[Subscription]:
    """All that the chat asked for, in the order of the numbers."""
    return await desk.read(subscriptions_of, call.chat.id)


async def numbered(call: Call, desk: Desk, number: int) -> Subscription:
    """What has a number in the chat; raises `UsageError`."""
    found = [asked for asked in await asked_in(call, desk) if asked.number == number]
    if not found:
        raise UsageError(f"There is no number {number} here (any more).")
    return found[0]


def page_of(call: Call) -> int:
    """Which page is asked for; raises `UsageError`."""
    if "what" not in call.arguments:
        return 1
    page = call.arguments.get("value", "")
    if call.arguments["what"] != "page" or not (page.isascii() and page.isdigit()):
        raise UsageError(f"“{clean(page or call.arguments['what'], SHOWN)}” of what?")
    return int(page[:9])


async def format_list(
    call: Call, desk: Desk, verdict: str, page: int = 1, first: Iterable[Line] = ()
) -> Message:
    """A page of the list, or the nearest one that there is."""
    asked = await asked_in(call, desk)
    until = await desk.read(muted_until, call.chat.id, call.now)
    pages = max(-(-len(asked) // PAGE), 1)
    page = min(max(page, 1), pages)
    shown = asked[(page - 1) * PAGE : page * PAGE]
    if not verdict:
        verdict = (
            f"🔔 This {place(call.chat)} is told:" if asked else "Nothing is asked for here yet."
        )
    lines = [*first, *(_line(one, desk.chains) for one in shown)]
    if pages > 1:
        lines.append(say(quiet(f"Page {page} of {pages}, {len(asked)} in all")))
    if until is not None:
        lines.append(muted_line(call, until))
    if not asked:
        lines.append(say("Begin with ", code("/watch ADDRESS"), " or ", code("/alerts add")))
    silence = Button("Unmute", "/unmute") if until is not None else Button("🔕 Mute…", "/mute")
    untell = Button("Tell nothing here", f"/alerts {OFF}", replaces=True)
    buttons = (*_items(shown), *_turns(page, pages), (Button("Add…", "/alerts add"), silence,
                                                      untell))  # fmt: skip
    return Message(say(bold(verdict)), tuple(lines), buttons)


async def asked_lines(call: Call, desk: Desk) -> list[Line]:
    """The first page of the list, and how many more there are."""
    asked = await asked_in(call, desk)
    lines = [_line(one, desk.chains) for one in asked[:PAGE]]
    if len(asked) > PAGE:
        lines.append(say(quiet(f"… and {len(asked) - PAGE} more")))
    return lines


def _line(asked: Subscription, chains: Chains) -> Line:
    words = KINDS[asked.kind]
    ring = "" if asked.ring is Ring.LOUD else f" · {_RINGS[asked.ring]}"
    return say(f"{asked.number}. {words.mark} {words.describe(asked, chains)}{ring}")


def _items(shown: Sequence[Subscription]) -> list[tuple[Button, ...]]:
    buttons = [
        Button(f"{KINDS[one.kind].mark} {one.number}…", f"/alerts {one.number}", replaces=True)
        for one in shown
    ]
    return [tuple(buttons[at : at + _ROW]) for at in range(0, len(buttons), _ROW)]


def _turns(page: int, pages: int) -> list[tuple[Button, ...]]:
    turns = [
        Button(label, f"/alerts page {other}", replaces=True)
        for label, other in (("Earlier", page - 1), ("Later", page + 1))
        if 1 <= other <= pages
    ]
    return [tuple(turns)] if turns else []


async def format_one(call: Call, desk: Desk, number: int) -> Message:
    """One of the list; raises `UsageError`."""
    return format_subscription(await numbered(call, desk, number), desk.chains)


def format_subscription(asked: Subscription, chains: Chains, verdict: str = "") -> Message:
    """What is told, how it rings, and a button for each change."""
    words, number = KINDS[asked.kind], asked.number
    title = say(bold(verdict or f"{words.mark} {words.describe(asked, chains)}"))
    lines = [say(bold(f"{words.mark} {words.describe(asked, chains)}"))] if verdict else []
    if asked.address:
        lines.append(say(code(asked.address)))
    lines.append(say(f"Rings: {_RINGS[asked.ring]}"))
    if asked.kind in {Kind.WATCH, Kind.WHALES}:
        lines.append(say("Another amount: ", code(f"/alerts {number} min 0.5 BTC")))
    if asked.kind is Kind.ANOMALIES:
        lines.append(say("More or fewer of them: ", code(f"/alerts {number} min 1 in 10000")))
    rows = [tuple(_ring_button(asked, ring) for ring in Ring)]
    if asked.kind is Kind.WATCH:
        rows.append(tuple(_way_button(asked, way) for way in _WAYS))
    ends = Button("Remove", f"/alerts remove {number}", replaces=True)
    rows.append((ends, Button("All alerts", "/alerts", replaces=True)))
    return Message(title, tuple(lines), tuple(rows))


def _ring_button(asked: Subscription, ring: Ring) -> Button:
    marked = f"{'✓ ' if asked.ring is ring else ''}{_RINGS[ring]}"
    return Button(marked, f"/alerts {asked.number} ring {ring}", replaces=True)


def _way_button(asked: Subscription, way: Way) -> Button:
    marked = f"{'✓ ' if asked.way is way else ''}{_WAYS[way]}"
    return Button(marked, f"/alerts {asked.number} {_WAYS[way]}", replaces=True)
