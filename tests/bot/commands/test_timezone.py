"""`/timezone`: by name or by city, a person's or a group's."""

import threading
from zoneinfo import available_timezones

import pytest

from bot.commands import timezone
from bot.commands.timezone import find_zones
from storage._sqlite import OperationalError
from tests.bot.desk import plain


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Africa/Lagos", "Africa/Lagos"),
        ("africa/lagos", "Africa/Lagos"),
        ("Lagos", "Africa/Lagos"),
        ("new york", "America/New_York"),
        ("“Port-au-Prince”", "America/Port-au-Prince"),
        ("utc", "UTC"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Moskau", "Europe/Moscow"),
        ("Londres", "Europe/London"),
        ("Mumbai", "Asia/Kolkata"),
        ("München", "Europe/Berlin"),
        ("Portland", "America/Los_Angeles"),
        ("Berlin, Germany", "Europe/Berlin"),
        ("Österreich", "Europe/Vienna"),
    ],
)
async def test_a_zone_is_known_by_its_name_and_by_its_city(talk, typed, zone):
    answer = await talk.say(f"/timezone {typed}")
    assert answer.startswith(f"🕰 Times are now shown as in {zone}.")
    assert f"shown as in {zone}." in await talk.say("/timezone")


@pytest.mark.parametrize(
    ("module", "command", "asked"),
    [
        ("timezone", "/timezone Lagos", "/timezone"),
        ("digest", "/alerts digest hourly", "/alerts digest"),
        ("summary", "/summary daily 09:00", "/summary"),
    ],
)
async def test_a_time_is_kept_with_what_moves_with_it_or_not_at_all(
    talk, monkeypatch, module, command, asked
):
    for text in ("/alerts digest summary", "/summary daily 08:00"):
        await talk.say(text)
    before = await talk.say(asked)

    def fails(*_):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(f"bot.commands.{module}.reconsider", fails)
    assert "Nothing was changed" in await talk.say(command)
    assert await talk.say(asked) == before


@pytest.mark.parametrize(("zone", "other"), [("Lagos", "Tokyo"), ("Tokyo", "Lagos")])
async def test_the_zone_that_is_offered_as_another_one_is_another_one(talk, zone, other):
    assert (await talk.say(f"/timezone {zone}")).endswith(f"Another one: /timezone {other}")


@pytest.mark.parametrize("typed", ["/timezone Lagos", "/summary daily 8:00 Lagos"])
async def test_answers_to_others_do_not_wait_while_the_zones_are_read(talk, monkeypatch, typed):
    threads = []

    def read():
        threads.append(threading.current_thread())
        return available_timezones()

    monkeypatch.setattr(timezone, "available_timezones", read)
    timezone._zones.cache_clear()
    timezone._others.cache_clear()
    assert "Lagos" in await talk.say(typed)
    assert threads
    assert threading.main_thread() not in threads


async def test_a_zone_that_does_not_exist_leads_to_the_one_that_was_meant(talk):
    answer = await talk.send("/timezone Europe/Lagos")
    assert answer.refusal
    assert plain(answer) == "There is no zone “Europe/Lagos”. Did you mean:\n[Africa/Lagos]"
    assert "now shown as in Africa/Lagos" in plain(await talk.press(answer, "Africa/Lagos"))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Lisbonn", "Europe/Lisbon"),
        ("Buenos", "America/Buenos_Aires"),
        ("CEST", "Europe/Berlin"),
        ("EST", "America/New_York"),
        ("Deutschland", "Europe/Berlin"),
    ],
)
def test_what_is_mistyped_or_begun_is_found(typed, found):
    assert found in {place.zone for place in find_zones(typed)}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("Altanta", "Atlanta (America/New_York)"),
        ("Frankfrut", "Frankfurt (Europe/Berlin)"),
        ("Osterreihc", "Österreich (Europe/Vienna)"),
        ("Beunos Aires", "America/Buenos_Aires"),
        ("Lisbonn", "Europe/Lisbon"),
    ],
)
def test_a_place_that_is_offered_is_named_as_it_was_understood(typed, offered):
    assert offered in [place.label for place in find_zones(typed)]


@pytest.mark.parametrize("typed", ["Atlantis", "Funday", "Porland Bay"])
def test_what_only_shares_letters_with_a_place_is_not_offered(typed):
    assert find_zones(typed) == []


async def test_what_is_like_nothing_is_said_with_an_example(talk):
    answer = await talk.say("/timezone xyzzyqq")
    assert answer.startswith("I know no zone or city “xyzzyqq”.")
    assert "/timezone Lagos" in answer


async def test_a_group_has_a_zone_of_its_own(talk):
    await talk.say("/timezone Asia/Kolkata")
    here = talk.by(kind="group", chat="-7")
    assert "That holds for this group." in await here.say("/timezone Lagos")
    assert "Africa/Lagos" in await here.say("/timezone")
    assert "Asia/Kolkata" in await talk.say("/timezone")


@pytest.mark.parametrize("typed", ["UTC+2", "+05:30", "gmt -3"])
async def test_an_offset_is_no_place(talk, typed):
    answer = await talk.say(f"/timezone {typed}")
    assert answer.startswith(f"“{typed}” knows no summer time, so I ask for a place.")
