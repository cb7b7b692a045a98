"""Places that go away and come back, and a Discord that refuses, hangs and forgets."""

from tests.end_to_end.discord import (
    alert_of,
    parked,
    says,
    staged_on_discord,
    talking,
    told,
)

WHALES = {"whales": "whales", "amount": "500 BTC"}
HASTE = {
    "bot.intake.ingest:SETTLING_SECONDS": 1,
    "bot.platforms.discord_rest:ANSWER_SECONDS": 2,
}


class Places:
    """Where whales are told of; Ada owns the bot and runs both servers."""

    def __init__(self, discord):
        self.traders, self.hodlers = discord.guild("Traders"), discord.guild("Hodlers")
        self.ada = self.traders.member("Ada", manage_guild=True)
        self.bob = self.traders.member("Bob")
        self.ada_abroad = self.hodlers.member("Ada", person=self.ada, manage_guild=True)
        self.silenced, self.deleted = self.traders.channel("silenced"), self.traders.channel("old")
        self.thread = self.traders.channel("talk").thread("Whales")
        self.abroad = self.hodlers.channel("abroad")

    @property
    def all(self):
        return (self.silenced, self.deleted, self.thread, self.abroad, self.bob.dm)

    async def bind(self):
        await self.ada.command(self.ada.dm, "start")
        who = (self.ada, self.ada, self.ada, self.ada_abroad, self.bob)
        for person, place in zip(who, self.all, strict=True):
            await person.command(place, "alerts", do="here")
            await person.command(place, "threshold", **WHALES)


async def test_nothing_is_lost_where_discord_fails_and_places_close(tmp_path):
    async with staged_on_discord(tmp_path) as (scene, discord):
        places = Places(discord)
        discord.fail_next("drop", operation="get_my_user", times=2)
        discord.refuse_connections()
        async with talking(scene, discord, HASTE, OWNERS=f"discord:{places.ada.id}") as program:
            await places.bind()
            await fail_every_way(scene, discord, places, program)
            await close_and_open(scene, places, program)
            await forget(scene, discord, places.silenced)
            await until_all_is_said_elsewhere(program)
            assert discord.doubles() == []


async def fail_every_way(scene, discord, places, program):
    """Each answer that is no answer costs time, and nothing else."""
    posting = {"operation": "create_message"}
    discord.fail_next(429, retry_after=1.0, **posting)
    discord.fail_next(429, retry_after=1.0, everywhere=True, **posting)
    discord.fail_next(502, **posting)
    discord.fail_next(502, accept=True, **posting)
    discord.fail_next("hang", **posting)
    discord.fail_next("drop", accept=True, **posting)
    whale = scene.chain.whale()
    for place in places.all:
        await alert_of(place, whale)
    await program.until_all_is_said()
    assert [told(place) for place in places.all] == [[whale]] * 5
    assert not discord.rest.faults.open


async def close_and_open(scene, places, program):
    """Where nothing can be told it is told later, as it stands then; the owner knows why."""
    places.silenced.deny("send_messages")
    places.deleted.delete()
    places.thread.archive(locked=True)
    places.hodlers.kick_bot()
    places.bob.close_dms()
    whale = scene.chain.whale()
    await program.until(lambda: len(parked(program)) == 5, "five parked chats")
    scene.chain.mine()
    await scene.until_level(program)
    reasons = parked(program)
    assert "Send Messages" in reasons[str(places.silenced.id)]
    assert "deleted" in reasons[str(places.deleted.id)]
    assert "closed" in reasons[str(places.thread.id)]
    assert "removed" in reasons[str(places.abroad.id)]
    assert "no direct messages" in reasons[str(places.bob.id)]
    for said in ("#silenced", "#old", "#Whales", "“Hodlers”"):
        await says(places.ada.dm, said)
    places.silenced.allow("send_messages")
    places.thread.unarchive()
    places.hodlers.invite_bot()
    places.bob.open_dms()
    await places.bob.command(places.bob.dm, "start")
    for place in (places.silenced, places.thread, places.abroad, places.bob.dm):
        assert "Confirmed" in (await alert_of(place, whale)).text
    places.thread.archive()
    another = scene.chain.whale()
    await alert_of(places.thread, another)
    await until_all_is_said_elsewhere(program)
    assert list(parked(program)) == [str(places.deleted.id)]


async def until_all_is_said_elsewhere(program):
    """Wait until nothing is due but in places that are parked."""
    due = (
        "SELECT 1 FROM deliveries d JOIN chats c ON c.id = d.chat_id"
        " WHERE d.state IN ('due', 'sending') AND c.parked = '' LIMIT 1"
    )
    await program.until(lambda: not program.rows(due), "empty outbox")


async def forget(scene, discord, channel):
    """What is too old to be edited is answered anew."""
    whale = scene.chain.whale()
    alert = await alert_of(channel, whale)
    discord.old_edits, discord.old_edits_seconds = 0, 120
    discord.advance(3700)
    scene.chain.mine()
    news = await alert_of(channel, whale)
    assert news.text.startswith("🔔 News of a transaction")
    assert "Confirmed" in news.text
    assert news.reply_to == alert.id
    assert "Unconfirmed" in alert.text
