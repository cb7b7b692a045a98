"""The terminal as a chat: the demo before a person, and the live bot in a pipe."""

import asyncio

from tests.end_to_end.program import Program
from tests.end_to_end.scene import BTC, new_address
from tests.end_to_end.terminal import CTRL_D, Pipe, descendants, until_gone, window
from watchers.simulated.server import SimulatedBitcoin


async def test_the_demo_shows_an_alert_answers_draws_and_leaves_nothing_behind(tmp_path):
    async with window("demo", folder=tmp_path) as terminal:
        await terminal.until(r"🐋 [\d,.]+ BTC \(\$[\d.]+M\) moved")
        terminal.types("/help\r")
        await terminal.until("What I can do")
        terminal.types("/chart volume\r")
        await terminal.until(r"Chart: \S+\.png")
        (picture,) = tmp_path.rglob("*.png")
        assert picture.read_bytes().startswith(b"\x89PNG")
        terminal.types("/nonsense\r")
        await terminal.until("I do not know /nonsense")
        beside = descendants(terminal.process.pid)
        assert beside
        terminal.types(CTRL_D)
        async with asyncio.timeout(30):
            assert await terminal.process.wait() == 0
        await until_gone(beside)
    assert "Traceback" not in terminal.text


async def test_in_a_pipe_lines_are_answered_and_alerts_appear_until_the_input_ends(tmp_path):
    async with SimulatedBitcoin(speed=0, history_blocks=3) as chain:
        wired = {"BITCOIN_WS": chain.ws_url, "BITCOIN_HTTP": chain.http_url}
        program = Program(tmp_path, CONSOLE="on", HISTORY="1s", **wired)
        pipe = await Pipe.to(program)
        mine = new_address("mine")
        await program.until(lambda: {"op": "blocks_sub"} in chain.heard, "subscription")
        pipe.types(f"/watch {mine} Mine")
        await pipe.until("Watching Mine")
        chain.pay(mine, BTC)
        await pipe.until(r"\+1 BTC \(.*\) to Mine")
        for line in ("/wacthlist", "/watchlist", "nonsense"):
            pipe.types(line)
        assert await pipe.ends() == 0
        for expected in ("Did you mean /watchlist?", "1. Mine", "Paste an address"):
            assert expected in pipe.text
        assert "\x1b" not in pipe.text
        assert "Traceback" not in program.said()
