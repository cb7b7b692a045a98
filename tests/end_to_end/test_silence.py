"""Silence, from the alert itself, on Telegram and Discord, and over a restart."""

from datetime import UTC, datetime, timedelta

from tests.end_to_end.discord import alert_of, staged_on_discord, talking
from tests.end_to_end.scene import BTC, new_address, staged

WHALES = "/threshold whales 500 BTC"


async def pressed(scene, person, message, label):
    """What a message says when a button of it was pressed, which changes it in place."""
    before = message.text
    await person.presses(message, label)
    await scene.server.until(lambda: message.text != before, timeout=30)
    return message.text


def quiet_now():
    """Hours around now."""
    now = datetime.now(UTC)
    return f"{now - timedelta(hours=1):%H:%M} {now + timedelta(hours=3):%H:%M}"


async def test_an_alert_is_muted_from_itself_and_the_old_button_works_after_a_restart(tmp_path):
    mine, other = new_address("mine"), new_address("other")
    async with staged(tmp_path) as scene:
        ada = scene.server.person("Ada")
        async with scene.program():
            await scene.asks(ada, f"/watch {mine} Savings")
            await scene.asks(ada, f"/watch {other} Pocket")
            scene.chain.pay(mine, 5 * BTC)
            alert = await scene.next(ada)
            await ada.presses(alert, "🔕 Mute…")
            question = await scene.next(ada)
            assert question.text.startswith("Mute what?")
            assert "Alerts about Savings" in await pressed(scene, ada, question, "👁 Savings")
            assert "Muted until" in await pressed(scene, ada, question, "8 h")
        async with scene.program() as program:
            scene.chain.pay(mine, 6 * BTC)
            told = scene.chain.pay(other, 7 * BTC)
            assert told in (await scene.next(ada)).html
            await program.until_all_is_said()
            undone = await pressed(scene, ada, question, "Undo")
            assert "Alerts about Savings are on again." in undone
            assert "Kept back meanwhile: 1 alert." in undone
            again = scene.chain.pay(mine, 8 * BTC)
            assert again in (await scene.next(ada)).html
            await ada.presses(alert, "🔕 Mute…")
            assert (await scene.next(ada)).text.startswith("Mute what?")


async def test_quiet_hours_end_in_one_message_though_the_program_was_killed(tmp_path):
    async with staged(tmp_path) as scene:
        ada = scene.server.person("Ada")
        async with scene.program() as program:
            await scene.asks(ada, WHALES)
            assert "Quiet hours" in (await scene.asks(ada, f"/quiet {quiet_now()}")).text
            whales = [scene.chain.whale(), scene.chain.whale()]
            kept = "SELECT count(*) FROM deliveries WHERE state = 'due' AND kept = 'quiet'"
            await program.until(lambda: program.rows(kept) == [(2,)], "both kept")
            await program.kill()
        async with scene.program():
            await ada.says("/quiet off")
            texts = {(await scene.next(ada)).text.splitlines()[0] for _ in range(2)}
            assert texts == {"There are no quiet hours here.", "🌅 2 transactions in quiet hours"}
            assert sorted(scene.told(ada)) == sorted(whales)


async def test_a_bad_end_in_quiet_hours_is_told_after_them_and_not_before(tmp_path):
    mine = new_address("mine")
    async with staged(tmp_path) as scene:
        ada = scene.server.person("Ada")
        async with scene.program() as program:
            await scene.asks(ada, f"/watch {mine} Savings")
            loser = scene.chain.pay(mine, 5 * BTC)
            alert = await scene.next(ada)
            await scene.asks(ada, f"/quiet {quiet_now()}")
            winner = scene.chain.replace(loser)
            await scene.server.until(lambda: winner in alert.html, timeout=30)
            kept = "SELECT count(*) FROM deliveries WHERE state = 'due' AND kept = 'quiet'"
            await program.until(lambda: program.rows(kept) == [(1,)], "the bad end kept")
            whale = scene.chain.pay(mine, 6 * BTC)
            await program.until(lambda: program.rows(kept) == [(2,)], "an alert kept with it")
            assert len(scene.server.messages(ada.chat)) == 3
            await program.kill()
        async with scene.program() as program:
            await ada.says("/quiet off")
            both = [await scene.next(ada) for _ in range(2)]
            (digest,) = [m for m in both if m.text.startswith("🌅")]
            assert "🌅 2 transactions in quiet hours" in digest.text
            assert f"Replaced by {winner[:5]}" in digest.text
            assert all(hash_ in digest.html for hash_ in (loser, whale))
            await program.until_all_is_said()
            assert len(scene.server.messages(ada.chat)) == 5


async def test_a_pause_is_ended_by_its_button(tmp_path):
    async with staged(tmp_path) as scene:
        ada = scene.server.person("Ada")
        async with scene.program() as program:
            await scene.asks(ada, WHALES)
            pause = await scene.asks(ada, "/pause")
            whales = [scene.chain.whale(), scene.chain.whale(), scene.chain.whale()]
            kept = "SELECT count(*) FROM deliveries WHERE state = 'due' AND kept = 'pause'"
            await program.until(lambda: program.rows(kept) == [(3,)], "all kept")
            assert "3 alerts were kept" in await pressed(scene, ada, pause, "▶️ Resume")
            digest = await scene.next(ada)
            assert digest.text.startswith("▶️ 3 transactions while paused")
            assert sorted(scene.told(ada)) == sorted(whales)


async def test_on_discord_nobody_else_sees_how_an_alert_is_muted(tmp_path):
    async with staged_on_discord(tmp_path) as (scene, discord):
        guild = discord.guild("Traders")
        alerts = guild.channel("alerts")
        cleo = guild.member("Cleo", manage_guild=True)
        async with talking(scene, discord) as program:
            await cleo.command(alerts, "alerts", do="here")
            await cleo.command(alerts, "threshold", whales="whales", amount="500 BTC")
            alert = await alert_of(alerts, scene.chain.whale())
            question = await cleo.press(alert, "🔕 Mute…")
            assert question.text.startswith("Mute what?")
            how_long = await cleo.press(question.message, "All BTC")
            muted = await cleo.press(how_long.message, "1 h")
            assert "Muted until" in muted.text
            assert all(answer.ephemeral for answer in (question, how_long, muted))
            scene.chain.whale()
            await program.until(
                lambda: program.rows("SELECT 1 FROM deliveries WHERE state = 'muted'"), "muted"
            )
            undone = await cleo.press(muted.message, "Undo")
            assert "Kept back meanwhile: 1 alert." in undone.text
            named = await cleo.command(alerts, "mute", duration="8h", asset="bitcoin")
            assert "Alerts about BTC: I keep them back" in named.text
            await program.until_all_is_said()
