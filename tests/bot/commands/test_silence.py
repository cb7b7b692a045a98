"""Mutes by what they are about, quiet hours and pauses, as people ask for them."""

import pytest

from detectors.model import Alert, Severity
from storage.alerts import save_alerts
from storage.dispatch import claim
from storage.kept import waiting
from storage.model import Priority
from storage.mutes import mutes_of, paused, quiet_hours_of
from storage.outbox import enqueue_alert
from storage.quiet import QuietHours
from storage.ruling import Scope
from storage.transactions import save_transactions
from tests.bot.desk import ADDRESS, OTHER_ADDRESS, button, plain
from tests.make import NOW, asked, hash_of, transaction

HOUR = 3600


async def running(desk):
    return [(m.scope, m.subject) for m in await desk.read(mutes_of, 1, int(desk.clock()))]


async def raise_alert(desk, name=1, subject=ADDRESS, chat=1):
    """Puts an alert about a watched address into the outbox, and lets it leave if it may."""
    moved = transaction(500, name=name, sender=OTHER_ADDRESS, recipient=subject)

    def raise_it(db):
        save_transactions(db, "bitcoin", [moved], unconfirmed=True)
        alert = Alert("bitcoin", moved.hash, "watched", subject, NOW, 500, None, Severity.NOTABLE)
        ((id_, _),) = save_alerts(db, [alert])
        now = int(desk.clock())
        wanted = asked(chat)
        enqueue_alert(db, wanted, f"bitcoin:{name}", id_, Priority.PERSONAL, now)
        return [delivery.id for delivery in claim(db, {"terminal": 10}, desk.clock())]

    return moved.hash, await desk.write(raise_it)


async def test_an_alert_is_muted_by_what_one_chooses_of_it(desk, talk):
    await talk.say(f"/watch {ADDRESS} Cold wallet")
    hash_, _ = await raise_alert(desk)
    asked = await talk.send(f"/mute about {hash_}")
    assert plain(asked).startswith("Mute what?\nRule 1 (Cold wallet bc1qa…5mdq).")
    assert all(choice.replaces for row in asked.buttons for choice in row)
    assert max(len(row) for row in asked.buttons) == 2
    how_long = await talk.press(asked, "Cold wallet")
    assert plain(how_long).startswith("Mute for how long?\nAlerts about Cold wallet.")
    muted = await talk.press(how_long, "8 h")
    assert plain(muted).startswith(
        "🔕 Muted until 06:13.\nAlerts about Cold wallet: I keep them back"
    )
    assert await running(desk) == [(Scope.ADDRESS, ADDRESS)]
    undone = await talk.press(muted, "Undo")
    assert "🔔 Alerts about Cold wallet are on again." in plain(undone)
    assert await running(desk) == []


@pytest.mark.parametrize(
    ("label", "about"),
    [
        ("With 1A1zP", (Scope.COUNTERPARTY, OTHER_ADDRESS)),
        ("All BTC", (Scope.ASSET, "BTC")),
        ("Rule 1", (Scope.RULE, "1")),
        ("Everything", (Scope.EVERYTHING, "")),
    ],
)
async def test_each_part_of_an_alert_can_be_muted(desk, talk, label, about):
    await talk.say(f"/watch {ADDRESS}")
    hash_, _ = await raise_alert(desk)
    asked = await talk.send(f"/mute about {hash_}")
    await talk.press(await talk.press(asked, label), "24 h")
    assert await running(desk) == [about]


async def test_what_others_watch_is_not_offered(desk, talk):
    hash_, _ = await raise_alert(desk)
    answer = await talk.say(f"/mute about {hash_}")
    assert "Rule" not in answer
    assert "[All BTC][🔕 Everything]" in answer.replace("\n", "")


@pytest.mark.parametrize(
    "typed", [f"/mute 8h address {ADDRESS}", f"/mute address {ADDRESS} 8 hours"]
)
async def test_what_is_named_stands_before_or_after_the_duration(desk, talk, typed):
    await talk.say(typed)
    (mute,) = await desk.read(mutes_of, 1, NOW)
    assert (mute.subject, mute.until) == (ADDRESS, NOW + 8 * HOUR)


@pytest.mark.parametrize(
    "typed",
    [
        "/mute 8h address Cold",
        "/mute address cold 8 hours",
        '/mute address "Cold wallet" 8h',
        "/mute 8h address Cold wallet",
        "/mute address cold wallet 8 hours",
        "/mute 8h address “Cold wallet”",
        "/mute 8h address 1",
        "/mute 8h counterparty cold",
    ],
)
async def test_an_address_is_muted_as_the_chat_calls_it(desk, talk, typed):
    await talk.say(f"/watch {ADDRESS} Cold wallet")
    await talk.say(typed)
    (mute,) = await desk.read(mutes_of, 1, NOW)
    assert (mute.subject, mute.until) == (ADDRESS, NOW + 8 * HOUR)


async def test_which_address_is_muted_is_asked_where_two_are_called_so(desk, talk):
    for address in (ADDRESS, OTHER_ADDRESS):
        await talk.say(f"/watch {address} Cold")
    answer = await talk.send("/mute address cold")
    assert button(answer, "5mdq").command == f"/mute address {ADDRESS}"
    assert "Mute for how long?" in plain(await talk.press(answer, "5mdq"))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("/mute 8h rule 7", "There is no rule 7 here."),
        ("/mute 8h rule x", "“x” is no number."),
        ("/mute 8h asset XYZ", "is no chain I watch"),
        (f"/mute 8h asset BTC address {ADDRESS}", "one thing to mute at a time"),
        ("/mute 8h address", "Which address?"),
        ("/mute 8h address Cold", "Nothing here is called “Cold”."),
        ("/mute 8h address Cold wallet", "Nothing here is called “Cold wallet”."),
        ("/mute 8h address Cold asset BTC", "one thing to mute at a time"),
        ("/mute 8h address 9", "There is no number 9: 0 addresses on the list."),
        ("/mutes 7", "There is no mute 7 here."),
        ("/quiet 22:00", "Until when?"),
        ("/quiet 25:00 07:00", "is no time of day"),
        ("/quiet 22:00 22:00", "begin and end at the same time"),
        ("/quiet 22:00 07:00 someday", "are no weekdays"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_changed(desk, talk, typed, reason):
    assert reason in await talk.say(typed)
    assert await running(desk) == []
    assert await desk.read(quiet_hours_of, 1) is None


async def test_a_mute_of_the_same_takes_the_place_of_the_first(desk, talk):
    await talk.say("/mute 8h asset BTC")
    await talk.say("/mute 1h asset BTC")
    (mute,) = await desk.read(mutes_of, 1, NOW)
    assert mute.until == NOW + HOUR


async def test_undo_ends_its_own_mute_only_and_once(desk, talk):
    first = await talk.send("/mute 8h asset BTC")
    await talk.say(f"/mute 1h address {ADDRESS}")
    await talk.press(first, "Undo")
    assert await running(desk) == [(Scope.ADDRESS, ADDRESS)]
    assert "That mute is over already." in plain(await talk.press(first, "Undo"))
    assert await running(desk) == [(Scope.ADDRESS, ADDRESS)]


async def test_nobody_ends_the_mute_of_another_chat(desk, talk):
    muted = await talk.send("/mute 8h")
    group = talk.by(chat="elsewhere", kind="group")
    assert "There is no mute 1 here." in plain(await group.press(muted, "Undo"))
    assert await running(desk) == [(Scope.EVERYTHING, "")]


async def test_the_list_shows_each_mute_with_its_end_and_ends_it(desk, talk):
    await talk.say(f"/watch {ADDRESS} Cold wallet")
    await talk.say(f"/mute 8h address {ADDRESS}")
    await talk.say("/mute forever asset BTC")
    await raise_alert(desk)
    await talk.say("/quiet 22:00 07:00 mon-fri")
    listed = await talk.send("/mutes")
    assert plain(listed).splitlines()[:4] == [
        "🔕 2 mutes",
        "1 · Alerts about Cold wallet, until 06:13 · 1 kept back",
        "2 · Alerts about BTC, until you unmute",
        "🌙 Quiet hours: 22:00 to 07:00, Mon, Tue, Wed, Thu, Fri",
    ]
    ended = await talk.press(listed, "End 1")
    assert "Kept back meanwhile: 1 alert." in plain(ended)
    kept = plain(await talk.press(ended, "See the newest"))
    assert "Kept back: 1 alert" in kept
    assert "Cold wallet" in kept
    assert await running(desk) == [(Scope.ASSET, "BTC")]


async def test_without_a_number_unmuting_ends_the_mute_of_everything_first(desk, talk):
    await talk.say("/mute 8h asset BTC")
    await talk.say(f"/mute 8h address {ADDRESS}")
    await talk.say("/mute 1h")
    assert "[🔕 2 mutes left]" in await talk.say("/unmute")
    choices = await talk.send("/unmute")
    assert plain(choices).startswith("🔕 2 mutes")
    assert "2 mutes ended." in plain(await talk.press(choices, "End all"))
    assert await running(desk) == []


async def test_quiet_hours_are_set_shown_and_switched_off(desk, talk):
    assert "There are no quiet hours here." in await talk.say("/quiet")
    answer = await talk.send("/quiet 22:00 7 mon-fri")
    assert plain(answer).startswith("🌙 Quiet hours: 22:00 to 07:00, Mon, Tue, Wed, Thu, Fri.")
    assert "It is 22:13 in UTC: quiet until 07:00 on 15 Nov." in plain(answer)
    assert await desk.read(quiet_hours_of, 1) == QuietHours(22 * 60, 7 * 60, 0b11111)
    assert "There are no quiet hours here." in plain(await talk.press(answer, "Switch off"))


async def test_what_is_kept_is_due_again_when_the_zone_is_changed(desk, talk):
    await talk.say("/quiet 22:00 07:00")
    _, left = await raise_alert(desk)
    assert left == []
    assert await desk.read(waiting, 1) == 1
    await talk.say("/timezone Asia/Tokyo")
    _, left = await raise_alert(desk, name=2)
    assert len(left) == 1


async def test_a_pause_ends_in_a_message_and_reminds_before(desk, talk, clock):
    answer = await talk.send("/pause")
    assert plain(answer).startswith("⏸ Paused until you resume.")
    _, left = await raise_alert(desk)
    assert left == []
    assert "⏸ Paused until you resume" in await talk.say("/mutes")
    clock.now += 24 * HOUR
    _, left = await raise_alert(desk, name=2)
    assert len(left) == 1, "the reminder"
    resumed = plain(await talk.press(answer, "Resume"))
    assert "2 alerts were kept: you hear of them now." in resumed
    assert await desk.read(paused, 1, clock.now) is None
    assert "Nothing is paused here." in await talk.say("/resume")


async def test_a_pause_that_is_over_reminds_of_nothing(desk, talk, clock):
    await talk.say("/pause")
    await talk.say("/pause 30d")
    await talk.say("/resume")
    clock.now += 25 * HOUR
    assert await desk.write(claim, {"terminal": 10}, clock.now) == []


async def test_resuming_in_quiet_hours_says_when_one_hears(desk, talk):
    await talk.say("/quiet 22:00 07:00")
    await talk.say("/pause")
    await raise_alert(desk)
    assert "1 alert was kept: you hear of it at 07:00 on 15 Nov." in await talk.say("/resume")
    assert hash_of(1) not in await talk.say("/mutes")


async def test_a_member_of_a_group_changes_neither_its_quiet_hours_nor_its_pause(desk, talk):
    group = talk.by(platform="telegram", chat="-5", kind="group", person="9")
    for text in ("/quiet 22:00 07:00", "/pause", "/mute 8h asset BTC"):
        assert (await group.send(text)).refusal


async def test_a_button_asks_for_nothing_but_what_can_be_typed(talk):
    muted = await talk.send("/mute 8h asset BTC")
    assert button(muted, "Undo").command == "/unmute 1"


async def test_quiet_hours_are_also_read_with_a_dash_between_them(talk):
    assert "Quiet hours: 22:00 to 07:00." in await talk.say("/quiet 22:00-07:00")
    assert "Quiet hours: 23:30 to 06:00, Sat, Sun" in await talk.say("/quiet 23:30 – 6:00 sat,sun")


async def test_all_may_be_named_where_everything_is_muted(talk):
    assert "Mute for how long?" in await talk.say("/mute all")
    assert (await talk.say("/mute all 1h")).startswith("🔕 Muted until")
    assert "All alerts" in await talk.say("/mutes")
