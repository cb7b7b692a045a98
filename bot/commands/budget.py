"""`/alerts budget 40` and `/alerts all N`: how much is read, and all that was too much."""

from collections.abc import Mapping

from msgspec.structs import replace
from sqlite_utils import Database

from bot.commands.alert_list import OFF, page_of
from bot.commands.command import Call, UsageError
from bot.desk import Desk
from bot.language import _
from bot.outlet.view import view_of
from bot.wording.alert_message import in_group
from bot.wording.words import bold, code, filled, many, number, say
from storage.alerts import count_stories, stories_of
from storage.budget import UNLIMITED, budget_of, save_budget, stands_in
from storage.model import Button, Chat, Line, Message, Text
from watchers.model import Chain

MOST = 1000
PAGE = 20
_SHOWN = (40, 20)
"""Budgets to show as an example: the first that is not in force."""


async def set_budget(call: Call, desk: Desk) -> Message:
    """Set or say how many alert messages an hour are wanted; raises `UsageError`."""
    hourly: int | None = call.arguments.get("number")
    if call.arguments.get("what") == OFF:
        hourly = UNLIMITED
    elif hourly is not None and not 1 <= hourly <= MOST:
        most = _("A budget is 1 to {most} alert messages an hour, or off.")
        raise UsageError(most.format(most=number(MOST)))
    if hourly is not None:
        await desk.write(save_budget, call.chat.id, hourly)
    present = await desk.read(budget_of, call.chat.id)
    return replace(_format_budget(present), personal=hourly is None)


def _format_budget(present: int) -> Message:
    if present == UNLIMITED:
        title = _("📦 No budget: I send every alert here.")
        back = filled(_("To get the rest in one message: {command}"), command=_another(present))
        return Message(say(bold(title)), (back,))
    most = many(
        present,
        "📦 At most {n} alert message an hour here.",
        "📦 At most {n} alert messages an hour here.",
    )
    lines = (
        say(_("More than that comes in one message. Nothing is lost.")),
        say(_("Watched addresses and critical alerts always pass.")),
        filled(_("Another one: {command}"), command=_another(present)),
    )
    return Message(say(bold(most)), lines)


def _another(present: int) -> Text:
    return code(f"/alerts budget {next(one for one in _SHOWN if one != present)}")


async def show_all(call: Call, desk: Desk, message: int) -> Message:
    """All that a message of this chat tells, in pages; raises `UsageError`."""
    page = max(page_of(call), 1)
    count, lines = await desk.read(_lines, desk.chains, call.chat, message, page, call.now)
    if not lines:
        raise UsageError(_("There is nothing more to show."))
    pages = -(-count // PAGE)
    turns = tuple(
        Button(label, f"/alerts all {message} page {other}", replaces=True)
        for label, other in ((_("Later"), page - 1), (_("Earlier"), page + 1))
        if 1 <= other <= pages
    )
    which = _("(page {page} of {pages}, newest first)").format(page=page, pages=pages)
    title = say(bold(many(count, "📦 {n} alert", "📦 {n} alerts")), f" {which}")
    return Message(title, lines, (turns,) if turns else ())


def _lines(
    db: Database, chains: Mapping[str, Chain], chat: Chat, message: int, page: int, now: int
) -> tuple[int, tuple[Line, ...]]:
    if not stands_in(db, message, chat.id):
        return 0, ()
    newest = stories_of(db, message, now, newest=PAGE, skip=(page - 1) * PAGE)
    view = view_of(db, chat, newest, chains)
    lines = tuple(in_group(story, chains[story.chain], view) for story in newest)
    return count_stories(db, message), lines
