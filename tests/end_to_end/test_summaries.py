"""Summaries at their hour, with a program whose clock is moved, and reports to keep."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.end_to_end.clock import Clock
from tests.end_to_end.discord import says, staged_on_discord, talking
from tests.end_to_end.scene import BTC, new_address, staged
from tests.png import measure_photo

OFTEN = {"bot.housekeeping:TICK_SECONDS": 1}
LAGOS = ZoneInfo("Africa/Lagos")
DAY = 86400


def next_eight(zone):
    """When it is eight there next."""
    now = datetime.now(UTC).astimezone(zone)
    eight = now.replace(hour=8, minute=0, second=0, microsecond=0)
    return int((eight if eight > now else eight + timedelta(days=1)).timestamp())


def summaries(program):
    """The summaries that were enqueued, oldest first."""
    rows = program.rows("SELECT key FROM messages WHERE key LIKE 'summary:%' ORDER BY id")
    return [key for (key,) in rows]


def said(message):
    """What a message says, below a picture or not."""
    return message.caption or message.text or ""


async def summary_in(scene, chat, times):
    """The latest of so many summaries in a chat of Telegram."""

    def found():
        return [m for m in scene.server.messages(chat) if "24 h to" in said(m)]

    await scene.server.until(lambda: len(found()) >= times, timeout=60)
    assert len(found()) == times
    found()[-1].taken = True
    return found()[-1]


async def ticked(program):
    """Wait until the program has looked twice at what is due."""
    asked = "SELECT told FROM summaries"
    (told,) = program.rows(asked)
    await program.until_all_is_said()
    assert program.rows(asked) == [told]


async def test_a_summary_is_told_once_a_day_and_late_after_a_time_away(tmp_path):
    eight = next_eight(LAGOS)
    clock = Clock(tmp_path, begins=eight - 3600)
    day = datetime.fromtimestamp(eight, LAGOS).date()
    async with staged(tmp_path, clock=clock.now, **clock.settings) as scene:
        ada = scene.server.person("Ada")
        async with scene.program(OFTEN) as program:
            mine = new_address("mine")
            await scene.asks(ada, "/timezone Lagos")
            await scene.asks(ada, f"/watch {mine} Savings")
            begun = await scene.asks(ada, "/summary daily 08:00")
            assert "A summary daily at 08:00, Africa/Lagos" in begun.text
            scene.chain.pay(mine, 5 * BTC)
            await scene.next(ada)
            clock.move_to(eight - 3)
            told = await summary_in(scene, ada.chat, 1)
            assert measure_photo(told.photo) == (1200, 900)
            assert "Bitcoin, 24 h to 08:00" in told.caption
            assert "Savings +5 BTC" in told.caption
            assert "1 alert told" in told.caption
            assert "Late" not in told.caption
            await ticked(program)
            await program.kill()
        async with scene.program(OFTEN) as program:
            await ticked(program)
            await program.kill()
        clock.move_to(eight + 3 * DAY + 7200)
        async with scene.program(OFTEN) as program:
            late = await summary_in(scene, ada.chat, 2)
            assert "Nothing seen in the last 24 h" in late.text
            assert "Late: at 08:00 I could not tell it" in late.text
            await ticked(program)
            days = (day, day + timedelta(days=3))
            assert summaries(program) == [f"summary:daily:{told}" for told in days]
            ended = await scene.asks(ada, "/summary off")
            assert "No more summaries" in ended.text
            clock.move_to(eight + 5 * DAY)
            await scene.asks(ada, "/summary")
            assert len(summaries(program)) == 2


async def test_a_group_chooses_its_hour_through_its_admins_and_keeps_a_report(tmp_path):
    async with staged(tmp_path) as scene, scene.program() as program:
        ada, bob = scene.server.person("Ada"), scene.server.person("Bob")
        group = scene.server.group("Traders")
        for person, status in ((ada, "creator"), (bob, "member")):
            scene.server.set_status(group, person, status)
        scene.chain.whale()
        refused = await scene.asks(bob, "/summary weekly mon 08:00", chat=group)
        assert "Only an admin" in refused.text
        shown = await scene.asks(bob, "/summary", chat=group)
        assert "I can tell this by myself" in shown.caption
        await scene.asks(ada, "/summary weekly mon 08:00 New York", chat=group)
        assert program.rows("SELECT cadence, weekday, minute, timezone FROM summaries") == [
            ("weekly", 0, 480, "America/New_York")
        ]
        report = await scene.asks(bob, "/report 7d", chat=group)
        assert report.document.startswith(b"%PDF-")
        assert report.media["document"]["file_name"].endswith(".pdf")
        assert "Bitcoin, last 7 d" in report.caption


async def test_discord_is_told_at_its_hour_and_given_a_report(tmp_path):
    eight = next_eight(LAGOS)
    clock = Clock(tmp_path, begins=eight - 3600)
    async with (
        staged_on_discord(tmp_path, clock=clock.now, **clock.settings) as (scene, discord),
        talking(scene, discord, OFTEN) as program,
    ):
        ada = discord.person("Ada")
        scene.chain.whale()
        answer = await ada.command(ada.dm, "summary", cadence="daily", when="08:00 Lagos")
        assert "A summary daily at 08" in answer.text
        clock.move_to(eight - 2)
        told = await says(ada.dm, "24 h to 08")
        (picture,) = told.files
        assert measure_photo(picture.data) == (1200, 900)
        await program.until_all_is_said()
        given = await ada.command(ada.dm, "report", timeout=60, period="30d")
        (document,) = given.message.files
        assert document.data.startswith(b"%PDF-")
        assert document.name.endswith(".pdf")
        assert "Bitcoin, last 30 d" in given.text
