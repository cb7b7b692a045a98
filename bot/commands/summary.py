"""`/summary [daily|weekly|off] [when]`: the last day in a dozen lines, and when to tell it."""

from datetime import date

from msgspec.structs import replace
from sqlite_utils import Database

from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.timezone import find_zones, load_zones, zone_named
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.language import _, marked
from bot.outlet.drawing import Drawings
from bot.summaries.asked import Asked, parse_when
from bot.summaries.telling import last_day, summary_of
from bot.wording.summary_schedule import (
    ask_day,
    ask_time,
    format_begun,
    format_ended,
    refuse_zone,
    schedule_buttons,
    schedule_line,
)
from bot.wording.words import clean
from storage.calendar import latest_day
from storage.digests import waits_for_summary
from storage.model import Message
from storage.mutes import reconsider
from storage.subscriptions import UnboundError
from storage.summaries import Cadence, Schedule, end_schedules, save_schedule, schedules_of
from storage.summary_facts import chain_facts

_CADENCES: tuple[Cadence, ...] = ("daily", "weekly")
_OFF, _NOW = "off", "now"


class SummaryOf:
    """A summary now, and those at an hour that the chat chose."""

    name = "summary"
    summary = marked("The last day in a few lines, now or at your hour")
    parameters = (
        Parameter(
            "cadence", Type.CHOICE, marked("How often I tell it by myself"), required=False,
            choices=(*_CADENCES, _OFF, _NOW),
        ),
        Parameter(
            "when", Type.TEXT, marked("Time, and zone: 08:00 Lagos, mon 08:00"), required=False,
        ),
    )  # fmt: skip
    examples = (
        "/summary", "/summary daily 08:00", "/summary daily 08:00 Lagos",
        "/summary weekly mon 08:00", "/summary off",
    )  # fmt: skip
    changes = True
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`, and `UnboundError` where nothing is told."""
        cadence: str | None = call.arguments.get("cadence")
        when: str = call.arguments.get("when", "")
        if cadence in {None, _NOW}:
            if when:
                raise UsageError(_("A summary is told daily or weekly."))
            return await _now(call, desk)
        if cadence == _OFF:
            return await _end(call, desk, when.lower())
        asked = _parse(when, daily=cadence == "daily")
        return await _begin(call, desk, "daily" if cadence == "daily" else "weekly", asked)


def _parse(when: str, *, daily: bool) -> Asked:
    try:
        asked = parse_when(when)
    except ValueError:
        raise UsageError(_("There is no such time of day: write 08:00 or 8pm.")) from None
    if daily and asked.weekday is not None:
        raise UsageError(_("Daily means every day: leave the weekday out, or say weekly."))
    return asked


async def _now(call: Call, desk: Desk) -> Message:
    """The last day, with its picture, and when it is told by itself."""
    since, until = last_day(call.now)
    facts = [
        (chain, await desk.read(chain_facts, chain.name, since, until, call.now))
        for chain in desk.chains.values()
    ]
    message = await desk.read(summary_of, facts, call.chat, call.now)
    schedules = await desk.read(schedules_of, call.chat.id)
    lines = (*message.lines, schedule_line(schedules))
    buttons = (*message.buttons, *schedule_buttons(schedules))
    drawn = await Drawings(desk.draw).with_picture(message)
    return replace(drawn, lines=lines, buttons=buttons)


async def _begin(call: Call, desk: Desk, cadence: Cadence, asked: Asked) -> Message:
    """Begin a schedule, or ask for what was left out of it."""
    if not call.chat.bound:
        raise UnboundError
    if asked.zone:
        await load_zones()
    zone = zone_named(asked.zone) or _of_its_city(asked.zone) if asked.zone else None
    if asked.zone and zone is None:
        shown = clean(asked.zone, SHOWN)
        return refuse_zone(cadence, asked, shown, find_zones(asked.zone))
    asked = replace(asked, zone=zone or "")
    if cadence == "weekly" and asked.weekday is None:
        return ask_day(asked)
    if asked.minute is None:
        return ask_time(cadence, asked, call.chat.timezone)
    begun = _schedule(call, cadence, asked.weekday, asked.minute, zone)
    with_digest = await desk.write(_save, begun, zone, call.now) and begun.weekday is None
    desk.wake()
    schedules = await desk.read(schedules_of, call.chat.id)
    return format_begun(schedules, begun, call.now, with_digest=with_digest)


async def _end(call: Call, desk: Desk, which: str) -> Message:
    """Tell none any more, or only none daily or weekly; raises `UsageError`."""
    if which and which not in _CADENCES:
        raise UsageError(_("A summary is told daily or weekly."))
    only = next((cadence for cadence in _CADENCES if cadence == which), None)
    any_ended, follows = await desk.write(_drop, call.chat.id, only, call.now)
    desk.wake()
    left = await desk.read(schedules_of, call.chat.id)
    with_digest = follows and all(one.weekday is not None for one in left)
    return format_ended(left, any_ended=any_ended, with_digest=with_digest)


def _save(db: Database, begun: Schedule, zone: str | None, now: int) -> bool:
    save_schedule(db, begun, zone)
    return _follow(db, begun.chat, now)


def _drop(db: Database, chat: int, only: Cadence | None, now: int) -> tuple[bool, bool]:
    any_ended = end_schedules(db, chat, only)
    return any_ended, _follow(db, chat, now)


def _follow(db: Database, chat: int, now: int) -> bool:
    """Let what is kept for a digest that comes with the summary follow it; whether it does."""
    follows = waits_for_summary(db, chat)
    if follows:
        reconsider(db, chat, now)
    return follows


def _of_its_city(text: str) -> str | None:
    """The zone of the city in `Europe/Lagos`, which lies elsewhere."""
    return zone_named(text.rpartition("/")[2])


def _schedule(
    call: Call, cadence: Cadence, weekday: int | None, minute: int, zone: str | None
) -> Schedule:
    """A schedule to which all that has passed counts as told."""
    schedule = Schedule(
        call.chat.id, cadence, weekday, minute, zone or call.chat.timezone, date.min
    )
    return replace(schedule, told=latest_day(schedule, call.now))
