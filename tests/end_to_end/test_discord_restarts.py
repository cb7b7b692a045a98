"""Bursts of alerts and old buttons on Discord, through cuts of the gateway and kill -9."""

from tests.end_to_end.discord import alert_of, staged_on_discord, talking, told

WHALES = {"whales": "whales", "amount": "500 BTC"}
BURST = 3


async def test_what_is_killed_and_cut_loses_nothing_and_repeats_nothing(tmp_path):
    async with staged_on_discord(tmp_path) as (scene, discord):
        guild = discord.guild("Traders")
        ada = guild.member("Ada", manage_guild=True)
        alerts, thread = guild.channel("alerts"), guild.channel("talk").thread("Whales")
        places = (alerts, thread, ada.dm)
        async with talking(scene, discord) as program:
            for place in places:
                await ada.command(place, "alerts", do="here")
                await ada.command(place, "threshold", **WHALES)
            due = [scene.chain.whale()]
            alert = await alert_of(alerts, due[0])
            question = (await ada.press(alert, "🔕 Mute…")).message
            await program.until_all_is_said()
            due += await burst_and_kill(scene, discord, program)
        due += burst(scene)
        scene.chain.mine()
        async with talking(scene, discord) as program:
            await until_told_once(program, places, due)
            kept_back = await press_old_buttons(scene, program, ada, alert, question)
            due += await burst_and_cut(scene, discord)
            await until_told_once(program, places[:1], due)
            await until_told_once(program, places[1:], [*due, kept_back])
            assert "Fee" in (await ada.press(alert, "Details")).text
        assert discord.repeats
        assert discord.doubles() == []
        assert discord.invalid_requests == 0


def burst(scene):
    return [scene.chain.whale() for _ in range(BURST)]


async def burst_and_kill(scene, discord, program):
    """Discord has taken a message, and the program dies before it hears of that."""
    before = len(discord.sent)
    discord.fail_next("hang", operation="create_message", accept=True)
    due = burst(scene)
    await discord.until(lambda: len(discord.sent) > before, timeout=30)
    await program.kill()
    return due


async def burst_and_cut(scene, discord):
    """The gateway is torn, asked to connect anew, and forgets the session meanwhile."""
    due = burst(scene)
    await discord.cut()
    due += burst(scene)
    await discord.ready(timeout=30)
    await discord.ask_to_reconnect()
    due += burst(scene)
    await discord.ready(timeout=30)
    discord.forget_sessions()
    await discord.cut()
    due += burst(scene)
    await discord.ready(timeout=30)
    return due


async def until_told_once(program, places, due):
    await program.until_knows(due)
    await program.until_all_is_said()
    for place in places:
        assert sorted(told(place)) == sorted(due)


async def press_old_buttons(scene, program, ada, alert, question):
    """What was shown before the kill does what it says."""
    how_long = await ada.press(question, "🔕 Everything")
    muted = await ada.press(how_long.message, "8 h")
    assert muted.changed
    assert "Muted until" in muted.text
    before = len(told(alert.channel))
    whale = scene.chain.whale()
    await program.until_knows([whale])
    await program.until_all_is_said()
    assert len(told(alert.channel)) == before
    assert "1 alert" in (await ada.press(muted.message, "Undo")).text
    return whale
