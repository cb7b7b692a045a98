"""How what is more than a chat's budget reads."""

from collections.abc import Mapping, Sequence

from bot.wording.alert_message import View, in_group, mute_button
from bot.wording.words import bold, many, quiet, say
from storage.alerts import Story
from storage.model import Button, Message
from watchers.model import Chain


def format_overflow(
    newest: Sequence[Story],
    count: int,
    hourly: int,
    message: int,
    chains: Mapping[str, Chain],
    view: View,
) -> Message:
    """What is more than a chat's budget, the newest first; `message` names it."""
    lines = [say(quiet(f"More than the {hourly} messages an hour that are wanted here:"))]
    lines += [in_group(story, chains[story.chain], view) for story in newest]
    news = say(f"{many(count, '{n} alert', '{n} alerts')} by now")
    if count > len(newest):
        lines.append(say(f"… and {count - len(newest):,} before these."))
    every = Button("See all", f"/alerts all {message}")
    buttons = (every, mute_button(view), Button("Budget…", "/alerts budget"))
    title = say(bold(many(count, "📦 {n} more alert", "📦 {n} more alerts")))
    return Message(title, tuple(lines), (buttons,), news=news)
