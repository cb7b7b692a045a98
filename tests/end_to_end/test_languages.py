"""Two people who said nothing about it are spoken to in the languages of their apps."""

from tests.end_to_end.discord import staged_on_discord, talking

WHALES = "/threshold whales 500 BTC"


async def test_everybody_is_spoken_to_in_their_language(tmp_path):
    async with (
        staged_on_discord(tmp_path, telegram=True) as (scene, discord),
        talking(scene, discord) as program,
    ):
        ada = scene.server.person("Ada", "de")
        bea = discord.guild("Traders").member("Bea", locale="es-ES")
        await german(scene, ada)
        await spanish(bea)
        whale = scene.chain.whale()
        await program.until_knows([whale])
        told = await scene.next(ada)
        assert " bewegt" in told.text
        assert "🔕 Stumm…" in str(told.buttons)
        await program.until_all_is_said()
        assert " movidos" in bea.dm.messages[-1].text
        await scene.asks(ada, "/language English")
        assert "I speak English here." in (await scene.asks(ada, "/language")).text
        menus_are_in_every_language(scene, discord)


async def german(scene, ada):
    assert "Ich spreche hier Deutsch." in (await scene.asks(ada, "/language")).text
    assert "/fotz kenne ich nicht" in (await scene.asks(ada, "/fotz")).text
    await scene.asks(ada, WHALES)


async def spanish(bea):
    said = await bea.command(bea.dm, "language")
    assert "Mi idioma aquí: Español." in said.text
    await bea.command(bea.dm, "threshold", whales="whales", amount="500 BTC")


def menus_are_in_every_language(scene, discord):
    german = scene.server.commands["all_private_chats", "de"]
    assert "Die Sprache, in der ich spreche" in [each["description"] for each in german]
    kept = {each["name"]: each for each in discord.commands[0]}
    assert kept["language"]["description_localizations"]["es-ES"] == "El idioma en que hablo"


async def test_an_owner_reads_of_trouble_in_their_language(tmp_path):
    async with staged_on_discord(tmp_path, telegram=True) as (scene, discord):
        ada, traders = scene.server.person("Ada", "de"), discord.guild("Traders")
        scene.chain.refuse(500, calls=2)
        async with talking(scene, discord, OWNERS=f"telegram:{ada.id}"):
            await scene.asks(ada, "/start")
            await told_of_a_place_that_is_closed(scene, ada, traders)
            await status_says_what_failed(scene, ada)
            traders.kick_bot()
            assert "der Bot wurde vom Server entfernt; füge" in (await scene.next(ada)).text


async def told_of_a_place_that_is_closed(scene, ada, traders):
    """Its reason is German, too; the names of permissions are those that Discord shows."""
    channel, bea = traders.channel("alerts"), traders.member("Bea", manage_guild=True)
    await bea.command(channel, "alerts", do="here")
    channel.deny("send_messages")
    told = (await scene.next(ada)).text
    assert "Discord: nichts kann gesagt werden in #alerts von „Traders“" in told
    assert "dem Bot fehlen Rechte: gib ihm Send Messages" in told
    assert "; dann mache ich von selbst weiter" in told
    channel.allow("send_messages")


async def status_says_what_failed(scene, ada):
    status = (await scene.asks(ada, "/status")).text
    assert "Status 500" in status
    assert "die Antwort hat den Status 500" in status
