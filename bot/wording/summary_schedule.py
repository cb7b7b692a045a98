"""What is said of when summaries are told: pure."""

from collections.abc import Sequence
from typing import TypeAlias

from msgspec.structs import replace

from bot.commands.cities import Place
from bot.language import _, marked, signs
from bot.summaries.asked import Asked, typed_day, typed_time
from bot.wording.words import at, bold, code, filled, in_rows, listed_and, refuse, say, span
from storage.calendar import next_moment
from storage.model import Button, Line, Message
from storage.summaries import Cadence, Schedule

Rows: TypeAlias = tuple[tuple[Button, ...], ...]
_EACH = (
    marked("on Mondays at {time}"),
    marked("on Tuesdays at {time}"),
    marked("on Wednesdays at {time}"),
    marked("on Thursdays at {time}"),
    marked("on Fridays at {time}"),
    marked("on Saturdays at {time}"),
    marked("on Sundays at {time}"),
)
_AT_WHAT_TIME = (
    marked("At what time of Monday? ({zone})"),
    marked("At what time of Tuesday? ({zone})"),
    marked("At what time of Wednesday? ({zone})"),
    marked("At what time of Thursday? ({zone})"),
    marked("At what time of Friday? ({zone})"),
    marked("At what time of Saturday? ({zone})"),
    marked("At what time of Sunday? ({zone})"),
)
_HOURS = (7, 8, 9, 12, 18, 21)


def schedule_words(schedule: Schedule, zone: str) -> str:
    """`daily at 08:00`, `on Mondays at 08:00 (Africa/Lagos)`: its zone where it is not `zone`."""
    each = _("daily at {time}") if schedule.weekday is None else _(_EACH[schedule.weekday])
    when = each.format(time=typed_time(schedule.minute))
    return when if schedule.timezone == zone else f"{when} ({schedule.timezone})"


def schedule_line(schedules: Sequence[Schedule]) -> Line:
    """When this is told by itself."""
    if not schedules:
        return say(_("🗓 I can tell this by myself, at an hour you choose."))
    zone = schedules[-1].timezone
    told = listed_and([schedule_words(schedule, zone) for schedule in schedules])
    return say(_("🗓 Told {when} ({zone})").format(when=told, zone=zone))


def schedule_buttons(schedules: Sequence[Schedule], *, replaces: bool = False) -> Rows:
    """Ways to change it."""
    daily = Button(_("🗓 Daily…"), "/summary daily", replaces=replaces)
    weekly = Button(_("🗓 Weekly…"), "/summary weekly", replaces=replaces)
    return ((daily, weekly, _off()) if schedules else (daily, weekly),)


def format_begun(
    schedules: Sequence[Schedule], begun: Schedule, now: int, *, with_digest: bool = False
) -> Message:
    """A schedule is in force: when its first summary comes, and what else there is."""
    first = next_moment(begun, now)
    others = [schedule for schedule in schedules if schedule.cadence != begun.cadence]
    also = listed_and([schedule_words(one, begun.timezone) for one in others])
    title, when = _("🗓 A summary {when}, {zone}."), schedule_words(begun, begun.timezone)
    next_one = _("The next one: {time}, in {span}.")
    next_one = next_one.format(time=at(first, begun.timezone), span=span(first - now))
    return Message(
        say(bold(title.format(when=when, zone=begun.timezone))),
        (
            say(next_one),
            *([say(_("Also {when}.").format(when=also))] if others else []),
            *([say(_("🗞 The digest comes with it."))] if with_digest else []),
        ),
        ((Button(_("Show me one now"), "/summary"), _off()),),
    )


def format_ended(left: Sequence[Schedule], *, any_ended: bool, with_digest: bool) -> Message:
    """No summary is told by itself any more, or only those that are left."""
    if left:
        ended = _("That one is told no more.") if any_ended else _("That one was not told.")
        return Message(say(bold(f"🚫 {ended}")), (schedule_line(left),), schedule_buttons(left))
    ended = _("No more summaries by themselves.")
    said = ended if any_ended else _("None were told by themselves.")
    again = schedule_buttons((), replaces=True)
    return Message(
        say(bold(f"🚫 {said}")),
        (
            filled(_("{command} shows one now."), command=code("/summary")),
            *([say(_("🗞 The digest comes on the hour again."))] if with_digest else []),
        ),
        again,
    )


def ask_day(asked: Asked) -> Message:
    """On which day of the week?"""
    names = signs().weekdays
    days = [_choice("weekly", day, replace(asked, weekday=n)) for n, day in enumerate(names)]
    example = filled(_("Or type it: {command}"), command=code("/summary weekly mon 08:00"))
    title = say(bold(_("A summary of the week: on which day?")))
    return Message(title, (example,), in_rows(days, 4))


def ask_time(cadence: Cadence, asked: Asked, zone: str) -> Message:
    """At what time of day?"""
    times = [
        _choice(cadence, typed_time(60 * hour), replace(asked, minute=60 * hour)) for hour in _HOURS
    ]
    day = "" if asked.weekday is None else f"{typed_day(asked.weekday)} "
    like = _("Or type it, with a city if you like: {command}")
    example = filled(like, command=code(f"/summary {cadence} {day}06:30"))
    of_day = _("At what time of day? ({zone})")
    asks = of_day if asked.weekday is None else _(_AT_WHAT_TIME[asked.weekday])
    title = say(bold(asks.format(zone=asked.zone or zone)))
    return Message(title, (example,), in_rows(times, 3))


def refuse_zone(cadence: Cadence, asked: Asked, shown: str, zones: Sequence[Place]) -> Message:
    """There is no such zone; those that may be meant, or a weekday where one is lacking."""
    if not zones and cadence == "weekly" and asked.weekday is None:
        days = ask_day(replace(asked, zone=""))
        unlike = _("“{word}” is no weekday, and no place I know. On which day?")
        return refuse(unlike.format(word=shown), *days.lines, buttons=days.buttons)
    if not zones:
        return refuse(
            _("I know no zone or city “{zone}”.").format(zone=shown),
            say(_("Name a large city of your zone.")),
        )
    offers = [_choice(cadence, one.label, replace(asked, zone=one.zone)) for one in zones]
    return refuse(
        _("There is no zone “{zone}”. Did you mean:").format(zone=shown),
        buttons=tuple((offer,) for offer in offers),
    )


def _off() -> Button:
    return Button(_("🚫 No more"), "/summary off")


def _choice(cadence: Cadence, label: str, asked: Asked) -> Button:
    day = "" if asked.weekday is None else typed_day(asked.weekday)
    minute = "" if asked.minute is None else typed_time(asked.minute)
    command = " ".join(filter(None, ("/summary", cadence, day, minute, asked.zone)))
    return Button(label, command, replaces=True)
