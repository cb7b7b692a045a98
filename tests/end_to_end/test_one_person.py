"""One person in the terminal and on Telegram, told once, with the program killed between."""

import re
from contextlib import asynccontextmanager

from tests.end_to_end.program import Program
from tests.end_to_end.scene import staged
from tests.end_to_end.terminal import Pipe

WHALES = "/threshold whales 500 BTC"
WHALE = re.compile(r"🐋 .*moved")


@asynccontextmanager
async def both(scene):
    """The program with a terminal in a pipe; killed at the end if it still runs."""
    program = Program(scene.folder, CONSOLE="on", **scene.settings)
    pipe = await Pipe.to(program)
    before = scene.subscriptions()
    await program.until(lambda: scene.subscriptions() > before, "subscription")
    await scene.until_level(program)
    try:
        yield program, pipe
    finally:
        if program.runs:
            await program.kill()


def said_in(pipe):
    return len(WHALE.findall(pipe.text))


async def test_an_alert_is_told_once_and_wherever_it_can_be(tmp_path):
    async with staged(tmp_path) as scene:
        ada = scene.server.person("Ada")
        async with both(scene) as (program, pipe):
            pipe.types("/link")
            await pipe.until(r"/link \S{4}-\S{4}")
            code = re.findall(r"/link (\S{4}-\S{4})", pipe.text)[-1]
            assert "you are one person now" in (await scene.asks(ada, f"/link {code}")).text
            assert "Telegram comes first" in (await scene.asks(ada, "/link prefer telegram")).text
            await scene.asks(ada, WHALES)
            pipe.types(WHALES)
            await pipe.until("Whale alerts from 500 BTC on")
            first = scene.chain.whale()
            assert first in (await scene.next(ada)).html
            await program.until_all_is_said()
            ada.chat.blocked = True
            scene.chain.whale()
            await pipe.until(WHALE)
            await program.until_all_is_said()
            await program.kill()
        async with both(scene) as (program, pipe):
            scene.chain.whale()
            await pipe.until(WHALE)
            scene.server.unblock(ada)
            await scene.asks(ada, "/start")
            last = scene.chain.whale()
            assert last in (await scene.next(ada)).html
            await program.until_all_is_said()
            assert await pipe.ends() == 0
            assert said_in(pipe) == 1
            assert scene.told(ada) == [first, last]
            states = "SELECT state, count(*) FROM deliveries WHERE action = 'send' GROUP BY state"
            assert dict(program.rows(states))["sent"] >= 4
            assert "standby" not in dict(program.rows(states))
