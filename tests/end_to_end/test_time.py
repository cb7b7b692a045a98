"""Summaries, digests and quiet hours while clocks are changed, set back, or stand still."""

from datetime import UTC, datetime, timedelta

from tests.end_to_end.clock import Clock, moment
from tests.end_to_end.days import DAY, TICKS, days_of_change, leap_day, looked
from tests.end_to_end.scene import LINK, staged
from tests.end_to_end.system_time import SystemTime

BERLIN = "Europe/Berlin"
FORWARD, BACK = days_of_change(BERLIN)
WHALES = "/threshold whales 500 BTC"


def summaries(program):
    """The local dates of which a summary was enqueued."""
    rows = program.rows("SELECT key FROM messages WHERE key LIKE 'summary:%' ORDER BY id")
    return [key.rpartition(":")[2] for (key,) in rows]


def heard(scene, chat):
    """The summaries in a chat."""
    said = [m.caption or m.text or "" for m in scene.server.messages(chat)]
    return [text for text in said if "24 h to" in text]


async def until_heard(scene, chat, count):
    await scene.server.until(lambda: len(heard(scene, chat)) >= count, timeout=60)
    return heard(scene, chat)[count - 1]


def told(scene, chat):
    """The transactions that were told in a chat, not counting what a summary names."""
    messages = [m for m in scene.server.messages(chat) if "24 h to" not in (m.caption or m.text)]
    return sorted(hash_ for message in messages for hash_ in LINK.findall(message.html))


async def jump(scene, program, clock, to):
    """Move a clock far ahead: a program that heard nothing for so long connects anew."""
    before = scene.subscriptions()
    clock.move_to(to)
    await program.until(lambda: scene.subscriptions() > before, "new subscription")


async def until_kept(program, why, until, count=1):
    """Wait until so many messages are kept until a time."""
    kept = "SELECT count(*) FROM deliveries WHERE state = 'due' AND kept = ? AND due_at = ?"
    await program.until(lambda: program.rows(kept, why, until) == [(count,)], "kept ones")


async def test_a_summary_comes_once_on_days_of_change_and_on_the_leap_day(tmp_path):
    clock, leap = Clock(tmp_path), leap_day()
    times = {
        FORWARD: (moment(f"{FORWARD} 03:00", BERLIN), "to 03:00"),
        BACK: (moment(f"{BACK} 02:30", BERLIN), "to 02:30"),
        leap: (moment(f"{leap} 02:30", BERLIN), "to 02:30 on 29 Feb"),
    }
    async with (
        staged(tmp_path, **clock.settings) as scene,
        scene.program(TICKS) as program,
    ):
        ada = scene.server.person("Ada")
        await scene.asks(ada, "/timezone Berlin")
        await scene.asks(ada, "/summary daily 02:30")
        for day, (due, words) in sorted(times.items()):
            count = len(summaries(program))
            clock.move_to(due - 60)
            assert "Late" in await until_heard(scene, ada.chat, count + 1)
            await looked(program)
            before = summaries(program)
            assert before[-1] == (day - DAY).isoformat()
            clock.move_to(due)
            summary = await until_heard(scene, ada.chat, len(before) + 1)
            assert words in summary
            assert "Late" not in summary
            clock.move_to(due + 3600)  # when clocks go back they show the time once more
            await looked(program, due + 3600)
            assert summaries(program) == [*before, day.isoformat()]
        await program.until_all_is_said()
        assert len(heard(scene, ada.chat)) == len(summaries(program)) == 6


async def test_a_night_in_which_clocks_are_changed_is_longer_and_loses_nothing(tmp_path):
    ends = {
        FORWARD: moment(f"{FORWARD} 03:30", BERLIN),  # there is no half past two
        BACK: moment(f"{BACK} 02:30", BERLIN, fold=1),
    }
    clock = Clock(tmp_path, begins=moment(f"{min(ends) - DAY} 12:00", BERLIN))
    whales: list[str] = []
    async with (
        staged(tmp_path, clock=clock.now, **clock.settings) as scene,
        scene.program(TICKS) as program,
    ):
        ada = scene.server.person("Ada")
        await scene.asks(ada, "/timezone Berlin")
        await scene.asks(ada, "/quiet 22:00 02:30")
        await scene.asks(ada, WHALES)
        for day, end in sorted(ends.items()):
            evening, before = moment(f"{day - DAY} 22:30", BERLIN), sorted(whales)
            await jump(scene, program, clock, evening)
            whales += [scene.chain.whale(), scene.chain.whale()]
            await until_kept(program, "quiet", end, 2)
            await jump(scene, program, clock, end - 30)
            await looked(program, end - 30)
            assert told(scene, ada.chat) == before
            clock.move_to(end)
            digest = await scene.next(ada)
            assert digest.text.startswith("🌅 2 transactions in quiet hours")
            assert told(scene, ada.chat) == sorted(whales)
            scene.chain.mine()  # else they have expired by the other night, which is told, too
            await scene.until_level(program)
            await program.until_all_is_said()


async def test_a_clock_set_back_and_a_restart_repeat_and_lose_neither_summary_nor_digest(tmp_path):
    clock = SystemTime(tmp_path)
    shown = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    due, again = (int((shown + days).timestamp()) for days in (timedelta(0), DAY))
    hour, today = f"{shown:%H:%M}", shown.date()
    async with staged(tmp_path) as scene:
        ada = scene.server.person("Ada")
        async with scene.program(TICKS, **clock.settings) as program:
            for text in (WHALES, f"/summary daily {hour}", "/alerts 1 ring digest"):
                await scene.asks(ada, text)
            assert f"daily at {hour}" in (await scene.asks(ada, "/alerts digest summary")).text
            await jump(scene, program, clock, due - 600)
            whales = [scene.chain.whale(), scene.chain.whale()]
            await until_kept(program, "digest", due, 2)
            clock.move_to(due)
            await until_heard(scene, ada.chat, 1)
            await scene.server.until(lambda: told(scene, ada.chat) == sorted(whales), timeout=30)
            clock.move_to(due - 3000)
            await looked(program)
            whales.append(scene.chain.whale())
            await until_kept(program, "digest", again)
            await program.kill()
        async with scene.program(TICKS, **clock.settings) as program:
            await looked(program)
            assert summaries(program) == [today.isoformat()]
            await until_kept(program, "digest", again)
            await program.kill()
        later = Clock(tmp_path, begins=again + 1200)
        async with scene.program(TICKS, **later.settings) as program:
            assert f"Late: at {hour}" in await until_heard(scene, ada.chat, 2)
            await looked(program)
            await program.until_all_is_said()
            assert summaries(program) == [day.isoformat() for day in (today, today + DAY)]
            assert told(scene, ada.chat) == sorted(whales)
            assert any("Kept for your digest" in m.text for m in scene.server.messages(ada.chat))
