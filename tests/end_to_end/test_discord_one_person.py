"""One person on Telegram and Discord: one zone, one mute, and each alert once."""

import re

from tests.end_to_end.discord import staged_on_discord, talking, told

CODE = re.compile(r"/link (\S{4}-\S{4})")


class Both:
    """Ada as Telegram and as Discord know her."""

    def __init__(self, scene, discord, program):
        self.scene, self.program = scene, program
        self.there = scene.server.person("Ada")
        self.here = discord.guild("Traders").member("Ada")

    async def give(self, name, **options):
        """The answer to a command in Discord's direct messages."""
        return (await self.here.command(self.here.dm, name, **options)).text

    async def is_told(self, *, telegram=0, discord=0):
        """A whale is told of that often on each of the two."""
        whale = self.scene.chain.whale()
        await self.program.until_knows([whale])
        for _ in range(telegram):
            await self.scene.next(self.there)
        await self.program.until_all_is_said()
        found = self.scene.told(self.there).count(whale), told(self.here.dm).count(whale)
        assert found == (telegram, discord)


async def test_a_person_on_telegram_and_discord_is_told_once_where_it_can_be(tmp_path):
    async with (
        staged_on_discord(tmp_path, telegram=True) as (scene, discord),
        talking(scene, discord) as program,
    ):
        both = Both(scene, discord, program)
        await scene.asks(both.there, "/threshold whales 500 BTC")
        await both.give("threshold", whales="whales", amount="500 BTC")
        await both.is_told(telegram=1, discord=1)
        await link(both)
        await share(both)
        await take_over(both)
        await part(both)


async def link(both):
    """A code from Telegram is entered on Discord, and Telegram hears of it."""
    (code,) = CODE.findall((await both.scene.asks(both.there, "/link")).text)
    assert "you are one person now" in await both.give("link", code=code)
    assert "Ada on Discord is you now" in (await both.scene.next(both.there)).text
    assert "it is mistyped, used, or" in await both.give("link", code=code)


async def share(both):
    """The zone and the mutes are the person's."""
    await both.give("timezone", zone="Lagos")
    assert "Africa/Lagos" in (await both.scene.asks(both.there, "/timezone")).text
    await both.scene.asks(both.there, "/mute 8h")
    await both.is_told()
    await both.give("unmute")


async def take_over(both):
    """The preferred one tells; the other where that cannot."""
    scene, server = both.scene, both.scene.server
    await both.is_told(telegram=1)
    assert "Discord comes first" in await both.give("link", code="prefer", platform="discord")
    await both.is_told(discord=1)
    both.here.close_dms()
    await both.is_told(telegram=1)
    both.here.open_dms()
    await both.give("start")
    await both.is_told(discord=1)
    await scene.asks(both.there, "/link prefer telegram")
    server.block(both.there)
    await both.is_told(discord=1)
    server.unblock(both.there)
    await scene.asks(both.there, "/start")
    await both.is_told(telegram=1)


async def part(both):
    """Who is unlinked is told on each of the two again."""
    await both.give("link", code="unlink", platform="telegram")
    await both.is_told(telegram=1, discord=1)
