"""Roles and acknowledgements in a group, with the whole program: who presses is who counts."""

import re

from tests.end_to_end.discord import alert_of, says, staged_on_discord, talking, until_shows
from tests.end_to_end.scene import BTC, new_address, staged

CODE = re.compile(r"/start ([\w-]+)")


async def test_in_a_telegram_group_whoever_presses_is_who_counts(tmp_path):
    async with staged(tmp_path, ACCESS="invited") as scene, scene.program() as program:
        server, cold = scene.server, new_address("cold")
        ada, bob, eve = (server.person(name) for name in ("Ada", "Bob", "Eve"))
        code = (await program.until_logged(CODE))[1]
        assert "is yours now" in (await scene.asks(ada, f"/start {code}")).text
        group = server.group("Traders")
        server.set_status(group, eve, "administrator")
        await scene.asks(ada, "/start", chat=group)
        hidden = await scene.asks(server.anonymous(group), f"/watch {cold} Cold", chat=group)
        assert "Watching" in hidden.text
        assert "Only an admin" in (await scene.asks(bob, "/members remove Eve", chat=group)).text
        wanted = await scene.asks(eve, "/invite admin", chat=group)
        await bob.presses(wanted, "✋ It is me")
        await scene.until_shows(wanted, "Bob asks to be admin here")
        said = await bob.presses(wanted, "Yes")  # "" where it was long in coming
        assert "Only an admin" in (said or (await scene.next(group)).text)
        await eve.presses(wanted, "Yes")
        await scene.until_shows(wanted, "Bob is admin here")
        assert "repeated once" in (await scene.asks(bob, "/ack 10m", chat=group)).text
        alert = await told_of(scene, program, group, cold)
        await bob.presses(alert, "✅ Ack")
        await scene.until_shows(alert, "✅ Bob,")
        kept = (await scene.asks(ada, "/audit")).text
        for act in ("anonymous admin · /watch", "Eve · /invite admin", "Bob · /ack"):
            assert act in kept, kept
        await removed(scene, server, ada, bob, group)


async def told_of(scene, program, group, address):
    """The alert of a payment to the address."""
    hash_ = scene.chain.pay(address, 5 * BTC)
    message = await scene.next(group)
    assert hash_ in message.html
    await program.until_all_is_said()
    return message


async def removed(scene, server, ada, bob, group):
    """An owner takes somebody's access back: it ends at once, in the group, too."""
    (code,) = CODE.findall((await scene.asks(ada, "/invite")).text)[:1]
    await scene.asks(bob, f"/start {code}")
    await scene.asks(bob, "/threshold whales 500 BTC")
    list_ = await scene.asks(ada, "/members")
    await ada.presses(list_, "Bob")
    one = await scene.next(ada)
    await ada.presses(one, "🚪 Remove")
    assert "Your access to this bot has ended" in (await scene.next(bob)).text
    assert "With a new invitation" in (await scene.asks(bob, "/watchlist")).text
    assert "cannot ask me here" in (await scene.asks(bob, "/watchlist", chat=group)).text
    hash_ = scene.chain.whale()
    await scene.asks(ada, "/threshold whales 500 BTC")
    last = scene.chain.whale()
    await server.until(lambda: last in scene.told(ada), timeout=30)
    assert not {hash_, last} & set(scene.told(bob))


async def test_on_discord_whoever_presses_is_who_counts(tmp_path):
    async with staged_on_discord(tmp_path, ACCESS="invited") as (scene, discord):
        guild, cold = discord.guild("Traders"), new_address("cold")
        guild.everyone_may_command = True
        room = guild.channel("alerts")
        ada, bob = guild.member("Ada"), guild.member("Bob")
        eve = guild.member("Eve", manage_guild=True)
        async with talking(scene, discord) as program:
            code = (await program.until_logged(CODE))[1]
            assert "is yours now" in (await ada.command(ada.dm, "start", code=code)).text
            await ada.command(room, "alerts", do="here")
            await eve.command(room, "watch", address=cold)
            refused = await bob.command(room, "members", what="remove", who="Eve")
            assert "Only an admin" in refused.text
            assert refused.ephemeral
            wanted = await eve.command(room, "invite", role="admin")
            assert (await bob.press(wanted.message, "✋ It is me")).changed
            assert "Only an admin" in (await bob.press(wanted.message, "Yes")).text
            assert "Bob is admin here" in (await eve.press(wanted.message, "Yes")).text
            assert "repeated once" in (await bob.command(room, "ack", after="10m")).text
            alert = await alert_of(room, scene.chain.pay(cold, 5 * BTC))
            assert (await bob.press(alert, "✅ Ack")).ephemeral
            await until_shows(discord, alert, "✅ Bob,")
            kept = (await ada.command(ada.dm, "audit")).text
            for act in ("/watch", "/invite admin", "/members admin", "/ack"):
                assert act in kept, kept
            one = await ada.command(ada.dm, "members", what="show", who="Bob")
            assert "Bob has no access" in (await ada.press(one.message, "🚪 Remove")).text
            assert "cannot ask me here" in (await bob.command(room, "watchlist")).text
            bob.says("hello")
            await says(bob.dm, "With a new invitation")
