"""`/summary` and `/report`, as people use them."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from bot.summaries import telling
from bot.summaries.asked import Asked, parse_when
from bot.summaries.telling import Panel, Summaries
from charts.theme import HEIGHT, PANEL, WIDTH
from storage.chats import private_chats_of
from storage.rollups import Entry, add_entries
from storage.summaries import schedules_of
from tests.bot.desk import Talk, plain
from tests.make import NOW
from watchers.model import Asset
from watchers.registry import CHAINS

DAY = 86400


def busy(db, since, until, a_minute=2, chain="bitcoin"):
    """A steady run of transactions, every minute."""
    times = range(since - since % 60, until, 60)
    entries = [Entry(time, 10**8, 500, 200) for time in times for _ in range(a_minute)]
    add_entries(db, chain, "seen", entries)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Asked()),
        ("08:00", Asked(None, 480)),
        ("8", Asked(None, 480)),
        ("8.30", Asked(None, 510)),
        ("8pm Lagos", Asked(None, 1200, "Lagos")),
        ("12 am", Asked(None, 0)),
        ("12pm", Asked(None, 720)),
        ("mon 08:00", Asked(0, 480)),
        ("08:00 Sunday Europe/Lagos", Asked(6, 480, "Europe/Lagos")),
        ("thurs 23:59 New York", Asked(3, 1439, "New York")),
        ("Lagos", Asked(None, None, "Lagos")),
        ("Lagos 8:00", Asked(None, 480, "Lagos")),
        ("Montag Lagos 8 Uhr", Asked(0, 480, "Lagos")),
        ("lunes a las 8", Asked(0, 480)),
        ("t 8:00", Asked(None, 480, "t")),
        ("08:001", Asked(None, None, "08:001")),
    ],
)
def test_day_time_and_zone_are_told_apart(text, asked):
    assert parse_when(text) == asked


@pytest.mark.parametrize("text", ["24:00", "08:60", "13pm", "0am"])
def test_a_time_of_day_that_there_is_not_is_refused(text):
    with pytest.raises(ValueError, match=r"^$"):
        parse_when(text)


async def test_the_last_day_is_told_with_its_picture_and_the_way_to_have_it_daily(talk, desk):
    await desk.write(busy, NOW - 3 * DAY, NOW)
    answer = await talk.send("/summary")
    said = plain(answer)
    assert said.startswith("An ordinary day: 2.91k transactions, much as the day before\n")
    assert "2,908 BTC moved, much as the day before" in said
    assert "2.0 a minute" in said
    assert "I can tell this by myself" in said
    assert answer.picture.png.startswith(b"\x89PNG")
    assert len(said.splitlines()) <= 14


async def test_a_summary_asked_for_now_tells_of_the_whole_last_day_in_words_and_picture(
    talk, desk, monkeypatch
):
    entries = [Entry(NOW - DAY + 30, 500 * 10**8, 500, 200), Entry(NOW - 60, 10**8, 500, 200)]
    await desk.write(add_entries, "bitcoin", "seen", entries)
    drawn: list[Panel] = []
    monkeypatch.setattr(telling, "_drawing", drawn.extend)
    said = await talk.say("/summary")
    assert "501 BTC moved" in said
    assert "24 h 13 min to 22:13" in said
    (panel,) = drawn
    assert panel.series.title.startswith("501 BTC moved in 24 h 13 min")
    assert panel.series.incomplete


async def test_it_is_told_in_the_language_of_whoever_asks(talk, desk):
    await desk.write(busy, NOW - 3 * DAY, NOW)
    await talk.say("/language de")
    assert "2.908 BTC" in await talk.say("/summary")


async def test_a_day_is_quiet_or_busy_by_the_weeks_before(talk, desk):
    await desk.write(busy, NOW - 30 * DAY, NOW - DAY, 4)
    await desk.write(busy, NOW - DAY, NOW, 3)
    said = await talk.say("/summary")
    assert said.startswith("A quiet day: 4.3")
    assert "25 % below usual" in said
    assert "Usual: median of the same weekday in the 4 weeks before." in said


async def test_before_anything_was_seen_it_says_so_and_draws_nothing(talk):
    answer = await talk.send("/summary")
    assert "Nothing seen in the last 24 h" in plain(answer)
    assert answer.picture is None


async def test_what_is_left_out_is_asked_for_with_buttons(talk, desk):
    days = await talk.send("/summary weekly")
    times = await talk.press(days, "Tue")
    assert "At what time of Tuesday? (UTC)" in plain(times)
    begun = await talk.press(times, "09:00")
    assert "A summary on Tuesdays at 09:00, UTC." in plain(begun)
    shown = await talk.say("/summary")
    assert "Told on Tuesdays at 09:00 (UTC)" in shown
    assert "daily at 18:00" in await talk.say("/summary daily 6pm")
    assert "Also on Tuesdays" in await talk.say("/summary daily 18:00")
    assert "No more summaries" in await talk.say("/summary off")
    assert "None were told" in await talk.say("/summary off")


async def test_of_summaries_in_two_zones_each_is_told_with_its_own(talk):
    await talk.say("/summary weekly mon 08:00 New York")
    begun = await talk.say("/summary daily 8 uhr Berlin")
    assert "\nAlso on Mondays at 08:00 (America/New_York).\n" in begun
    both = "daily at 08:00 (Europe/Berlin) and on Mondays at 08:00 (America/New_York)"
    assert f"\n🗓 Told {both}\n" in await talk.say("/summary")
    digest = await talk.say("/alerts digest summary")
    assert digest.startswith("🗞 The digest comes with the summary, daily at 08:00 (Europe/Berlin).")


async def test_one_of_two_summaries_is_ended_by_its_name(talk):
    await talk.say("/summary daily 8:00")
    await talk.say("/summary weekly mon 9:00")
    said = await talk.say("/summary off daily")
    assert said.startswith("🚫 That one is told no more.\n🗓 Told on Mondays at 09:00 (UTC)")
    assert "That one was not told." in await talk.say("/summary off daily")
    assert "told daily or weekly" in await talk.say("/summary off hourly")
    assert "No more summaries" in await talk.say("/summary off weekly")


@pytest.mark.parametrize("zone", ["Lagos", "africa/lagos", "Europe/Lagos"])
async def test_a_zone_is_named_by_its_city_too(talk, zone):
    assert "daily at 08:00, Africa/Lagos." in await talk.say(f"/summary daily 08:00 {zone}")


async def test_a_zone_that_there_is_not_is_refused_with_those_like_it(talk):
    offer = await talk.send("/summary daily 08:00 Berlni")
    assert offer.refusal
    assert "Europe/Berlin" in plain(await talk.press(offer, "Europe/Berlin"))
    assert "I know no zone" in await talk.say("/summary daily 08:00 qqqqqqqqqq")


async def test_what_stands_for_a_weekday_and_is_none_leads_to_the_weekdays(talk):
    offer = await talk.send("/summary weekly Funday 08:00")
    assert offer.refusal
    assert plain(offer).startswith("“Funday” is no weekday, and no place I know. On which day?")
    assert "on Sundays at 08:00" in plain(await talk.press(offer, "Sun"))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("/summary daily 25:00", "no such time of day"),
        ("/summary daily mon 08:00", "leave the weekday out"),
        ("/summary hourly", "is not one of"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_usage(talk, said, why):
    answer = await talk.send(said)
    assert answer.refusal
    assert why in plain(answer)
    assert "Usage:" in plain(answer)


async def test_nothing_begins_where_nothing_is_told(talk):
    await talk.say("/alerts off")
    assert "I tell nothing in this chat" in await talk.say("/summary daily 08:00")
    assert "24 h" in await talk.say("/summary")


async def test_a_schedule_follows_its_person_to_another_zone(talk, desk):
    await talk.say("/summary daily 08:00")
    await talk.say("/timezone Tokyo")
    assert "(Asia/Tokyo)" in await talk.say("/summary")


async def test_all_chats_are_told_at_their_hour_from_the_same_facts(talk, desk, clock):
    await desk.write(busy, NOW - 2 * DAY, NOW + DAY)
    await talk.say("/summary daily 08:00 Lagos")
    summaries = Summaries(desk.store, CHAINS.values())
    await summaries.tell(clock.now)
    assert await bodies(desk) == []
    clock.now += DAY
    for _ in range(3):
        await summaries.tell(clock.now)
    ((key, body),) = await bodies(desk)
    assert key.startswith("summary:daily:2023-11-")
    assert "24 h to 08:00" in body
    assert '"drawing":{"chart":"summary"' in body
    assert len(body) < 6000
    (person,) = await desk.read(lambda db: [row[0] for row in db.conn.execute(PERSONS)])
    (chat,) = await desk.read(private_chats_of, person)
    (schedule,) = await desk.read(schedules_of, chat.id)
    assert key.endswith(schedule.told.isoformat())


async def test_a_summary_that_fails_keeps_no_other_back(talk, desk, clock, monkeypatch):
    await desk.write(busy, NOW - 2 * DAY, NOW + DAY)
    group = talk.by(chat="traders", kind="group", admin=True)
    for one in (talk, group):
        await one.say("/summary daily 08:00")
    whole = telling.summary_of

    def fails_for_one(db, happened, chat, *more, **about):
        if chat.kind == "private":
            raise ZeroDivisionError
        return whole(db, happened, chat, *more, **about)

    monkeypatch.setattr(telling, "summary_of", fails_for_one)
    with pytest.raises(ZeroDivisionError):
        await Summaries(desk.store, CHAINS.values()).tell(clock.now + DAY)
    assert len(await bodies(desk)) == 1


PERSONS = "SELECT id FROM persons"


async def bodies(desk):
    query = "SELECT key, body FROM messages WHERE key LIKE 'summary:%'"
    return await desk.read(lambda db: db.conn.execute(query).fetchall())


OTHER = replace(CHAINS["bitcoin"], name="other", title="Othercoin", asset=Asset("OTH", 8, "bit"))
"""A second chain, as far as summaries and reports know one."""


@pytest.fixture
def wide(desk):
    """Somebody who talks to a bot that watches two chains, both busy."""
    return Talk(replace(desk, chains={"bitcoin": CHAINS["bitcoin"], "other": OTHER}))


async def test_a_summary_and_a_report_are_of_every_chain_that_is_watched(wide, desk):
    await desk.write(busy, NOW - 3 * DAY, NOW)
    await desk.write(busy, NOW - 3 * DAY, NOW, 3, "other")
    answer = await wide.send("/summary now")
    first, _, second = plain(answer).partition("Othercoin, 24 h 13 min to")
    assert "2.91k transactions" in first
    assert "Bitcoin, 24 h 13 min to" in first
    assert "An ordinary day: 4.36k transactions" in first.splitlines()[-1]
    assert "4,362 OTH moved" in second
    assert answer.picture.png.startswith(b"\x89PNG")
    report = await wide.send("/report 7d")
    assert "Othercoin\n12,963 OTH moved in 3 d\n3.0 transactions a minute" in plain(report)
    assert plain(report).startswith("📄 Bitcoin and Othercoin, last 7 d")
    assert report.document.name == "spyhop-bitcoin-other-7d-2023-11-14.pdf"


async def test_the_picture_has_a_panel_for_each_of_two_chains(wide, desk):
    await desk.write(busy, NOW - 3 * DAY, NOW)
    alone = await wide.send("/summary now")
    await desk.write(busy, NOW - 3 * DAY, NOW, 3, "other")
    both = await wide.send("/summary now")
    assert size_of(alone) == (WIDTH, HEIGHT)
    assert size_of(both) == (WIDTH, 2 * PANEL)
    first, second = both.picture.description.split("; ")
    assert first == alone.picture.description
    assert first.startswith("summary: 2,908 BTC moved in 24 h 13 min")
    assert second.startswith("summary: 4,362 OTH moved in 24 h 13 min")


async def test_of_three_chains_the_two_where_most_is_unusual_are_drawn(desk):
    third = replace(OTHER, name="third", title="Thirdcoin")
    chains = {"bitcoin": CHAINS["bitcoin"], "other": OTHER, "third": third}
    for chain, today in (("bitcoin", 4), ("other", 2), ("third", 1)):
        await desk.write(busy, NOW - 3 * DAY, NOW - DAY, 2, chain)
        await desk.write(busy, NOW - DAY, NOW, today, chain)
    told = await Talk(replace(desk, chains=chains)).send("/summary now")
    assert "Othercoin" in plain(told)
    assert "Bitcoin" in told.picture.description
    assert "Othercoin" not in told.picture.description
    assert "Thirdcoin" in told.picture.description


def size_of(answer):
    with Image.open(BytesIO(answer.picture.png)) as picture:
        return picture.size


async def test_a_summary_is_of_the_chains_that_the_chat_asked_for(wide, desk):
    await desk.write(busy, NOW - 3 * DAY, NOW, 3, "other")
    await wide.say("/alerts add blocks bitcoin")
    assert "Othercoin" not in await wide.say("/summary now")
    await wide.say("/alerts remove 1")
    await wide.say("/alerts add blocks other")
    told = await wide.send("/summary now")
    assert "Othercoin, last 24 h" in plain(await wide.press(told, "Volume"))
    await wide.say("/alerts remove 2")
    await wide.say("/alerts add blocks bitcoin")
    await wide.say("/summary daily 08:00")
    summaries = Summaries(desk.store, [CHAINS["bitcoin"], OTHER])
    await summaries.tell(NOW + DAY)
    ((_, body),) = await bodies(desk)
    assert "Bitcoin" in body
    assert "Othercoin" not in body


async def test_a_report_is_a_pdf_with_a_name_to_find_it_by(talk, desk):
    await desk.write(busy, NOW - 2 * DAY, NOW)
    answer = await talk.send("/report 7d")
    assert answer.document.content.startswith(b"%PDF-")
    assert answer.document.name == "spyhop-bitcoin-7d-2023-11-14.pdf"
    assert "Bitcoin, last 7 d" in plain(answer)
    assert [b.label for row in answer.buttons for b in row] == ["30d", "90d", "365d"]
