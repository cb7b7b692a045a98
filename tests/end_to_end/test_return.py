"""Who shut the bot out and comes back is told all that was kept, in one message."""

from tests.end_to_end.discord import parked, staged_on_discord, talking, told
from tests.end_to_end.scene import staged

WHALES = "/threshold whales 500 BTC"


async def test_who_comes_back_hears_what_was_kept_in_one_message(tmp_path):
    async with (
        staged_on_discord(tmp_path, telegram=True) as (scene, discord),
        talking(scene, discord) as program,
    ):
        ada, dan = scene.server.person("Ada"), discord.guild("Traders").member("Dan")
        group = scene.server.group("Traders")
        scene.server.set_status(group, ada, "administrator")
        for chat in (ada.chat, group):
            await scene.asks(ada, WHALES, chat=chat)
        await dan.command(dan.dm, "threshold", whales="whales", amount="500 BTC")
        scene.server.block(ada)
        scene.server.set_bot_status(group, ada, "kicked")
        dan.close_dms()
        whales = [scene.chain.whale() for _ in range(4)]
        await program.until(lambda: len(parked(program)) == 3, "three parked chats")
        await program.until_knows(whales)
        scene.server.unblock(ada)
        scene.server.set_bot_status(group, ada, "member")
        dan.open_dms()
        await dan.command(dan.dm, "start")
        await ada.says("/start")
        await program.until_all_is_said()
        assert parked(program) == {}
        for chat in (ada.chat, group):
            assert sorted(scene.told(chat)) == sorted(whales)
            texts = [message.text for message in scene.server.messages(chat)]
            assert sum("4 transactions at once" in text for text in texts) == 1
        assert sorted(told(dan.dm)) == sorted(whales)


async def refused(scene, person, message, label):
    """What a group's member is told who presses a button: a message where it was long in coming."""
    return await person.presses(message, label) or (await scene.next(message.chat)).text


async def test_a_channel_speaks_for_itself_and_a_member_can_change_nothing(tmp_path):
    async with staged(tmp_path) as scene, scene.program() as program:
        server = scene.server
        channel, group = server.channel("Whale news"), server.group("Traders")
        ada, bob = server.person("Ada"), server.person("Bob")
        server.set_status(group, ada, "administrator")
        server.set_status(group, bob, "member")
        server.posts(channel, WHALES)
        assert "from 500 BTC on" in (await scene.next(channel)).text
        server.posts(channel, "good morning")
        hidden = server.anonymous(group)
        asked = await scene.asks(hidden, WHALES, chat=group)
        assert "from 500 BTC on" in asked.text
        one = await scene.asks(hidden, "/alerts 1", chat=group)
        alone = "SELECT c.address, ring FROM subscriptions s JOIN chats c ON c.id = s.chat_id"
        before = program.rows(f"{alone} WHERE until IS NULL ORDER BY 1")
        for label in ("🔕 off", "Remove", "✓ 🔔 loud"):
            assert "Only an admin" in await refused(scene, bob, one, label)
        whale = scene.chain.whale()
        alert = await scene.next(group)
        assert whale in alert.html
        assert whale in (await scene.next(channel)).html
        assert "Only an admin" in await refused(scene, bob, alert, "👁 Watch sender")
        assert program.rows(f"{alone} WHERE until IS NULL ORDER BY 1") == before
        await ada.presses(one, "🔕 off")
        await scene.until_shows(one, "Rings: 🔕 off")
        names = {name for (name,) in program.rows("SELECT name FROM audit")}
        assert names == {"anonymous admin", "Ada"}
