"""How what is more than a chat's budget reads."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.language import _
from bot.wording.alert_message import in_group, mute_button, with_acknowledgement
from bot.wording.alert_view import View
from bot.wording.severity import with_severity
from bot.wording.words import bold, many, number, quiet, say
from storage.alerts import Story
from storage.model import Button, Message
from watchers.model import Chain


class Overflow(Struct, frozen=True):
    """What is more than the `hourly` messages that a chat reads: the `newest` of it first.

    `ended` are others that came to a bad end; of `count` in all so many are `confirmed`.
    """

    newest: Sequence[Story]
    ended: Sequence[Story]
    count: int
    confirmed: int
    hourly: int


def format_overflow(over: Overflow, chains: Mapping[str, Chain], view: View) -> Message:
    """The newest, what became of the others, and a way to see all."""
    wanted = many(
        over.hourly,
        "More than the {n} message an hour that is wanted here:",
        "More than the {n} messages an hour that are wanted here:",
    )
    lines = [say(quiet(wanted))]
    lines += [in_group(story, chains[story.chain], view) for story in over.newest]
    before = over.count - len(over.newest)
    if before:
        lines.append(say(_("… and {n} before these.").format(n=number(before))))
    lines += [in_group(story, chains[story.chain], view) for story in over.ended]
    confirmed = number(over.confirmed)
    by_now = many(
        over.count,
        "{n} alert by now, {confirmed} confirmed",
        "{n} alerts by now, {confirmed} confirmed",
        confirmed=confirmed,
    )
    if over.confirmed:
        said = _("{n} of {all} confirmed").format(n=confirmed, all=number(over.count))
        lines.append(say(said))
    every = Button(_("See all"), f"/alerts all {view.message}")
    buttons = (every, mute_button(view), Button(_("Budget…"), "/alerts budget"))
    title = say(bold(many(over.count, "📦 {n} more alert", "📦 {n} more alerts")))
    message = Message(title, tuple(lines), (buttons,), news=say(by_now))
    message = with_severity(message, [*over.newest, *over.ended])
    return with_acknowledgement(message, "", view)
