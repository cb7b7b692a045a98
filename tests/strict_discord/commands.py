"""The commands that the bot registers, with the rules beyond the description.

Source: docs.discord.com/developers/interactions/application-commands.
"""

from collections.abc import Iterator
from typing import Any

from tests.strict_discord.content import Given
from tests.strict_discord.messages import Json
from tests.strict_discord.refusal import invalid_form, missing_access, unknown
from tests.strict_discord.world import World

SUBCOMMAND, GROUP = 1, 2
MOST_COMMANDS = 100
LONGEST_COMMAND = 8000


def bulk_set_application_commands(world: World, given: Given) -> list[Json]:
    """PUT /applications/{id}/commands."""
    _check_application(world, given)
    return set_commands(world, 0, given.body or [])


def bulk_set_guild_application_commands(world: World, given: Given) -> list[Json]:
    """PUT /applications/{id}/guilds/{id}/commands."""
    _check_application(world, given)
    guild = world.guilds.get(int(given.path["guild_id"]))
    if guild is None or not guild.present:
        raise missing_access()
    return set_commands(world, guild.id, given.body or [])


def list_application_commands(world: World, given: Given) -> list[Json]:
    """GET /applications/{id}/commands."""
    _check_application(world, given)
    return world.commands.get(0, [])


def list_guild_application_commands(world: World, given: Given) -> list[Json]:
    """GET /applications/{id}/guilds/{id}/commands."""
    _check_application(world, given)
    return world.commands.get(int(given.path["guild_id"]), [])


def set_commands(world: World, scope: int, given: list[Json]) -> list[Json]:
    """Replace the commands of a guild, or with 0 the global ones."""
    problems = list(problems_of(given))
    if problems:
        raise invalid_form(problems)
    before = {each["name"]: each for each in world.commands.get(scope, [])}
    world.commands[scope] = [_told(world, scope, each, before) for each in given]
    world.bell.ring()
    return world.commands[scope]


def problems_of(commands: list[Json]) -> Iterator[str]:
    """What Discord would refuse although the description allows it."""
    if len(commands) > MOST_COMMANDS:
        yield f"{len(commands)} commands, {MOST_COMMANDS} at most"
    yield from _twice("commands", commands)
    for command in commands:
        if _length(command) > LONGEST_COMMAND:
            yield f"{command['name']}: more than {LONGEST_COMMAND} characters"
        if command.get("type") in {None, 1} and not command.get("description"):
            yield f"{command['name']}.description: this field is required"
        yield from _problems(command, command["name"])


def _problems(thing: Json, place: str) -> Iterator[str]:
    """The rules for a command, a group or a subcommand and what is below it."""
    if thing.get("type") in {None, 1, SUBCOMMAND, GROUP} or "options" in thing:
        yield from _name_problems(thing, place)
    options = thing.get("options") or []
    yield from _twice(place, options)
    below = [option["type"] in {SUBCOMMAND, GROUP} for option in options]
    if any(below) and not all(below):
        yield f"{place}: subcommands and options do not mix"
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield f"{place}: required options must come before optional ones"
    for option in options:
        name = f"{place}.{option['name']}"
        if option["type"] in {SUBCOMMAND, GROUP}:
            yield from _problems(option, name)
        else:
            yield from _option_problems(option, name)


def _option_problems(option: Json, place: str) -> Iterator[str]:
    yield from _name_problems(option, place)
    choices = option.get("choices") or []
    if choices and option.get("autocomplete"):
        yield f"{place}: choices and autocomplete do not go together"
    yield from _twice(place, choices)
    for low, high in (("min_value", "max_value"), ("min_length", "max_length")):
        first, last = option.get(low), option.get(high)
        if first is not None and last is not None and first > last:
            yield f"{place}: {low} above {high}"


def _name_problems(thing: Json, place: str) -> Iterator[str]:
    names = [thing["name"], *(thing.get("name_localizations") or {}).values()]
    for name in names:
        if not is_name(name):
            yield f"{place}: {name!r} is no name"


def is_name(name: str) -> bool:
    r"""^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$, in lower case where there is one."""
    allowed = all(letter.isalnum() or letter in "-_'" for letter in name)
    return 1 <= len(name) <= 32 and allowed and name == name.lower()


def _twice(place: str, things: list[Json]) -> Iterator[str]:
    names = [each["name"] for each in things]
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield f"{place}: {name!r} stands there twice"


def _length(thing: Json) -> int:
    """Names, descriptions and values of a command and its options together."""
    texts = [str(thing.get(key) or "") for key in ("name", "description", "value")]
    below = [*(thing.get("options") or []), *(thing.get("choices") or [])]
    return sum(map(len, texts)) + sum(map(_length, below))


def _told(world: World, scope: int, given: Json, before: dict[str, Json]) -> Json:
    known = before.get(given["name"], {})
    rights = given.get("default_member_permissions")
    told: Json = _without_none(given) | {
        "id": known.get("id") or str(world.new_id(world.now())),
        "application_id": str(world.bot_id),
        "version": str(world.new_id(world.now())),
        "type": given.get("type") or 1,
        "default_member_permissions": None if rights is None else str(rights),
        "description": given.get("description") or "",
    }
    return told | ({"guild_id": str(scope)} if scope else {})


def _without_none(tree: Any) -> Any:
    if isinstance(tree, list):
        return [_without_none(each) for each in tree]
    if not isinstance(tree, dict):
        return tree
    return {name: _without_none(value) for name, value in tree.items() if value is not None}


def _check_application(world: World, given: Given) -> None:
    if int(given.path["application_id"]) != world.bot_id:
        raise unknown("Application")
