"""The command table as slash commands: nothing that can be typed is lost."""

import discord
import pytest

from bot.commands.completion import Offer
from bot.commands.parse import parse_arguments, parse_named, parse_typed
from bot.commands.registry import COMMANDS
from bot.platforms.discord_commands import (
    format_offers,
    is_current,
    slash_commands,
    slash_tree,
)
from tests.bot.forms import COMMAND_BY_NAME, as_form
from watchers.registry import CHAINS

STRING, INTEGER = 3, 4
EXAMPLES = [example for command in COMMANDS for example in command.examples]


class Nobody:
    """Takes what is asked, and notes it."""

    def __init__(self):
        self.given = []

    async def give(self, interaction, command, options, file):
        self.given.append((command.name, options))

    async def complete(self, interaction, parameter, typed):
        return []


def payloads():
    """What Discord is told of the commands, by name."""
    client = discord.Client(intents=discord.Intents.none())
    tree = slash_tree(client, COMMANDS, CHAINS, Nobody())
    return {command.name: command.to_dict(tree) for command in tree.get_commands()}


PAYLOADS = payloads()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_keeps_to_what_discord_takes(command):
    told = PAYLOADS[command.name]
    assert told["description"] == command.summary
    assert told["contexts"] == [0, 1]
    assert told["integration_types"] == [0]
    assert told["default_member_permissions"] == (32 if command.changes else None)
    assert len(told["options"]) <= 25
    required = [option["required"] for option in told["options"]]
    assert required == sorted(required, reverse=True)
    for option in told["options"]:
        assert 1 <= len(option["description"]) <= 100
        assert len(option.get("choices", ())) <= 25
        assert not ("choices" in option and "autocomplete" in option)


def test_each_parameter_is_as_native_as_it_can_be():
    stats = {option["name"]: option for option in PAYLOADS["stats"]["options"]}
    assert stats["chain"]["choices"] == [{"name": "Bitcoin", "value": "bitcoin"}]
    assert stats["period"]["autocomplete"]
    (height,) = PAYLOADS["block"]["options"]
    assert (height["type"], height["min_value"]) == (INTEGER, 0)
    kind, chain, _period = PAYLOADS["chart"]["options"]
    assert [choice["value"] for choice in chain["choices"]] == ["bitcoin"]
    assert {choice["value"] for choice in kind["choices"]} >= {"volume", "fees"}
    (which,) = PAYLOADS["unwatch"]["options"]
    assert which["autocomplete"]


def test_choices_beside_another_type_are_offered_and_bind_nobody():
    amount = {option["name"]: option for option in PAYLOADS["threshold"]["options"]}["amount"]
    assert amount["type"] == STRING
    assert amount["autocomplete"]
    assert "choices" not in amount


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_can_be_given_and_means_the_same(example):
    form, typed = as_form(example), parse_typed(example, COMMAND_BY_NAME)
    assert typed is not None
    options = {option["name"]: option for option in PAYLOADS[form.name]["options"]}
    for name, text in form.options.items():
        allowed = options[name].get("choices")
        assert allowed is None or text in {choice["value"] for choice in allowed}
        assert options[name]["type"] == STRING or int(text) >= options[name]["min_value"]
    command = COMMAND_BY_NAME[form.name]
    wanted = parse_arguments(command, typed.rest, CHAINS)
    assert parse_named(command, form.options, CHAINS) == wanted


async def test_what_is_given_arrives_as_text_and_what_is_left_out_does_not():
    asked = Nobody()
    for built in slash_commands(COMMANDS, CHAINS, asked):
        await built.callback(None, **{p.name: 7 if p.required else None for p in built.parameters})  # type: ignore[arg-type,call-arg]
    assert ("tx", {"id": "7"}) in asked.given
    assert ("block", {}) in asked.given
    assert len(asked.given) == len(COMMANDS)


def test_candidates_that_cannot_be_given_are_left_out():
    offers = [Offer("x" * 101), Offer("bc1", "Cold " + "y" * 200), *[Offer("z")] * 30]
    choices = format_offers(offers)
    assert len(choices) == 25
    assert (choices[0].value, len(choices[0].name)) == ("bc1", 100)


def as_kept(payload):
    """As Discord tells of a command that it was told of: completed, reordered, stringly."""
    rights = payload["default_member_permissions"]
    options = [
        {key: value for key, value in option.items() if key != "required" or value}
        for option in payload["options"]
    ]
    return (
        payload
        | {
            "id": "1",
            "application_id": "2",
            "version": "3",
            "name_localizations": None,
            "default_member_permissions": None if rights is None else str(rights),
            "contexts": list(reversed(payload["contexts"])),
        }
        | ({"options": options} if options else {})
    )


def test_what_discord_keeps_is_known_again():
    kept = [as_kept(payload) for payload in PAYLOADS.values()]
    assert is_current(list(PAYLOADS.values()), kept)
    assert is_current(list(PAYLOADS.values()), kept[::-1])


@pytest.mark.parametrize("change", ["description", "missing", "more", "rights", "option"])
def test_any_change_is_noticed(change):
    kept = [as_kept(payload) for payload in payloads().values()]
    match change:
        case "description":
            kept[0]["description"] = "Another"
        case "missing":
            kept.pop()
        case "more":
            kept.append(kept[0] | {"name": "more"})
        case "rights":
            kept[0]["default_member_permissions"] = "8"
        case "option":
            kept[0]["options"][0]["required"] = False
    assert not is_current(list(PAYLOADS.values()), kept)
