"""The first minutes with the bot, and who may come in."""

import re

from tests.end_to_end.scene import new_address, staged

CODE = re.compile(r"/start (\S+)")


async def test_whoever_has_the_printed_code_owns_the_bot_and_lets_others_in(tmp_path):
    async with staged(tmp_path, ACCESS="invited") as scene:
        ada, bob, eve = (scene.server.person(name) for name in ("Ada", "Bob", "Eve"))
        async with scene.program() as program:
            assert "nobody has claimed it yet" in (await scene.asks(eve, "hello")).text
            assert "private" in (await scene.asks(eve, "/threshold whales 1 BTC")).text
            code = (await program.until_logged(CODE))[1]
            assert "is yours now" in (await scene.asks(ada, f"/start {code}")).text
            assert "does not work" in (await scene.asks(eve, f"/start {code}")).text
            invitation = await scene.asks(ada, "/invite")
            (ticket,) = CODE.findall(invitation.text)
            assert f"t.me/{scene.server.bot_username}?start={ticket}" in invitation.html
            assert "Welcome" in (await scene.asks(bob, f"/start {ticket}")).text
            assert "does not work" in (await scene.asks(eve, f"/start {ticket}")).text
            assert "belongs to Ada" in (await scene.asks(eve, "/watchlist")).text
            assert "No address" in (await scene.asks(bob, "/watchlist")).text
            assert "Only the owner" in (await scene.asks(bob, "/invite")).text
        async with scene.program():
            assert "An invitation" in (await scene.asks(ada, "/invite")).text
            assert "No address" in (await scene.asks(bob, "/watchlist")).text
        assert len(CODE.findall(scene.log())) == 1


async def test_each_of_the_three_first_buttons_leads_somewhere(tmp_path):
    async with staged(tmp_path) as scene, scene.program():
        ada = scene.server.person("Ada")
        greeting = await scene.asks(ada, "/start")
        labels = [label for row in greeting.buttons for label, _ in row]
        assert labels == ["👁 Watch an address", "🐋 Whale alerts", "Help"]
        answers = []
        for label in labels:
            await ada.presses(greeting, label)
            answers.append((await scene.next(ada)).text)
        assert "Usage: /watch" in answers[0]
        assert "Whale alerts are off" in answers[1]
        assert "/threshold" in answers[2]


async def test_the_menu_names_every_command_of_help(tmp_path):
    async with staged(tmp_path) as scene, scene.program():
        ada = scene.server.person("Ada")
        listed = set(re.findall(r"^/(\w+)", (await scene.asks(ada, "/help")).text, re.MULTILINE))
        await scene.server.until(lambda: scene.server.commands)
        menus = scene.server.commands.values()
        menu = {command["command"] for commands in menus for command in commands}
        assert listed
        assert listed <= menu


async def test_an_open_bot_answers_anyone_and_belongs_to_nobody_who_only_writes(tmp_path):
    async with staged(tmp_path, ACCESS="open") as scene, scene.program():
        eve = scene.server.person("Eve")
        watching = await scene.asks(eve, f"/watch {new_address('Eve')} Mine")
        assert "Watching Mine" in watching.text
        assert "Only the owner" in (await scene.asks(eve, "/invite")).text
