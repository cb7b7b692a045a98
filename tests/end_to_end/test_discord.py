"""A Discord server with the program in it: who comes in, who may do what, and what is told."""

import re

from tests.end_to_end.discord import alert_of, says, staged_on_discord, talking, told, until_shows
from tests.end_to_end.scene import BTC, new_address
from tests.png import measure_photo

CODE = re.compile(r"/start ([\w-]+)")
SOON = {"bot.intake.ingest:SETTLING_SECONDS": 1}


class Server:
    """Ada owns the bot, Bob is invited, Cleo runs the server, and Eve is just there."""

    def __init__(self, guild):
        guild.everyone_may_command = True  # so that nothing but the program keeps anybody out
        self.alerts, self.talk = guild.channel("alerts"), guild.channel("talk")
        self.thread = self.alerts.thread("Cold storage")
        self.ada, self.bob, self.eve = (guild.member(name) for name in ("Ada", "Bob", "Eve"))
        self.cleo = guild.member("Cleo", manage_guild=True)
        self.mine = new_address("mine")


async def test_a_server_lets_the_bot_in_and_is_told_what_its_admins_ask_for(tmp_path):
    async with staged_on_discord(tmp_path, ACCESS="invited") as (scene, discord):
        server = Server(discord.guild("Traders"))
        async with talking(scene, discord, SOON) as program:
            await claim_and_invite(server, (await program.until_logged(CODE))[1])
            await bind(server)
            await complete(server)
            await draw(server)
            alert = await tell(scene, discord, server)
            await press(server, alert)
            await program.until_all_is_said()
            assert discord.doubles() == []
            assert discord.invalid_requests == 0


async def refused(who, where, name, why, /, **options):
    """Somebody is told why not, and nobody else sees it."""
    answer = await who.command(where, name, **options)
    assert why in answer.text
    assert answer.ephemeral


async def claim_and_invite(server, code):
    """The members of a server may ask once somebody who was invited has."""
    ada, bob, eve, cleo = server.ada, server.bob, server.eve, server.cleo
    await refused(cleo, server.alerts, "alerts", "nobody has claimed it yet", do="here")
    assert "is yours now" in (await ada.command(ada.dm, "start", code=code)).text
    await refused(cleo, server.alerts, "alerts", "belongs to Ada", do="here")
    await refused(eve, server.talk, "start", "does not work", code=code)
    assert await eve.complete(server.alerts, "address", focused="address", address="") == []
    (ticket,) = CODE.findall((await ada.command(ada.dm, "invite")).text)
    bob.says(f"/start {ticket}")
    assert "Paste an address" in (await says(bob.dm, "Welcome")).text
    eve.says("hello")
    await says(eve.dm, "belongs to Ada")
    await refused(bob, server.talk, "invite", "Only an admin")
    assert not (await eve.command(server.talk, "stats")).ephemeral
    assert server.talk.texts[-1].startswith("Bitcoin, last 24 h")


async def bind(server):
    """Only who runs the server decides what others read; `/alerts here` begins it."""
    bob, cleo, alerts, thread = server.bob, server.cleo, server.alerts, server.thread
    await refused(bob, alerts, "alerts", "Only an admin of this channel", do="here")
    await refused(bob, alerts, "watch", "Only an admin", address=server.mine, label="Cold")
    await refused(cleo, alerts, "watch", "nothing in this channel yet", address=server.mine)
    for place in (alerts, thread):
        bound = await cleo.command(place, "alerts", do="here")
        assert f"This {'thread' if place is thread else 'channel'} is told" in bound.text
        assert not bound.ephemeral
    whales = {"whales": "whales", "amount": "500 BTC"}
    assert "from 500 BTC on" in (await cleo.command(alerts, "threshold", **whales)).text
    watching = await cleo.command(thread, "watch", address=server.mine, label="Cold *& dark*")
    assert "Watching Cold" in watching.text
    assert watching.ephemeral
    watching = await bob.command(bob.dm, "watch", address=server.mine, label="Ours")
    assert not watching.ephemeral
    shown = (await bob.command(thread, "alerts")).text
    assert "Cold" in shown
    assert "Nothing is told here" in (await bob.command(server.talk, "alerts")).text


async def complete(server):
    """Each place offers its own addresses, by label, and what may be drawn of them."""
    bob, thread = server.bob, server.thread
    (offer,) = await bob.complete(thread, "unwatch", focused="which", which="col")
    assert offer.startswith("Cold *& dark* bc1q")
    (offer,) = await bob.complete(bob.dm, "address", focused="address", address="")
    assert offer.startswith("Ours bc1q")
    assert await bob.complete(server.talk, "unwatch", focused="which", which="") == []
    periods = await bob.complete(thread, "chart", focused="period", kind="fees", period="3")
    assert "30d" in periods


async def draw(server):
    """A chart is a picture in the embed that everybody sees, and its buttons change it."""
    asked = {"kind": "volume", "period": "24h"}
    chart = await server.bob.command(server.talk, "chart", timeout=60, **asked)
    assert not chart.ephemeral
    (picture,) = chart.message.files
    assert min(measure_photo(picture.data)) > 300
    assert chart.message.embeds[0]["image"]["url"] == f"attachment://{picture.name}"
    assert picture.description
    fees = await server.eve.press(chart.message, "⛽ Fees", timeout=60)
    assert fees.changed
    assert fees.message.files[0].data != picture.data


async def tell(scene, discord, server):
    """Alerts in a channel, a thread and a direct message, changed when they confirm."""
    whale = scene.chain.whale()
    alert = await alert_of(server.alerts, whale)
    assert re.match(r"🐋 [\d,.]+ BTC \(\$[\d.]+M\) moved\n", alert.text)
    paid = scene.chain.pay(server.mine, 5 * BTC)
    theirs, ours = await alert_of(server.thread, paid), await alert_of(server.bob.dm, paid)
    assert theirs.embeds[0]["title"].endswith(r"to Cold \*& dark\*")
    assert ours.embeds[0]["title"].endswith("to Ours")
    scene.chain.mine()
    for message in (alert, theirs, ours):
        await until_shows(discord, message, f"Confirmed in block {scene.chain.chain.tip.height:,}")
    assert told(server.alerts) == [whale]
    assert told(server.thread) == told(server.bob.dm) == [paid]
    assert not {whale, paid} & set(told(server.talk))
    (link,) = [b for row in alert.components for b in row["components"] if "url" in b]
    assert link["url"].endswith(f"/tx/{whale}")
    return alert


async def press(server, alert):
    """Whoever reads may ask by a button; what it changes only those who may type it."""
    bob, cleo = server.bob, server.cleo
    before = alert.text
    denied = await bob.press(alert, "👁 Watch sender")
    assert "Only an admin" in denied.text
    asked = await bob.press(alert, "🔕 Mute…")
    assert asked.text.startswith("Mute what?")
    how_long = await bob.press(asked.message, "All BTC")
    still_denied = await bob.press(how_long.message, "8 h")
    assert "Only an admin" in still_denied.text
    assert denied.ephemeral
    assert asked.ephemeral
    assert still_denied.ephemeral
    details = await bob.press(alert, "Details")
    assert "Fee" in details.text
    watching = await cleo.press(alert, "👁 Watch sender")
    assert "Watching" in watching.text
    unwatched = await cleo.press(watching.message, "Unwatch")
    assert "No longer watching" in unwatched.text
    assert alert.text == before
