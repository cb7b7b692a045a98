"""Groups, blocked chats, refusals, floods and a Telegram that does not answer."""

from collections import Counter

import pytest

from tests.end_to_end.scene import new_address, staged

WHALES = "/threshold whales 500 BTC"
HASTE = {"bot.platforms.telegram:Telegram.__init__.__kwdefaults__.poll_seconds": 3}


async def test_a_group_is_answered_where_it_asked_and_left_alone_otherwise(tmp_path):
    async with staged(tmp_path) as scene, scene.program():
        server, ada = scene.server, scene.server.person("Ada")
        forum = server.group("Whalers", forum=True)
        topic, other = server.topic(forum, "Alerts"), server.topic(forum, "Talk")
        server.set_bot_status(forum, ada, "administrator")
        server.set_status(forum, ada, "creator")
        for chatter in ("good morning", "/stats@another_bot", "/nosuchcommand", new_address("x")):
            await ada.says(chatter, chat=forum, thread=other)
        answer = await scene.asks(
            ada, f"/threshold@{server.bot_username} whales 500 BTC", chat=forum, thread=topic
        )
        assert answer.thread == topic
        whale = scene.chain.whale()
        alert = await scene.next(forum)
        assert (alert.thread, whale in alert.html) == (topic, True)
        asked = await scene.asks(ada, "/watchlist", chat=forum, thread=other)
        assert asked.thread == other
        await ada.presses(alert, "🔕 Mute…")
        assert (await scene.next(forum)).thread == topic
        del forum.topics[topic]
        lost = scene.chain.whale()
        fallen_back = await scene.next(forum)
        assert (fallen_back.thread, lost in fallen_back.html) == (None, True)


@pytest.mark.parametrize("is_told", [True, False], ids=["told", "found out"])
async def test_a_group_that_becomes_a_supergroup_is_followed(tmp_path, is_told):
    async with staged(tmp_path) as scene, scene.program():
        ada = scene.server.person("Ada")
        group = scene.server.group("Whalers", supergroup=False)
        scene.server.set_status(group, ada, "administrator")
        await scene.asks(ada, WHALES, chat=group)
        moved = scene.server.migrate(group)
        if not is_told:
            scene.server.updates.pending.clear()
        whale = scene.chain.whale()
        assert whale in (await scene.next(moved)).html
        assert "from 500 BTC on" in (await scene.asks(ada, "/threshold whales", chat=moved)).text
        assert scene.told(group) == []


async def test_a_blocked_chat_is_kept_and_hears_the_present_state_when_it_is_back(tmp_path):
    async with staged(tmp_path) as scene, scene.program() as program:
        server = scene.server
        ada, bob = server.person("Ada"), server.person("Bob")
        for person in (ada, bob):
            await scene.asks(person, WHALES)
        server.block(ada)
        bob.chat.blocked = True  # found out by the refusal
        await program.until(
            lambda: program.rows("SELECT 1 FROM chats WHERE parked != ''"), "parked chat"
        )
        whale = scene.chain.whale()
        await program.until(
            lambda: len(program.rows("SELECT 1 FROM chats WHERE parked != ''")) == 2,
            "two parked chats",
        )
        scene.chain.mine()
        await scene.until_level(program)
        server.unblock(ada)
        bob.chat.blocked = False
        for person in (ada, bob):
            await person.says("/start")
            answers = [await scene.next(person), await scene.next(person)]
            assert any("Spyhop watches" in answer.text for answer in answers)
            assert any("Confirmed" in answer.text for answer in answers)
            assert scene.told(person) == [whale]
        refusals = [method for method, status, _ in server.refusals if status == 403]
        assert refusals == ["sendMessage"]


async def test_a_burst_to_many_chats_stays_below_the_limits_and_loses_nothing(tmp_path):
    async with staged(tmp_path, limits=True) as scene, scene.program() as program:
        server = scene.server
        people = [server.person(f"Person {number}") for number in range(8)]
        group = server.group("Whalers")
        server.set_status(group, people[0], "administrator")
        for person in people:
            await scene.asks(person, WHALES)
        await scene.asks(people[0], WHALES, chat=group)
        whales = [scene.chain.whale() for _ in range(12)]
        scene.chain.mine()
        await program.until_knows(whales)
        await program.until_all_is_said()
        for chat in (*people, group):
            assert Counter(scene.told(chat)) == Counter(whales)
        assert not [status for _, status, _ in server.refusals if status == 429]


async def test_refusals_and_torn_connections_delay_an_alert_and_lose_none(tmp_path):
    async with staged(tmp_path) as scene, scene.program() as program:
        server, ada = scene.server, scene.server.person("Ada")
        await scene.asks(ada, WHALES)
        for trouble in (
            {"status": 429, "retry_after": 2},
            {"status": 502, "times": 2},
            {"status": "drop"},
        ):
            server.fail_next("sendMessage", **trouble)
            whale = scene.chain.whale()
            assert whale in (await scene.next(ada)).html
            await program.until_all_is_said()
            assert scene.told(ada).count(whale) == 1
        server.fail_next("sendMessage", "drop", accept=True)
        whale = scene.chain.whale()
        await program.until_knows([whale])
        await program.until_all_is_said()
        assert scene.told(ada).count(whale) == 2  # nobody can know that the first one arrived
        server.fail_next("editMessageText", 502)
        scene.chain.mine()
        await scene.until_level(program)
        await program.until_all_is_said()
        assert "Confirmed" in server.messages(ada.chat)[-1].text


async def test_a_silent_telegram_is_noticed_and_a_second_poller_is_reported(tmp_path):
    async with staged(tmp_path) as scene:
        server, ada = scene.server, scene.server.person("Ada")
        async with scene.program(HASTE, OWNERS=f"telegram:{ada.id}") as program:
            assert "Spyhop" in (await scene.asks(ada, "/start")).text
            server.go_silent("getUpdates")
            await program.until_logged("Telegram does not answer")
            assert "Telegram does not answer" in (await scene.next(ada)).text
            server.recover()
            assert "No address" in (await scene.asks(ada, "/watchlist")).text
            server.second_poller()
            assert "Another program polls this bot" in (await scene.next(ada)).text
            assert "Another program polls this bot" in scene.log()
            assert "No address" in (await scene.asks(ada, "/watchlist")).text
