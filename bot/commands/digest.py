"""`/alerts digest [hourly|summary]`: when a chat is told what rings in its digest."""

from collections.abc import Sequence

from sqlite_utils import Database

from bot.commands.alert_list import asked_in
from bot.commands.command import Call, UsageError
from bot.desk import Desk
from bot.language import _
from bot.wording.summary_schedule import schedule_words
from bot.wording.words import at, bold, code, filled, say
from detectors.model import Ring, Subscription
from storage.digests import daily_summary_of, next_digest, save_digest, waits_for_summary
from storage.model import Button, Line, Message
from storage.mutes import reconsider
from storage.summaries import Schedule

HOURLY, WITH_SUMMARY = "hourly", "summary"
TIMES = (HOURLY, WITH_SUMMARY)


async def set_digest(call: Call, desk: Desk) -> Message:
    """Set or say when the digest comes; raises `UsageError`."""
    asked: str | None = call.arguments.get("what")
    if asked is not None:
        if asked not in TIMES:
            raise UsageError(_("The digest comes hourly, or with the summary."))
        await desk.write(_settle, call.chat.id, asked, call.now)
        desk.wake()
    waits = await desk.read(waits_for_summary, call.chat.id)
    daily = await desk.read(daily_summary_of, call.chat.id)
    moment = await desk.read(next_digest, call.chat.id, call.now)
    when = say(_("The next one: {time}.").format(time=at(moment, call.chat.timezone)))
    rules = await asked_in(call, desk)
    lines = (*_lacking(daily, waits=waits), when, _way(rules))
    title = say(bold(_title(daily, call.chat.timezone, waits=waits)))
    return Message(title, lines, _buttons(daily, rules, waits=waits), personal=asked is None)


def _settle(db: Database, chat: int, asked: str, now: int) -> None:
    save_digest(db, chat, with_summary=asked == WITH_SUMMARY)
    reconsider(db, chat, now)


def _title(daily: Schedule | None, zone: str, *, waits: bool) -> str:
    if not waits or daily is None:
        return _("🗞 The digest comes on the hour.")
    when = schedule_words(daily, zone)
    return _("🗞 The digest comes with the summary, {when}.").format(when=when)


def _lacking(daily: Schedule | None, *, waits: bool) -> tuple[Line, ...]:
    """What to do where there is no summary with which it could come."""
    if not waits or daily is not None:
        return ()
    return (say(_("It is to come with the daily summary, which is not told here yet.")),)


def _way(rules: Sequence[Subscription]) -> Line:
    """How a rule gets there, by the number of one that does not ring there yet."""
    others = [rule.number for rule in rules if rule.ring is not Ring.DIGEST]
    if not others:
        return say(_("What rings in it is collected without a sound."))
    typed = code(f"/alerts {others[0]} ring digest")
    return filled(_("What rings in it is collected without a sound: {command}"), command=typed)


def _buttons(
    daily: Schedule | None, rules: Sequence[Subscription], *, waits: bool
) -> tuple[tuple[Button, ...], ...]:
    hourly = Button(_("On the hour"), f"/alerts digest {HOURLY}", replaces=True)
    together = Button(_("With the summary"), f"/alerts digest {WITH_SUMMARY}", replaces=True)
    choice = hourly if waits else together
    begin = Button(_("🗓 Daily summary…"), "/summary daily")
    first = (begin, choice) if waits and daily is None else (choice,)
    listed = Button(_("All alerts"), "/alerts") if rules else Button(_("Add…"), "/alerts add")
    return first, (listed,)
