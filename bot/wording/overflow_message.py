"""How reads what is more than a page of what was kept, or than a chat's budget."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.language import _
from bot.wording.alert_message import in_group, mute_button, with_acknowledgement
from bot.wording.alert_view import View
from bot.wording.kept_words import title_of_many
from bot.wording.severity import with_severity
from bot.wording.words import bold, code, many, number, quiet, say
from storage.alerts import Story
from storage.model import Button, Line, Message
from watchers.model import Chain


class Overflow(Struct, frozen=True):
    """What is too much to tell each, with a chat's budget of `hourly`: the `newest` of it first.

    `ended` are others that came to a bad end; of `count` in all so many are `confirmed`.
    """

    newest: Sequence[Story]
    ended: Sequence[Story]
    count: int
    confirmed: int
    hourly: int


def format_overflow(over: Overflow, chains: Mapping[str, Chain], view: View) -> Message:
    """The newest, what became of the others, and a way to see all."""
    lines = [] if view.kept else [_more_than_wanted(over.hourly)]
    lines += [in_group(story, chains[story.chain], view) for story in over.newest]
    before = over.count - len(over.newest)
    if before:
        lines.append(say(_("… and {n} before these.").format(n=number(before))))
    lines += [in_group(story, chains[story.chain], view) for story in over.ended]
    if over.confirmed:
        said = _("{n} of {all} confirmed")
        lines.append(say(said.format(n=number(over.confirmed), all=number(over.count))))
    see_all = f"/alerts all {view.message}"
    every = Button(_("See all"), see_all)
    budget = () if view.kept else (Button(_("Budget…"), "/alerts budget"),)
    buttons = (every, mute_button(view), *budget)
    message = Message(say(bold(_title(over, view))), tuple(lines), (buttons,))
    if _is_round(over.count):
        message = replace(message, news=say(code(see_all)))
    message = with_severity(message, [*over.newest, *over.ended])
    return with_acknowledgement(message, "", view)


def _title(over: Overflow, view: View) -> str:
    if view.kept:
        return title_of_many(over.count, view.kept)
    return many(over.count, "📦 {n} more alert", "📦 {n} more alerts")


def _is_round(count: int) -> bool:
    """Of 1, 2, 5, 10, 20, … it is news that they are so many: of each one it would be too much."""
    return count in {digit * 10**zeros for zeros in range(9) for digit in (1, 2, 5)}


def _more_than_wanted(hourly: int) -> Line:
    wanted = many(
        hourly,
        "More than the {n} message an hour that is wanted here:",
        "More than the {n} messages an hour that are wanted here:",
    )
    return say(quiet(wanted))
