"""What people do, as the bot is told of it, with Discord's own checks before."""

import json

from tests.strict_discord.channels import Channel
from tests.strict_discord.guilds import Member
from tests.strict_discord.interaction import COMMAND, COMPLETION, PRESS, Answer, Interaction
from tests.strict_discord.messages import File, Json, Message
from tests.strict_discord.options import find_command, path_of, typed, typed_so_far
from tests.strict_discord.people import Person
from tests.strict_discord.permissions import ALL
from tests.strict_discord.world import World

UPLOAD_LIMIT = 10 * 1024 * 1024


async def give_command(
    person: Person, channel: Channel, name: str, options: Json, timeout_seconds: float
) -> Answer:
    """A slash command as `Person.command` gives it."""
    command, place = await _shown(person, channel, name, timeout_seconds)
    told = typed(place, options)
    data = path_of(command, name, told) | {"resolved": _uploaded(person, channel, options)}
    interaction = begin(person, channel, COMMAND, f"/{name}", data)
    return await _answer(person.world, interaction, timeout_seconds)


def _uploaded(person: Person, channel: Channel, options: Json) -> Json:
    """What was attached, as the bot is told where to get it."""
    files = [value for value in options.values() if isinstance(value, File)]
    told = {str(file.id): person.world.upload(file, channel) for file in files}
    return {"attachments": told} if told else {}


async def complete(
    person: Person,
    channel: Channel,
    name: str,
    focused: str,
    options: Json,
    timeout_seconds: float,
) -> list[str]:
    """What is offered while an option is being typed, as `Person.complete` asks it."""
    command, place = await _shown(person, channel, name, timeout_seconds)
    told = typed_so_far(place, focused, options)
    what = f"completing {focused} of /{name}"
    interaction = begin(person, channel, COMPLETION, what, path_of(command, name, told))
    interaction.wants = told[-1]["type"]
    await _answer(person.world, interaction, timeout_seconds)
    return [str(choice["name"]) for choice in interaction.choices]


async def press(person: Person, message: Message, label: str, timeout_seconds: float) -> Answer:
    """A button as `Person.press` presses it."""
    assert not message.deleted, "the message is deleted"
    asker = (message.interaction or {}).get("user", person.user)
    assert not message.ephemeral or asker is person.user, "only who asked can see the message"
    data = {"custom_id": message.button(label)["custom_id"], "component_type": 2}
    data["id"] = message.button(label)["id"]
    what = f"the button {label!r}"
    await person.world.bell.wait_until(lambda: person.world.gateway.live, timeout_seconds)
    interaction = begin(person, message.channel, PRESS, what, data, message)
    return await _answer(person.world, interaction, timeout_seconds)


def begin(
    person: Person,
    channel: Channel,
    kind: int,
    what: str,
    data: Json,
    source: Message | None = None,
) -> Interaction:
    """Tell the bot of an interaction."""
    world = person.world
    assert channel.guild is None or channel.guild.present, "the bot is not in the guild"
    now = world.now()
    interaction_id = world.new_id(now)
    token = f"aW50ZXJhY3Rpb246{interaction_id}"
    by = f"{person.user['global_name']}: {what}"
    interaction = Interaction(interaction_id, token, kind, by, person, channel, now, source)
    # What is told only after a resume can hardly be answered in time.
    interaction.excused = not world.gateway.live
    world.interactions[interaction_id] = interaction
    told = _told(world, interaction) | {"data": data}
    world.tell("INTERACTION_CREATE", told, channel.guild)
    return interaction


async def _shown(
    person: Person, channel: Channel, name: str, timeout_seconds: float
) -> tuple[Json, Json]:
    """The command and the part of it that is meant, once the bot has registered it."""
    world = person.world

    def found() -> bool:
        return find_command(world, channel, name) is not None

    await world.bell.wait_until(lambda: found() and world.gateway.live, timeout_seconds)
    command = find_command(world, channel, name)
    known = [each["name"] for each in world.commands.get(0, [])]
    assert command is not None, f"there is no /{name}; registered are {known}"
    return command[0], _permitted(person, channel, command)


def _permitted(person: Person, channel: Channel, command: tuple[Json, Json]) -> Json:
    """Raises AssertionError for a command that Discord does not show this person there."""
    whole, place = command
    context = 0 if channel.guild else 1
    contexts = whole.get("contexts")
    assert contexts is None or context in contexts, f"/{whole['name']} is not shown there"
    needed = int(whole.get("default_member_permissions") or 0)
    if isinstance(person, Member) and channel.guild and not channel.guild.everyone_may_command:
        missing = needed & ~channel.permissions_of(person)
        assert not missing, f"/{whole['name']} is not shown to {person.user['global_name']}"
    return place


async def _answer(world: World, interaction: Interaction, timeout_seconds: float) -> Answer:
    """Wait until the answer is whole, or it is clear that nothing comes."""
    if await world.bell.wait_until(lambda: interaction.is_whole, timeout_seconds):
        return interaction.answer()
    if interaction.callback is None:
        raise AssertionError(f"{interaction.what}: no answer; violations: {world.violations}")
    assert not interaction.is_thinking, f"{interaction.what}: thinking for ever"
    return interaction.answer()


def _told(world: World, interaction: Interaction) -> Json:
    person, channel, guild = interaction.person, interaction.channel, interaction.channel.guild
    told: Json = {
        "id": str(interaction.id),
        "application_id": str(world.bot_id),
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "channel_id": str(channel.id),
        "channel": channel.as_json(),
        "locale": person.locale,
        "entitlements": [],
        "authorizing_integration_owners": interaction.owners(),
        "attachment_size_limit": UPLOAD_LIMIT,
    }
    if interaction.source is not None:
        told["message"] = json.loads(json.dumps(interaction.source.as_json()))
    if guild is None:
        rights = {"app_permissions": str(ALL)}
        return told | rights | {"user": person.user, "context": 1}
    is_there = isinstance(person, Member) and person.guild is guild
    assert is_there, f"{person.user['username']} is not in {guild.name}"
    assert isinstance(person, Member)
    told |= {"guild_id": str(guild.id), "guild_locale": "en-US", "context": 0}
    told["guild"] = {"id": str(guild.id), "locale": "en-US", "features": []}
    told["app_permissions"] = str(channel.permissions_of(guild.me))
    return told | {"member": person.as_member(channel)}
