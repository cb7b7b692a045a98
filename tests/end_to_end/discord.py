"""A stage for whole-program scenes on Discord: the usual one, and a strict Discord beside it."""

import re
from contextlib import asynccontextmanager

from tests.end_to_end.scene import staged
from tests.strict_discord.stage import Stage

LINK = re.compile(r"/tx/([0-9a-f]{64})\)")


@asynccontextmanager
async def staged_on_discord(folder, *, telegram=False, **settings):
    """The scene and its Discord, and with `telegram` that, too.

    At the end Discord, too, must have nothing to complain of: it keeps its limits.
    """
    async with Stage(identify_seconds=0) as discord:
        wired = {"DISCORD_TOKEN": discord.token, "DISCORD_API": discord.api}
        alone = {} if telegram else {"TELEGRAM_TOKEN": ""}
        async with staged(folder, **wired, **alone, **settings) as scene:
            yield scene, discord
            assert discord.token not in scene.log()


@asynccontextmanager
async def talking(scene, discord, hurry=None, **more):
    """The program, watching and connected to Discord."""
    async with scene.program(hurry, **more) as program:
        await discord.ready(timeout=30)
        yield program


async def alert_of(place, hash_):
    """The message that names a transaction in a channel, a thread or somebody's messages."""
    return await place.waits_for(lambda message: hash_ in LINK.findall(message.text), timeout=30)


async def says(place, text):
    """The next message there that says this."""
    return await place.waits_for(lambda message: text in message.text, timeout=30)


async def until_shows(discord, message, text):
    """Wait until a message has been edited to say something."""
    await discord.until(lambda: text in message.text, timeout=30)


def told(place):
    """Which transactions are named there, one entry a time."""
    return [hash_ for message in place.messages for hash_ in LINK.findall(message.text)]


def parked(program):
    """Why nothing can be told where, by the chat's address."""
    return dict(program.rows("SELECT address, parked FROM chats WHERE parked != ''"))
