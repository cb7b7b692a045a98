"""What a person can fill in: options checked against the command as the bot registered it."""

import re
from collections.abc import Callable
from typing import Any

from tests.strict_discord.channels import Channel
from tests.strict_discord.commands import GROUP, SUBCOMMAND
from tests.strict_discord.guilds import Role
from tests.strict_discord.interaction import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    USER,
)
from tests.strict_discord.messages import File, Json
from tests.strict_discord.people import Person
from tests.strict_discord.world import World


def find_command(world: World, channel: Channel, name: str) -> tuple[Json, Json] | None:
    """The command of this name there, and the subcommand that is meant, or itself."""
    first, *rest = name.split()
    guild = world.commands.get(channel.guild.id, []) if channel.guild else []
    for command in (*guild, *world.commands.get(0, [])):
        if command["name"] == first and command["type"] == 1:
            place = _below(command, rest)
            return None if place is None else (command, place)
    return None


def path_of(command: Json, name: str, told: list[Json]) -> Json:
    """The data of an interaction: the command with its subcommands around the options."""
    for word in reversed(name.split()[1:]):
        kind = SUBCOMMAND if _is_innermost(command, name, word) else GROUP
        told = [{"name": word, "type": kind, "options": told}]
    guild = {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    data = {"id": command["id"], "name": command["name"], "type": 1, **guild}
    return data | ({"options": told} if told else {})


def typed(place: Json, given: Json) -> list[Json]:
    """The options as they are sent. Raises AssertionError for what cannot be filled in."""
    told = [_filled(place, name, value) for name, value in _named(place, given).items()]
    missing = [
        option["name"]
        for option in place.get("options", [])
        if option.get("required") and option["name"] not in {each["name"] for each in told}
    ]
    assert not missing, f"{place['name']}: {', '.join(missing)} must be filled in"
    return told


def typed_so_far(place: Json, focused: str, given: Json) -> list[Json]:
    """The options while one of them is being typed; it comes as text, whatever its type."""
    given = dict(given)
    if focused not in given and "value" in given:
        given[focused] = given.pop("value")
    text = str(given.pop(focused, ""))
    option = _option(place, focused)
    assert option.get("autocomplete"), f"{place['name']}: {focused} is not completed"
    told = [_filled(place, name, value) for name, value in _named(place, given).items()]
    beginning = {"name": option["name"], "type": option["type"], "value": text}
    return [*told, beginning | {"focused": True}]


def _below(command: Json, words: list[str]) -> Json | None:
    place = command
    for word in words:
        options = place.get("options", [])
        found = [o for o in options if o["name"] == word and o["type"] in {SUBCOMMAND, GROUP}]
        if not found:
            return None
        place = found[0]
    inner = [o for o in place.get("options", []) if o["type"] in {SUBCOMMAND, GROUP}]
    return None if inner else place


def _is_innermost(command: Json, name: str, word: str) -> bool:
    words = name.split()[1:]
    return word == words[-1] and _below(command, words) is not None


def _named(place: Json, given: Json) -> Json:
    """Given options by their names; Python's underscores stand for hyphens."""
    return {_option(place, name)["name"]: value for name, value in given.items()}


def _option(place: Json, name: str) -> Json:
    known = {option["name"]: option for option in place.get("options", [])}
    for spelling in (name, name.replace("_", "-")):
        if spelling in known:
            return dict(known[spelling])
    raise AssertionError(f"{place['name']} has no option {name}, only {list(known)}")


def _filled(place: Json, name: str, value: Any) -> Json:
    option = _option(place, name)
    check = CHECKS[option["type"]]
    what = f"{place['name']}: {name} cannot be {value!r}"
    sent = check(value)
    assert sent is not None, f"{what}, it is of type {option['type']}"
    if choices := option.get("choices"):
        values = {each["name"]: each["value"] for each in choices}
        sent = values.get(sent, sent)
        assert sent in values.values(), f"{what}, the choices are {list(values)}"
    _check_range(option, sent, what)
    return {"name": option["name"], "type": option["type"], "value": sent}


def _check_range(option: Json, sent: Any, what: str) -> None:
    size = len(sent) if isinstance(sent, str) else sent
    kind = "length" if isinstance(sent, str) else "value"
    low, high = option.get(f"min_{kind}"), option.get(f"max_{kind}")
    assert low is None or size >= low, f"{what}, {low} is the least"
    assert high is None or size <= high, f"{what}, {high} is the most"
    assert not isinstance(sent, str) or len(sent) <= 6000, f"{what}, it is too long"


def _id_of(kind: type[Person | Channel | Role | File]) -> Callable[[Any], str | None]:
    return lambda value: str(value.id) if isinstance(value, kind) else None


def _text(value: Any) -> str | None:
    """Discord trims text and takes nothing empty."""
    return value.strip() or None if isinstance(value, str) else None


def _integer(value: Any) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        return int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and abs(value) < 2**53 else None


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else None


def _boolean(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


CHECKS: dict[int, Callable[[Any], Any]] = {
    STRING: _text,
    INTEGER: _integer,
    BOOLEAN: _boolean,
    USER: _id_of(Person),
    CHANNEL: _id_of(Channel),
    ROLE: _id_of(Role),
    MENTIONABLE: lambda value: _id_of(Person)(value) or _id_of(Role)(value),
    NUMBER: _number,
    ATTACHMENT: _id_of(File),
}
