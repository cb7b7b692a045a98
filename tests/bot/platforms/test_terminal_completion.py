import asyncio

import pytest
from msgspec import Struct
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.commands.command import Parameter, Type
from bot.commands.completion import Offer
from bot.platforms.terminal_completion import CommandCompleter, expected
from bot.platforms.terminal_screen import Prompt

CHAIN = Parameter("chain", Type.CHAIN, "Which chain", required=False)
PERIOD = Parameter("period", Type.PERIOD, "How long", required=False)
KIND = Parameter("kind", Type.CHOICE, "What to draw", choices=("volume", "rate"))
ADDRESS = Parameter("address", Type.ADDRESS, "Which address")


class Offered(Struct):
    name: str
    summary: str
    parameters: tuple[Parameter, ...] = ()
    examples: tuple[str, ...] = ("/example 24h",)
    changes: bool = False
    personal: bool = False

    async def reply(self, call, desk):
        raise NotImplementedError


COMMANDS = (
    Offered("stats", "What happened lately", (CHAIN, PERIOD)),
    Offered("status", "How the sources are"),
    Offered("chart", "Draw a chart", (KIND, PERIOD)),
    Offered("watch", "Follow an address", (ADDRESS,)),
)
KNOWN = {"chain": ["bitcoin"], "period": ["1h", "24h"], "address": ["bc1qaa", "bc1q\x1b[2Jbb"]}


def complete(parameter, prefix):
    known = parameter.choices or KNOWN[parameter.type]
    return [Offer(text) for text in known if text.startswith(prefix)]


async def offers(text: str) -> list[tuple[str, str]]:
    completer = CommandCompleter(COMMANDS, complete)
    found = completer.get_completions_async(Document(text), CompleteEvent())
    return [(completion.text, completion.display_meta_text) async for completion in found]


async def test_the_first_word_completes_to_commands_with_their_summaries():
    assert await offers("/sta") == [
        ("/stats", "What happened lately"),
        ("/status", "How the sources are"),
    ]


async def test_the_slash_may_be_left_out():
    assert await offers("CHA") == [("/chart", "Draw a chart")]


async def test_leaving_is_offered_too():
    assert await offers("/q") == [("/quit", "Leave")]


async def test_nothing_is_offered_before_anything_is_typed():
    assert await offers("") == []


async def test_choices_come_from_the_table():
    assert await offers("/chart v") == [("volume", "What to draw")]


async def test_the_next_parameter_follows_the_first():
    assert await offers("/chart volume ") == [("1h", "How long"), ("24h", "How long")]


async def test_an_optional_parameter_may_be_left_out():
    assert await offers("/stats ") == [
        ("bitcoin", "Which chain"),
        ("1h", "How long"),
        ("24h", "How long"),
    ]


async def test_candidates_cannot_steer_the_terminal():
    assert await offers("/watch bc") == [
        ("bc1qaa", "Which address"),
        ("bc1q[2Jbb", "Which address"),
    ]


@pytest.mark.parametrize("text", ["/nothing ", "/status ", "/chart volume 1h x"])
async def test_where_nothing_fits_nothing_is_offered(text):
    assert await offers(text) == []


def test_a_required_parameter_cannot_be_passed_over():
    assert expected((PERIOD, KIND, CHAIN), []) == [PERIOD, KIND]


async def until(happened) -> None:
    async with asyncio.timeout(30):
        while not happened():
            await asyncio.sleep(0.01)


async def test_the_tab_key_completes_a_command():
    with create_pipe_input() as keys:
        prompt = Prompt(CommandCompleter(COMMANDS, complete), keys, DummyOutput())
        line = asyncio.ensure_future(anext(prompt.lines()))
        keys.send_text("wat\t")
        await until(lambda: prompt._session.default_buffer.text == "/watch")
        keys.send_text("\r")
        assert await asyncio.wait_for(line, 30) == "/watch"


async def test_the_tab_key_takes_what_the_menu_offers():
    with create_pipe_input() as keys:
        prompt = Prompt(CommandCompleter(COMMANDS, complete), keys, DummyOutput())
        lines = prompt.lines()
        line = asyncio.ensure_future(anext(lines))
        buffer = prompt._session.default_buffer
        keys.send_text("/watch bc1qa")
        await until(lambda: buffer.complete_state and buffer.complete_state.completions)
        keys.send_text("\t\r")
        assert await asyncio.wait_for(line, 30) == "/watch bc1qaa"
        keys.send_text("\x04")
        assert [line async for line in lines] == []


async def test_control_c_drops_a_line_and_leaves_from_an_empty_one():
    with create_pipe_input() as keys:
        lines = Prompt(CommandCompleter(COMMANDS, None), keys, DummyOutput()).lines()
        keys.send_text("half\x03whole\r")
        assert await asyncio.wait_for(anext(lines), 30) == "whole"
        keys.send_text("\x03")
        assert [line async for line in lines] == []
