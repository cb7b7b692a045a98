"""A critical alert that nobody acknowledged is repeated once, in groups on both platforms."""

import time

from tests.end_to_end.clock import Clock
from tests.end_to_end.discord import (
    alert_of,
    says,
    staged_on_discord,
    talking,
    told,
    until_shows,
)
from tests.end_to_end.scene import BTC, new_address

OFTEN = {"bot.housekeeping:TICK_SECONDS": 1}
REPEATED = "‼️ Nobody has acknowledged this for"


async def test_what_nobody_acknowledged_is_repeated_once_and_shows_who_has_then(tmp_path):
    clock, mine = Clock(tmp_path), new_address("keys")
    async with (
        staged_on_discord(tmp_path, telegram=True, **clock.settings) as (scene, discord),
        talking(scene, discord, OFTEN) as program,
    ):
        server, guild = scene.server, discord.guild("Traders")
        ada, bob = server.person("Ada"), server.person("Bob")
        group, room = server.group("Traders"), guild.channel("alerts")
        server.set_status(group, ada, "administrator")
        cleo, eve = guild.member("Cleo", manage_guild=True), guild.member("Eve")
        await scene.asks(ada, f"/watch {mine} Vault", chat=group)
        await scene.asks(ada, "/ack 5m", chat=group)
        await cleo.command(room, "alerts", do="here")
        await cleo.command(room, "watch", address=mine, label="Vault")
        await cleo.command(room, "ack", after="5m")
        scene.chain.pay(mine, 5 * BTC)
        await scene.next(group)
        taken = scene.chain.pay(new_address("thief"), 4 * BTC, mine)
        alert = await scene.next(group)
        assert taken in alert.html
        there = await alert_of(room, taken)
        await program.until_all_is_said()
        clock.move_to(time.time() + 310)
        again = await scene.next(group)
        assert (again.text.startswith(REPEATED), taken in again.html) == (True, True)
        assert taken in told(room)
        await says(room, REPEATED)
        clock.move_to(time.time() + 3000)
        await bob.presses(again, "✅ Ack")
        await scene.until_shows(alert, "✅ Bob,")
        seen = await eve.press(there, "✅ Ack")
        assert seen.ephemeral
        await until_shows(discord, there, "✅ Eve,")
        await program.until_all_is_said()
        assert scene.told(group).count(taken) == 2
        assert told(room).count(taken) == 2
