"""`/timezone [zone]`: where it is what time, for every time that is shown."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from sqlite_utils import Database

from bot.commands.cities import Named, Place, abbreviated, folded, other_names
from bot.commands.command import Call, Parameter, Type
from bot.commands.nearest import mistyped
from bot.commands.values import SHOWN
from bot.desk import Desk
from bot.language import _, marked
from bot.wording.words import bold, clean, clock, code, filled, place, refuse, say
from storage.chats import save_timezone
from storage.model import Button, Chat, Message
from storage.mutes import reconsider

_CHOICES = 8
_OFFSET = re.compile(r"(?:utc|gmt)?\s*[-+−]\s*[0-9]{1,2}(?::?[0-9]{2})?", re.IGNORECASE)
_REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe",
    "Indian", "Pacific",
)  # fmt: skip


class Timezone:
    """Shows and sets the zone: a person's in private, the chat's elsewhere."""

    name = "timezone"
    summary = marked("The time zone in which times are shown")
    parameters = (
        Parameter("zone", Type.TEXT, marked("A city, or a zone's name: Lagos"), required=False),
    )
    examples = ("/timezone", "/timezone Lagos", "/timezone America/New_York")
    changes = True
    personal = True

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer."""
        asked = clean(call.arguments.get("zone", ""), 200)
        if not asked:
            verdict = _("🕰 Times are shown as in {zone}.")
            return _shown(call, call.chat.timezone, verdict)
        await load_zones()
        exact = zone_named(asked)
        if exact is None:
            return _offer(asked)
        await desk.write(_move, call.chat, exact, call.now)
        desk.wake()
        return _shown(call, exact, _("🕰 Times are now shown as in {zone}."))


def _move(db: Database, chat: Chat, zone: str, now: int) -> None:
    """Quiet hours end at another time by it."""
    save_timezone(db, chat, zone)
    reconsider(db, chat.id, now)


async def load_zones() -> None:
    """Have the zones known: the first time they are read, a file each, beside the event loop."""
    await asyncio.to_thread(_zones)


def zone_named(text: str) -> str | None:
    """The zone of that name, or of the one city of that name; None where there is none."""
    return _zones().get(folded(text)) or _zones().get(folded(text.partition(",")[0]))


def find_zones(text: str) -> list[Place]:
    """The zones that a text may mean: of its city first, else where it is but mistyped."""
    city = folded(text).rpartition("/")[2]
    other = _others().get(city)
    if known := abbreviated(text) or (other.zones if other else ()):
        return [Place(zone) for zone in known[:_CHOICES]]
    cities = {name: _city(name) for name in _zones()}
    named = [name for name, its in cities.items() if its == city]
    begun = [name for name, its in cities.items() if its.startswith(city)]
    if not named and not begun:
        near = mistyped(city, set(cities.values()))
        named = [name for name, its in cities.items() if its in near]
    return _places((*named, *begun))[:_CHOICES]


def _places(names: Iterable[str]) -> list[Place]:
    """Where the names are, each zone once: by its own name where that is among them."""
    found: dict[str, Place] = {}
    for name in names:
        zone = _zones()[name]
        is_own = _city(folded(zone)) == _city(name)
        if is_own or zone not in found:
            found[zone] = Place(zone, "" if is_own else _others()[name].name)
    return list(found.values())


def _city(name: str) -> str:
    return name.rpartition("/")[2]


@cache
def _zones() -> dict[str, str]:
    """Every zone by its folded name, and by its city where no other has it."""
    regional = sorted(z for z in available_timezones() if z.partition("/")[0] in _REGIONS)
    by_name = {folded(zone): zone for zone in ("UTC", *regional)}
    cities = [folded(zone).rpartition("/")[2] for zone in regional]
    times = Counter(cities)
    alone = {c: z for c, z in zip(cities, regional, strict=True) if times[c] == 1}
    others = {name: one.zones[0] for name, one in _others().items() if len(one.zones) == 1}
    return {**others, **alone, **by_name}


@cache
def _others() -> dict[str, Named]:
    return other_names(frozenset(available_timezones()))


def _offer(asked: str) -> Message:
    found = find_zones(asked)
    shown = clean(asked, SHOWN)
    if _OFFSET.fullmatch(asked):
        fixed = _("“{zone}” knows no summer time, so I ask for a place.").format(zone=shown)
        large = _("Name a large city of your zone, such as {command}.")
        return refuse(fixed, filled(large, command=code("/timezone Lagos")))
    if not found:
        hint = _("Name a large city of your zone, such as {command}.")
        unknown = _("I know no zone or city “{zone}”.").format(zone=shown)
        return refuse(unknown, filled(hint, command=code("/timezone Lagos")))
    buttons = tuple((Button(p.label, f"/timezone {p.zone}", replaces=True),) for p in found)
    meant = _("There is no zone “{zone}”. Did you mean:").format(zone=shown)
    return refuse(meant, buttons=buttons)


def _shown(call: Call, zone: str, verdict: str) -> Message:
    where = _("That holds in all your private chats.")
    if call.chat.person is None:
        where = _("That holds for this {place}.").format(place=place(call.chat))
    now = _("It is {time} there.").format(time=clock(call.now, zone))
    city = "Lagos" if zone != "Africa/Lagos" else "Tokyo"
    other = filled(_("Another one: {command}"), command=code(f"/timezone {city}"))
    return Message(say(bold(verdict.format(zone=zone))), (say(now), say(where), other))
