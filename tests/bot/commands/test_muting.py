import pytest

from storage.alerts import save_alerts
from storage.chats import Defaults, save_chat
from storage.dispatch import claim
from storage.model import Priority
from storage.mutes import muted_until
from storage.outbox import enqueue_alert
from tests.bot.desk import button, plain
from tests.make import NOW, asked, hash_of

HOUR = 3600


async def until(desk):
    return await desk.read(muted_until, 1, int(desk.clock()))


async def test_a_mute_says_until_when_and_can_be_undone(desk, talk):
    answer = await talk.send("/mute 8h")
    assert plain(answer).startswith("🔕 Muted until 06:13.")
    assert await until(desk) == NOW + 8 * HOUR
    assert button(answer, "Undo").replaces
    assert "Alerts are on again." in plain(await talk.press(answer, "Undo"))
    assert await until(desk) is None


async def test_the_time_is_in_the_zone_of_the_chat(desk, talk):
    zone = Defaults("en", "Asia/Kolkata", "USD")
    await desk.write(save_chat, "terminal", "local", "", "private", "", zone, NOW)
    assert "Muted until 11:43." in await talk.say("/mute 8h")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2d", "Muted until 22:13 on 16 Nov."),
        ("forever", "Muted until you unmute."),
        ("for ever", "Muted until you unmute."),
    ],
)
async def test_a_long_mute_names_the_day(talk, typed, shown):
    assert shown in await talk.say(f"/mute {typed}")


async def test_without_a_duration_it_offers_some(desk, talk):
    answer = await talk.send("/mute")
    assert plain(answer) == "Mute for how long?\n[1 h][8 h][24 h][For ever]"
    assert await until(desk) is None
    await talk.press(answer, "24 h")
    assert await until(desk) == NOW + 24 * HOUR
    assert "[Unmute]" in await talk.say("/mute")


async def test_a_shorter_mute_replaces_a_longer_one(desk, talk):
    await talk.say("/mute forever")
    await talk.say("/mute 1h")
    assert await until(desk) == NOW + HOUR


async def test_unmuting_says_how_many_alerts_were_kept_back(desk, talk, clock, an_alert):
    await talk.say("/mute 1h")
    clock.now += 60
    await desk.write(an_alert)
    assert await desk.write(claim, {"terminal": 10}, clock.now) == []
    assert "Kept back meanwhile: 1 alert." in await talk.say("/unmute")
    clock.now += 1
    await talk.say("/mute 1h")
    assert "Kept back meanwhile: nothing." in await talk.say("/unmute")


async def test_unmuting_what_is_not_muted_says_so(talk):
    assert "Nothing is muted here." in await talk.say("/unmute")


@pytest.fixture
def an_alert():
    """Puts an alert for the first chat into the outbox."""
    from detectors.model import Alert, Severity

    def enqueue(db):
        alert = Alert("bitcoin", hash_of(1), "whales", "BTC", NOW, 1, None, Severity.NOTABLE)
        ((id_, _),) = save_alerts(db, [alert])
        enqueue_alert(db, asked(1), "key", id_, Priority.BROADCAST, NOW)

    return enqueue


async def test_a_mute_that_ends_next_year_says_in_which(talk):
    assert "Muted until 13 Nov 2024." in await talk.say("/mute 1y")
    assert "All alerts, until 13 Nov 2024" in await talk.say("/mutes")
