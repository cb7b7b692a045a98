"""`/watchlist [page]`: what the chat watches."""

from collections.abc import Sequence

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.values import SHOWN
from bot.commands.watches import last_seen_of, watches_of
from bot.desk import Desk
from bot.kinds.watch import limits
from bot.language import _, marked
from bot.wording.words import bold, clean, code, filled, in_rows, many, say, short, span
from detectors.model import Subscription
from storage.model import Button, Line, Message

PAGE = 8
"""As many as get a button each."""
_BUTTONS_A_ROW = 4


class Watchlist:
    """The watched addresses, numbered, each with a button that ends it."""

    name = "watchlist"
    summary = marked("The addresses that are watched here")
    parameters = (
        Parameter("page", Type.TEXT, marked("Which page of a long list"), required=False),
    )
    examples = ("/watchlist", "/watchlist 2")
    changes = False
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        page = call.arguments.get("page", "1")
        if not (page.isascii() and page.isdigit() and len(page) < 10):
            raise UsageError(_("“{word}” is no page.").format(word=clean(page, SHOWN)))
        return await format_watchlist(call, desk, int(page))


async def format_watchlist(call: Call, desk: Desk, page: int = 1) -> Message:
    """A page of the list, or the nearest one that there is."""
    watches = await watches_of(call, desk)
    if not watches:
        return _empty()
    pages = -(-len(watches) // PAGE)
    page = min(max(page, 1), pages)
    first = (page - 1) * PAGE
    shown = list(enumerate(watches, 1))[first : first + PAGE]
    seen = await last_seen_of(desk, [watch for _, watch in shown])
    lines = tuple(
        _line(number, w, limits(w, desk.chains[w.chain]), seen.get(w.address), call.now)
        for number, w in shown
    )
    which = _("(page {page} of {pages})").format(page=page, pages=pages)
    buttons = (*_ends(shown), *_turns(page, pages))
    title = many(len(watches), "👁 Watching {n} address", "👁 Watching {n} addresses")
    return Message(say(bold(title), f" {which}" if pages > 1 else ""), lines, buttons)


def _line(number: int, watch: Subscription, only: str, seen: int | None, now: int) -> Line:
    label = f"{watch.label} " if watch.label else ""
    moved = _("not seen yet")
    if seen is not None:
        moved = _("seen {span} ago").format(span=span(max(0, now - seen)))
    return say(
        f"{number}. {label}", code(short(watch.address)), f", {only}" if only else "", f" · {moved}"
    )


def _ends(shown: Sequence[tuple[int, Subscription]]) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        Button(_("Unwatch {n}").format(n=number), f"/unwatch {watch.address}", replaces=True)
        for number, watch in shown
    ]
    return in_rows(buttons, _BUTTONS_A_ROW)


def _turns(page: int, pages: int) -> list[tuple[Button, ...]]:
    turns = []
    if page > 1:
        turns.append(Button(_("Earlier"), f"/watchlist {page - 1}", replaces=True))
    if page < pages:
        turns.append(Button(_("Later"), f"/watchlist {page + 1}", replaces=True))
    return [tuple(turns)] if turns else []


def _empty() -> Message:
    return Message(
        say(bold(_("No address is watched here yet."))),
        (filled(_("Paste one, or type {command}."), command=code("/watch ADDRESS label")),),
    )
