"""What holds for every command that is listed."""

import re
from contextlib import suppress

import pytest

from bot.commands.command import MissingError
from bot.commands.parse import parse_arguments, parse_typed
from bot.commands.registry import COMMANDS
from tests.bot.desk import ADDRESS, Talk
from tests.make import hash_of
from watchers.registry import CHAINS

COMMAND_BY_NAME = {command.name: command for command in COMMANDS}
NAMES = COMMAND_BY_NAME.keys()
EXAMPLES = [(command.name, example) for command in COMMANDS for example in command.examples]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_it_is_declared_as_every_platform_takes_it(command):
    assert re.fullmatch(r"[a-z0-9_]{1,32}", command.name)
    assert 1 <= len(command.summary) <= 100
    assert not command.summary.endswith(".")
    assert command.examples
    for parameter in command.parameters:
        assert re.fullmatch(r"[a-z]{1,32}", parameter.name)
        assert 1 <= len(parameter.summary) <= 100


def test_no_two_have_the_same_name():
    assert len(NAMES) == len(COMMANDS)


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
async def test_its_examples_parse_and_are_answered(talk, name, example):
    typed = parse_typed(example, NAMES)
    assert typed is not None
    assert typed.name == name
    parse_arguments(COMMAND_BY_NAME[name], typed.rest, CHAINS)
    answer = await talk.say(example)
    assert answer
    assert "Something went wrong" not in answer


def assert_parses(text):
    typed = parse_typed(text, NAMES)
    assert typed is not None, text
    assert typed.name in COMMAND_BY_NAME, text
    with suppress(MissingError):
        parse_arguments(COMMAND_BY_NAME[typed.name], typed.rest, CHAINS)


async def test_every_button_leads_to_a_command_that_parses(talk, clock):
    """Follow the buttons from a few beginnings, as far as they lead."""
    beginnings = ["/help", "/start", "/hlep", ADDRESS, hash_of(1), "500 BTC"]
    waiting = [*beginnings, *(example for _, example in EXAMPLES)]
    followed: set[str] = set()
    while waiting:
        asked = waiting.pop()
        if asked in followed or len(followed) > 300:
            continue
        followed.add(asked)
        message = await talk.send(asked)
        for button in (button for row in message.buttons for button in row):
            assert bool(button.command) + bool(button.url) + bool(button.copy) == 1
            assert button.label
            if button.command:
                assert button.token, asked
                assert_parses(button.command)
                waiting.append(button.command)
    assert len(followed) > 20


async def test_a_stranger_sees_none_of_it(desk):
    stranger = Talk(desk, platform="telegram", chat="7", person="7", name="Eve")
    for _, example in EXAMPLES:
        answer = await stranger.send(example)
        assert answer.refusal, example
    assert not desk.interests.addresses("bitcoin")
