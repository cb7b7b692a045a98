"""What a chat is told, as a list with numbers, and one of it with all that can be changed."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bot.commands.command import Call, UsageError
from bot.commands.silence import muted_line
from bot.commands.values import SHOWN, Chains
from bot.desk import Desk
from bot.kinds.registry import KINDS
from bot.kinds.watch import WAY_NAMES
from bot.language import _, marked, pgettext
from bot.wording.useful import precision_words
from bot.wording.words import bold, clean, code, filled, in_rows, many, place, quiet, say
from detectors.model import Kind, Ring, Subscription, Way
from storage.labels import precisions
from storage.model import Button, Line, Message
from storage.mutes import muted_until
from storage.subscriptions import subscriptions_of

OFF = "off"
PAGE = 8
_ROW = 4
_RINGS = {
    Ring.LOUD: marked("🔔 loud"),
    Ring.SILENT: marked("🔈 silent"),
    Ring.DIGEST: marked("🗞 digest"),
    Ring.OFF: marked("🔕 off"),
}


async def asked_in(call: Call, desk: Desk) -> Sequence[Subscription]:
    """All that the chat asked for, in the order of the numbers."""
    return await desk.read(subscriptions_of, call.chat.id)


async def numbered(call: Call, desk: Desk, number: int) -> Subscription:
    """What has a number in the chat; raises `UsageError`."""
    found = [asked for asked in await asked_in(call, desk) if asked.number == number]
    if not found:
        raise UsageError(_("There is no number {n} here (any more).").format(n=number), "/alerts")
    return found[0]


def page_of(call: Call) -> int:
    """Which page is asked for; raises `UsageError`."""
    if "what" not in call.arguments:
        return 1
    page = call.arguments.get("value", "")
    if call.arguments["what"] != "page" or not (page.isascii() and page.isdigit()):
        shown = clean(page or call.arguments["what"], SHOWN)
        raise UsageError(_("“{word}” of what?").format(word=shown))
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
    lines = [*first, *(line_of(one, desk.chains) for one in shown)]
    if pages > 1:
        which = _("Page {page} of {pages}, {all} in all")
        lines.append(say(quiet(which.format(page=page, pages=pages, all=len(asked)))))
    if until is not None:
        lines.append(muted_line(call, until))
    if not asked:
        begin = _("Begin with {watch} or {add}")
        lines.append(filled(begin, watch=code("/watch ADDRESS"), add=code("/alerts add")))
    buttons = (*_items(shown), *_turns(page, pages), _ends(muted=until is not None))
    return Message(say(bold(verdict or _told(call, asked))), tuple(lines), buttons)


def _told(call: Call, asked: Sequence[Subscription]) -> str:
    if not asked:
        return _("No alerts here yet.")
    return _("🔔 This {place} is told:").format(place=place(call.chat))


def _ends(*, muted: bool) -> tuple[Button, ...]:
    """What can be done with all of the list."""
    silence = Button(_("Unmute"), "/unmute") if muted else Button(_("🔕 Mute…"), "/mute")
    untell = Button(_("Tell nothing here"), f"/alerts {OFF}", replaces=True)
    return Button(_("Add…"), "/alerts add"), silence, untell


async def asked_lines(call: Call, desk: Desk) -> list[Line]:
    """The first page of the list, and how many more there are."""
    asked = await asked_in(call, desk)
    lines = [line_of(one, desk.chains) for one in asked[:PAGE]]
    if rest := asked[PAGE:]:
        lines.append(say(quiet(many(len(rest), "… and {n} more", "… and {n} more"))))
    return lines


def line_of(asked: Subscription, chains: Chains) -> Line:
    """`2. 🐋 Transactions from 500 BTC on · 🔈 silent`."""
    words = KINDS[asked.kind]
    ring = "" if asked.ring is Ring.LOUD else f" · {_(_RINGS[asked.ring])}"
    return say(f"{asked.number}. {words.mark} {words.describe(asked, chains)}{ring}")


def _items(shown: Sequence[Subscription]) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        Button(f"{KINDS[one.kind].mark} {one.number}…", f"/alerts {one.number}", replaces=True)
        for one in shown
    ]
    return in_rows(buttons, _ROW)


def _turns(page: int, pages: int) -> list[tuple[Button, ...]]:
    turns = [
        Button(label, f"/alerts page {other}", replaces=True)
        for label, other in ((_("Earlier"), page - 1), (_("Later"), page + 1))
        if 1 <= other <= pages
    ]
    return [tuple(turns)] if turns else []


async def format_one(call: Call, desk: Desk, number: int) -> Message:
    """One of the list, with how useful what it told was; raises `UsageError`."""
    asked = await numbered(call, desk, number)
    message = format_subscription(asked, desk.chains)
    judged = await desk.read(precisions, call.chat.id)
    useful = [say(precision_words(each)) for each in judged if each.detector == asked.kind]
    return replace(message, lines=(*message.lines, *useful))


def format_subscription(asked: Subscription, chains: Chains, verdict: str = "") -> Message:
    """What is told, how it rings, and a button for each change."""
    words, number = KINDS[asked.kind], asked.number
    title = say(bold(verdict or f"{words.mark} {words.describe(asked, chains)}"))
    lines = [say(bold(f"{words.mark} {words.describe(asked, chains)}"))] if verdict else []
    if asked.address:
        lines.append(say(code(asked.address)))
    lines.append(say(_("Rings: {ring}").format(ring=_(_RINGS[asked.ring]))))
    if level := another_level(asked, chains):
        rarer = asked.kind is Kind.ANOMALIES
        how = _("More or fewer of them: {command}") if rarer else _("Another amount: {command}")
        lines.append(filled(how, command=code(level)))
    rows = [tuple(_ring_button(asked, ring) for ring in Ring)]
    if asked.kind is Kind.WATCH:
        rows.append(tuple(_way_button(asked, way) for way in WAY_NAMES))
    ends = [Button(_("Remove"), f"/alerts remove {number}", replaces=True)]
    if asked.ring is Ring.DIGEST:
        ends.append(Button(_("🗞 When…"), "/alerts digest"))
    rows.append((*ends, Button(_("All alerts"), "/alerts", replaces=True)))
    return Message(title, tuple(lines), tuple(rows))


def another_level(asked: Subscription, chains: Chains) -> str:
    """The command that changes its level to one that it has not, "" where it has none."""
    if asked.kind is Kind.ANOMALIES:
        return f"/alerts {asked.number} min 1 in {1_000 if asked.amount == 10_000 else 10_000}"
    if asked.kind not in {Kind.WATCH, Kind.WHALES}:
        return ""
    asset = chains[asked.chain].asset
    half = (asked.unit, 2 * asked.amount) == (asset.symbol, 10**asset.decimals)
    return f"/alerts {asked.number} min {1 if half else 0.5} {asset.symbol}"


def _ring_button(asked: Subscription, ring: Ring) -> Button:
    label = f"{'✓ ' if asked.ring is ring else ''}{_(_RINGS[ring])}"
    return Button(label, f"/alerts {asked.number} ring {ring}", replaces=True)


def _way_button(asked: Subscription, way: Way) -> Button:
    label = f"{'✓ ' if asked.way is way else ''}{_way_word(way)}"
    return Button(label, f"/alerts {asked.number} {WAY_NAMES[way]}", replaces=True)


def _way_word(way: Way) -> str:
    words = {
        Way.IN: pgettext("direction", "in"),
        Way.OUT: pgettext("direction", "out"),
        Way.ANY: pgettext("direction", "any"),
    }
    return words[way]
