"""Lists that people drag into a chat, hand out again, and find as they were."""

import csv
import io

from tests.end_to_end.discord import staged_on_discord, talking
from tests.end_to_end.scene import BTC, new_address, staged
from tests.strict_discord.messages import File

LABELS = ('Cold, "dark" store', "🐳 whale; 日本", "חיסכון", "می‌خواهم", "=2+5", "'Tis")
MINES = [new_address(f"list {number}") for number in range(len(LABELS))]


def written(*more):
    """A spreadsheet's file of our addresses, with any other lines."""
    text = io.StringIO()
    csv.writer(text).writerows([("address", "label"), *zip(MINES, LABELS, strict=True)])
    return (text.getvalue() + "".join(f"{line}\n" for line in more)).encode("utf-8-sig")


def listed(content):
    """What an exported file holds, in any order."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    cells = [tuple(row.values()) for row in rows]
    return sorted(cells)


def labels_in(program):
    rows = program.rows("SELECT address, label FROM subscriptions WHERE until IS NULL")
    return dict(rows)


async def test_a_list_comes_into_a_telegram_chat_and_goes_on_into_a_group(tmp_path):
    async with staged(tmp_path) as scene, scene.program() as program:
        server = scene.server
        ada, bob = server.person("Ada"), server.person("Bob")
        group = server.group("Whalers")
        server.set_status(group, ada, "administrator")
        await ada.sends(written("nobody,x", f"{new_address('cut')},Smith, John", "1x,y"), "a.csv")
        shown = await scene.next(ada)
        assert shown.text.startswith(f"📄 {len(MINES)} new, 3 not understood")
        for line in (8, 9, 10):
            assert f"Line {line}: " in shown.text
        assert labels_in(program) == {}
        await ada.presses(shown, "Take over")
        await scene.until_shows(shown, f"✅ {len(MINES)} alerts")
        assert labels_in(program) == dict(zip(MINES, LABELS, strict=True))
        exported = await scene.asks(ada, "/export")
        as_json = await scene.asks(ada, "/export json")
        for wrong, why in ((b"%PDF-1.7\n\x93", "cannot read"), (b"x" * 1_000_001, "too large")):
            await ada.sends(wrong, "wrong.csv")
            assert why in (await scene.next(ada)).text
        await bob.sends(exported.document, "a.csv", "/import", chat=group)
        assert "Only an admin" in (await scene.next(group)).text
        await ada.sends(as_json.document, "a.json", "/import", chat=group)
        taken = await scene.next(group)
        await ada.presses(taken, "Take over")
        await scene.until_shows(taken, "told in this group")
        again = await scene.asks(ada, "/export", chat=group)
        assert listed(again.document) == listed(exported.document)
        paid = scene.chain.pay(MINES[2], BTC)
        for place in (ada, group):
            alert = await scene.next(place)
            assert (paid in alert.html, LABELS[2] in alert.text) == (True, True)


async def test_a_list_is_attached_to_a_command_on_discord(tmp_path):
    async with staged_on_discord(tmp_path) as (scene, discord):
        guild = discord.guild("Traders")
        room = guild.channel("alerts")
        guild.everyone_may_command = True
        cleo, eve = guild.member("Cleo", manage_guild=True), guild.member("Eve")
        async with talking(scene, discord) as program:
            await cleo.command(room, "alerts", do="here")
            file = File(discord.new_id(), "my list.csv", written("nobody,x"), "text/csv")
            refused = await eve.command(room, "import", file=file)
            assert ("Only an admin" in refused.text, refused.ephemeral) == (True, True)
            shown = await cleo.command(room, "import", file=file)
            assert shown.text.startswith(f"📄 {len(MINES)} new, 1 not understood")
            assert ("Line 8: " in shown.text, shown.ephemeral) == (True, True)
            await cleo.press(shown.message, "Take over")
            assert labels_in(program) == dict(zip(MINES, LABELS, strict=True))
            exported = await cleo.command(room, "export", form="json")
            (document,) = exported.message.files
            back = File(discord.new_id(), document.name, document.data, "application/json")
            same = await cleo.command(room, "import", file=back)
            assert f"Nothing to take over: {len(MINES)} as it is" in same.text
            for wrong, why in ((b"\x89PNG\r\n", "cannot read"), (b"x" * 1_000_001, "too large")):
                picture = File(discord.new_id(), "x.png", wrong, "image/png")
                assert why in (await cleo.command(room, "import", file=picture)).text
