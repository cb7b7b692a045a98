"""How what is more than a chat's budget reads."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.wording.alert_message import View, in_group, mute_button, with_acknowledgement
from bot.wording.severity import with_severity
from bot.wording.words import bold, many, quiet, say
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
    lines = [say(quiet(f"More than the {over.hourly} messages an hour that are wanted here:"))]
    lines += [in_group(story, chains[story.chain], view) for story in over.newest]
    before = over.count - len(over.newest)
    if before:
        lines.append(say(f"… and {before:,} before these."))
    lines += [in_group(story, chains[story.chain], view) for story in over.ended]
    by_now = many(over.count, "{n} alert", "{n} alerts")
    news = say(f"{by_now} by now, {over.confirmed:,} confirmed")
    if over.confirmed:
        lines.append(say(f"{over.confirmed:,} of {over.count:,} confirmed"))
    every = Button("See all", f"/alerts all {view.message}")
    buttons = (every, mute_button(view), Button("Budget…", "/alerts budget"))
    title = say(bold(many(over.count, "📦 {n} more alert", "📦 {n} more alerts")))
    message = Message(title, tuple(lines), (buttons,), news=news)
    message = with_severity(message, [*over.newest, *over.ended])
    return with_acknowledgement(message, "", view)
