"""Every kind of alert with every ring, and a budget, on Telegram and Discord at once."""

import time
from contextlib import suppress

from storage.database import reading
from storage.statistics import FEWEST_FEES, recent_fee_rate
from tests.end_to_end.clock import Clock
from tests.end_to_end.discord import staged_on_discord, talking, told
from tests.end_to_end.scene import BTC, new_address
from tests.strict_discord.messages import File

HASTE = {
    "bot.housekeeping:TICK_SECONDS": 1,
    "watchers.blockchain_com.feed:PRICES_SECONDS": 1,
}
RINGS = ("loud", "silent", "digest", "off")
MINE = new_address("rings")
KINDS = {
    "watch": "to Mine", "whales": "🐋", "blocks": "⛏", "fees": "⛽ Fees are above",
    "price": "💵 BTC is above", "source": "cannot be heard",
}  # fmt: skip


def list_of(ring, rate, price):
    """A file that asks for each kind."""
    rules = {"whales": "500 BTC", "blocks": "", "fees": f"above {rate}",
             "price": f"above {price}", "source": ""}  # fmt: skip
    lines = [f"{kind},,,{rule},{ring}" for kind, rule in rules.items()]
    head = "kind,address,label,rule,ring"
    return "\n".join([head, f"watch,{MINE},Mine,,{ring}", *lines]).encode()


async def rate_now(scene, clock, program):
    """What is usually paid, in base units per virtual byte, once a few have paid it."""
    for _ in range(FEWEST_FEES):
        scene.chain.transact()

    def found():
        with reading(program.database) as db:
            return recent_fee_rate(db, "bitcoin", int(clock.now()))

    return await program.until(found, "usual fee rate") // 1000 + 1


async def ask_on_telegram(scene, ring, content):
    person = scene.server.person(ring.title())
    await person.sends(content, "list.csv")
    shown = await scene.next(person)
    assert shown.text.startswith("📄 6 new"), shown.text
    await person.presses(shown, "Take over")
    await scene.until_shows(shown, "✅ 6 alerts")
    return person.chat


async def ask_on_discord(discord, ring, content):
    guild = discord.guild("Traders")
    room, admin = guild.channel(ring), guild.member(f"Admin {ring}", manage_guild=True)
    await admin.command(room, "alerts", do="here")
    file = File(discord.new_id(), "list.csv", content, "text/csv")
    shown = await admin.command(room, "import", file=file)
    await admin.press(shown.message, "Take over")
    return room


class Places:
    """A chat for each ring on both platforms, and what was said there since it was ready."""

    def __init__(self, scene, telegram, discord):
        self._server, self._telegram, self._discord = scene.server, telegram, discord
        self._seen = {id(m) for ring in RINGS for m in self._all(ring)}

    def _all(self, ring):
        room = self._discord[ring]
        return [*self._server.messages(self._telegram[ring]), *room.messages]

    def said(self, ring, text):
        """The messages with a text, first on Telegram, then on Discord."""
        return [m for m in self._all(ring) if id(m) not in self._seen and text in m.text]


async def test_each_kind_rings_as_it_was_asked_to_on_both_platforms(tmp_path):
    hour, minute = divmod(time.time() + 600, 3600)  # the scene must not end in another hour
    clock = Clock(tmp_path, begins=None if minute > 600 else hour * 3600)
    async with (
        staged_on_discord(tmp_path, telegram=True, **clock.settings) as (scene, discord),
        talking(scene, discord, HASTE) as program,
    ):
        rate, price = await rate_now(scene, clock, program), round(scene.chain.world.price * 1.5)
        telegram, rooms = {}, {}
        for ring in RINGS:
            content = list_of(ring, rate, price)
            telegram[ring] = await ask_on_telegram(scene, ring, content)
            rooms[ring] = await ask_on_discord(discord, ring, content)
        places = Places(scene, telegram, rooms)
        for kind, happens in happenings(scene, clock).items():
            happens()
            for ring in ("loud", "silent"):
                await discord.until(
                    lambda kind=kind, ring=ring: len(places.said(ring, KINDS[kind])) >= 2,
                    timeout=30,
                )
                quietly = [m.silent for m in places.said(ring, KINDS[kind])]
                assert quietly == [ring == "silent"] * 2, (kind, ring)
        for ring in ("digest", "off"):
            assert places.said(ring, "") == []
        clock.move_to((hour + 1) * 3600 + 1)
        await discord.until(lambda: len(places.said("digest", "")) >= 2, timeout=30)
        for digest in places.said("digest", ""):
            assert all(text in digest.text for text in KINDS.values()), digest.text
        assert places.said("off", "") == []


def happenings(scene, clock):
    """What makes each kind tell."""
    chain = scene.chain

    def outbid():
        for _ in range(6):
            for waiting in list(chain.chain.mempool):
                with suppress(ValueError):
                    chain.replace(waiting)

    def rises():
        chain.world.price *= 2

    def breaks():
        chain.go_down()
        clock.move_to(clock.now() + 200)

    return {
        "fees": outbid,
        "watch": lambda: chain.pay(MINE, BTC),
        "whales": chain.whale,
        "blocks": chain.mine,
        "price": rises,
        "source": breaks,
    }


async def test_what_is_more_than_the_budget_is_one_message_on_both_platforms(tmp_path):
    async with (
        staged_on_discord(tmp_path, telegram=True) as (scene, discord),
        talking(scene, discord) as program,
    ):
        ada, room = scene.server.person("Ada"), discord.guild("Traders").channel("alerts")
        cleo = discord.guild("Traders").member("Cleo", manage_guild=True)
        await cleo.command(room, "alerts", do="here")
        for where, what in (("threshold", {"whales": "whales", "amount": "500 BTC"}),
                            ("alerts", {"do": "budget", "number": 2})):  # fmt: skip
            await cleo.command(room, where, **what)
        await scene.asks(ada, "/threshold whales 500 BTC")
        await scene.asks(ada, "/alerts budget 2")
        whales = []
        for _ in range(2):
            whales.append(scene.chain.whale())
            await program.until_knows(whales)
            await program.until_all_is_said()
        whales += [scene.chain.whale() for _ in range(6)]
        await program.until_knows(whales)
        await program.until_all_is_said()
        whales.append(scene.chain.whale())
        await program.until_knows(whales)
        await program.until_all_is_said()
        assert sorted(scene.told(ada)) == sorted(told(room)) == sorted(whales)
        last = scene.server.messages(ada.chat)[-1]
        assert last.text.startswith("📦 7 more alerts")
        assert len([m for m in room.messages if "📦 7 more alerts" in m.text]) == 1
        await ada.presses(last, "See all")
        every = await scene.server.next_message(ada.chat)
        while "📦 7 alerts" not in every.text:
            every = await scene.server.next_message(ada.chat)
        assert all(hash_ in every.html for hash_ in whales[2:])
