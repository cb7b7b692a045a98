"""What becomes of told transactions in quiet hours: kept, and told at their end as it is then."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime

from tests.end_to_end.clock import Clock, moment
from tests.end_to_end.days import DAY, TICKS, looked
from tests.end_to_end.scene import BTC, new_address, staged
from tests.end_to_end.test_time import jump, until_kept

HASTE = {**TICKS, "bot.intake.ingest:SETTLING_SECONDS": 1}
TODAY = datetime.now(UTC).date() + 3 * DAY
NOON, NIGHT = moment(f"{TODAY} 12:00"), moment(f"{TODAY} 22:30")
END = moment(f"{TODAY + DAY} 07:00")


class Night:
    """Ada watches an address, and sleeps from ten to seven."""

    def __init__(self, scene, program, clock):
        self.scene, self.program, self.clock = scene, program, clock
        self.chain, self.mine = scene.chain, new_address("mine")
        self.ada = scene.server.person("Ada")

    async def paid(self, amount):
        """A payment that is told, and the message that tells of it."""
        paid = self.chain.pay(self.mine, amount)
        return paid, await self.scene.next(self.ada)

    async def falls(self):
        await jump(self.scene, self.program, self.clock, NIGHT)

    def said(self):
        return len(self.scene.server.messages(self.ada.chat))

    async def ends(self):
        """What is said when the quiet hours are over, and was not a second before."""
        before = self.said()
        await jump(self.scene, self.program, self.clock, END - 30)
        await looked(self.program, END - 30)
        assert self.said() == before
        self.clock.move_to(END)
        return await self.scene.next(self.ada)


@asynccontextmanager
async def nights(folder):
    clock = Clock(folder, begins=NOON)
    async with (
        staged(folder, clock=clock.now, **clock.settings) as scene,
        scene.program(HASTE) as program,
    ):
        night = Night(scene, program, clock)
        await scene.asks(night.ada, f"/watch {night.mine} Savings")
        await scene.asks(night.ada, "/quiet 22:00 07:00")
        yield night
        await program.until_all_is_said()


async def test_bad_ends_of_a_night_are_told_in_the_morning(tmp_path):
    async with nights(tmp_path) as night:
        orphan, first = await night.paid(5 * BTC)
        night.chain.mine()
        await night.scene.until_shows(first, "Confirmed")
        loser, second = await night.paid(6 * BTC)
        await night.falls()
        winner = night.chain.replace(loser)
        await night.scene.server.until(lambda: winner in second.html, timeout=30)
        night.chain.reorg()
        assert orphan in night.chain.chain.mempool
        await night.scene.until_shows(first, "Unconfirmed again")
        await until_kept(night.program, "quiet", END, 2)
        digest = await night.ends()
        assert digest.text.startswith("🌅 2 transactions in quiet hours")
        assert "Unconfirmed again: its block left the chain" in digest.text
        assert f"Replaced by {winner[:5]}" in digest.text
        assert all(hash_ in digest.html for hash_ in (orphan, loser))
        assert digest.text.count("told before") == 2
        night.chain.mine()
        height = f"Confirmed in block {night.chain.chain.tip.height:,}"
        await night.scene.until_shows(first, height)
        await night.scene.until_shows(digest, "1 of 2 confirmed")
        assert "Unconfirmed again" not in digest.text
        assert f"Replaced by {winner[:5]}" in digest.text
        assert night.said() == 5


async def test_a_single_bad_end_is_told_in_the_morning_as_news(tmp_path):
    async with nights(tmp_path) as night:
        loser, alert = await night.paid(5 * BTC)
        await night.falls()
        winner = night.chain.replace(loser)
        await night.scene.server.until(lambda: winner in alert.html, timeout=30)
        await until_kept(night.program, "quiet", END)
        morning = await night.ends()
        assert morning.text.startswith("⚠️ News of a transaction you were told of")
        assert f"Replaced by {winner[:5]}" in morning.text
        assert loser in morning.html


async def test_what_is_well_again_by_the_morning_is_told_as_it_is_then(tmp_path):
    async with nights(tmp_path) as night:
        paid, alert = await night.paid(5 * BTC)
        night.chain.mine()
        await night.scene.until_shows(alert, "Confirmed")
        await night.falls()
        night.chain.reorg()
        await night.scene.until_shows(alert, "Unconfirmed again")
        await until_kept(night.program, "quiet", END)
        night.chain.mine()
        height = f"Confirmed in block {night.chain.chain.tip.height:,}"
        await night.scene.until_shows(alert, height)
        morning = await night.ends()
        assert morning.text.startswith("🔔 News of a transaction you were told of")
        assert height in morning.text
        assert "Kept over quiet hours" in morning.text
        assert paid in morning.html


async def test_in_the_digest_of_a_night_news_is_no_other_payment(tmp_path):
    async with nights(tmp_path) as night:
        again, alert = await night.paid(5 * BTC)
        night.chain.mine()
        await night.scene.until_shows(alert, "Confirmed")
        await night.falls()
        night.chain.reorg()
        await until_kept(night.program, "quiet", END)
        new = night.chain.pay(night.mine, 6 * BTC)
        await until_kept(night.program, "quiet", END, 2)
        night.chain.mine()
        height = f"Confirmed in block {night.chain.chain.tip.height:,}"
        await night.scene.until_shows(alert, height)
        digest = await night.ends()
        lines = digest.text.splitlines()
        assert lines[0] == "🌅 2 transactions in quiet hours"
        (news,) = [line for line in lines if again[:5] in line]
        (fresh,) = [line for line in lines if new[:5] in line]
        assert news.endswith(f"{height} · told before")
        assert "told before" not in fresh


async def test_an_alert_that_is_replaced_before_it_is_told_tells_of_what_took_its_place(tmp_path):
    async with nights(tmp_path) as night:
        await night.falls()
        loser = night.chain.pay(night.mine, 5 * BTC)
        await until_kept(night.program, "quiet", END)
        winner = night.chain.replace(loser)
        await night.program.until_knows([winner])
        morning = await night.ends()
        assert morning.text.startswith("🟢 +5 BTC")
        assert "Unconfirmed" in morning.text
        assert winner in morning.html
        assert loser not in morning.html
        assert night.scene.told(night.ada) == [winner]
