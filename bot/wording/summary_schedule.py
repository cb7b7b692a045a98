"""What is said of when summaries are told: pure."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from bot.summaries.asked import DAYS, Asked, typed_day, typed_time
from bot.summaries.calendar import next_moment
from bot.wording.words import at, bold, code, refuse, say, span
from storage.model import Button, Line, Message
from storage.summaries import Cadence, Schedule

Rows: TypeAlias = tuple[tuple[Button, ...], ...]
_HOURS = (7, 8, 9, 12, 18, 21)
_OFF = Button("🚫 No more", "/summary off")


def schedule_words(schedule: Schedule) -> str:
    """`daily at 08:00`, `on Mondays at 08:00`."""
    when = typed_time(schedule.minute)
    if schedule.weekday is None:
        return f"daily at {when}"
    return f"on {DAYS[schedule.weekday]}s at {when}"


def schedule_line(schedules: Sequence[Schedule]) -> Line:
    """When this is told by itself."""
    if not schedules:
        return say("🗓 I can tell this by myself, at an hour you choose.")
    zones = {schedule.timezone for schedule in schedules}
    told = " and ".join(map(schedule_words, schedules))
    return say(f"🗓 Told {told} ({', '.join(sorted(zones))})")


def schedule_buttons(schedules: Sequence[Schedule], *, replaces: bool = False) -> Rows:
    """Ways to change it."""
    daily = Button("🗓 Daily…", "/summary daily", replaces=replaces)
    weekly = Button("🗓 Weekly…", "/summary weekly", replaces=replaces)
    return ((daily, weekly, _OFF) if schedules else (daily, weekly),)


def format_begun(schedules: Sequence[Schedule], begun: Schedule, now: int) -> Message:
    """A schedule is in force: when its first summary comes, and what else there is."""
    first = next_moment(begun, now)
    others = [schedule for schedule in schedules if schedule.cadence != begun.cadence]
    also = (say("Also " + " and ".join(map(schedule_words, others)) + "."),) if others else ()
    return Message(
        say(bold(f"🗓 A summary {schedule_words(begun)}, {begun.timezone}.")),
        (say(f"The next one: {at(first, begun.timezone)}, in {span(first - now)}."), *also),
        ((Button("Show me one now", "/summary"), _OFF),),
    )


def format_ended(*, any_ended: bool) -> Message:
    """No summary is told by itself any more."""
    said = "No more summaries by themselves." if any_ended else "None were told by themselves."
    again = schedule_buttons((), replaces=True)
    return Message(say(bold(f"🚫 {said}")), (say(code("/summary"), " shows one now."),), again)


def ask_day(asked: Asked) -> Message:
    """On which day of the week?"""
    days = [_choice("weekly", day[:3], replace(asked, weekday=n)) for n, day in enumerate(DAYS)]
    example = say("Or type it: ", code("/summary weekly mon 08:00"))
    title = say(bold("A summary of the week: on which day?"))
    return Message(title, (example,), tuple(_rows(days, 4)))


def ask_time(cadence: Cadence, asked: Asked, zone: str) -> Message:
    """At what time of day?"""
    times = [
        _choice(cadence, typed_time(60 * hour), replace(asked, minute=60 * hour)) for hour in _HOURS
    ]
    day = "" if asked.weekday is None else f"{typed_day(asked.weekday)} "
    example = say("Or type it, with a city if you like: ", code(f"/summary {cadence} {day}06:30"))
    when = "day" if asked.weekday is None else DAYS[asked.weekday]
    title = say(bold(f"At what time of {when}? ({asked.zone or zone})"))
    return Message(title, (example,), tuple(_rows(times, 3)))


def refuse_zone(cadence: Cadence, asked: Asked, shown: str, zones: Sequence[str]) -> Message:
    """There is no such zone; those that may be meant."""
    if not zones:
        return refuse(f"I know no zone or city “{shown}”.", say("Name a large city of your zone."))
    offers = [_choice(cadence, zone, replace(asked, zone=zone)) for zone in zones]
    return refuse(
        f"There is no zone “{shown}”. Did you mean:", buttons=tuple((offer,) for offer in offers)
    )


def _choice(cadence: Cadence, label: str, asked: Asked) -> Button:
    day = "" if asked.weekday is None else typed_day(asked.weekday)
    minute = "" if asked.minute is None else typed_time(asked.minute)
    command = " ".join(filter(None, ("/summary", cadence, day, minute, asked.zone)))
    return Button(label, command, replaces=True)


def _rows(buttons: Sequence[Button], most: int) -> Iterator[tuple[Button, ...]]:
    for start in range(0, len(buttons), most):
        yield tuple(buttons[start : start + most])
