"""What is kept of who changed what."""

import pytest

from storage.audit import audit_page
from storage.model import Role
from storage.persons import set_role
from storage.retention import AUDIT_KEPT_SECONDS, delete_old
from tests.bot.desk import ADDRESS, INVITED, PRIVATE_KEY, Talk
from tests.make import NOW

GROUP = {"platform": "telegram", "chat": "-5", "kind": "group", "chat_title": "Traders"}


@pytest.fixture
async def ada(desk):
    await desk.write(set_role, "telegram", "1", Role.GUEST, NOW)
    return Talk(desk, INVITED, **GROUP, person="1", name="Ada", admin=True)


async def acts(desk):
    entries, _ = await desk.read(audit_page, None, 1)
    return [(entry.name, entry.command, entry.via) for entry in reversed(entries)]


async def test_what_changes_is_kept_with_who_and_how(desk, ada):
    watching = await ada.send(f"/watch {ADDRESS}")
    await ada.press(watching, "Unwatch")
    await ada.by(command="threshold", options={"whales": "whales", "amount": "500 BTC"}).send("")
    assert await acts(desk) == [
        ("Ada", f"/watch {ADDRESS}", "typed"),
        ("Ada", f"/unwatch {ADDRESS}", "button"),
        ("Ada", "/threshold whales 500 BTC", "form"),
    ]


async def test_what_only_asks_or_is_refused_is_not_kept(desk, ada):
    await ada.say("/start")
    eve = ada.by(person="2", name="Eve", admin=False)
    for text in ("/watchlist", "/mute", "/stats", f"/unwatch {ADDRESS}", "/watch nothing"):
        await ada.say(text)
    await eve.say("/mute 8h")
    assert await acts(desk) == []


async def test_who_is_named_what_they_are_already_is_not_kept_again(desk, ada):
    await ada.by(person="2", name="Bob", admin=False).send("/help")
    for _ in range(2):
        assert "Bob is guest here" in await ada.say("/members guest Bob")
    owner = Talk(desk)
    for _ in range(2):
        assert "Ada is admin of this bot" in await owner.say("/members admin 1")
    assert [command for _, command, _ in await acts(desk)] == [
        "/members guest Bob", "/members admin 1",
    ]  # fmt: skip


async def test_no_secret_is_kept(desk, ada):
    owner = Talk(desk)
    code = (await owner.say("/invite")).split("/start ")[1].split()[0]
    await Talk(desk, INVITED, platform="telegram", chat="8", person="8").say(f"/start {code}")
    await ada.say(f"/watch {PRIVATE_KEY}")
    kept = await acts(desk)
    assert [command for _, command, _ in kept] == ["/invite", "/start (a code)"]


async def test_a_change_that_fails_leaves_no_trace(desk, ada, monkeypatch):
    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr("bot.desk.save_act", fail)
    assert "Something went wrong" in await ada.say(f"/watch {ADDRESS}")
    monkeypatch.undo()
    assert "No address is watched" in await ada.say("/watchlist")
    assert await acts(desk) == []


async def test_a_chat_shows_its_own_and_an_owner_all(desk, ada, clock):
    await ada.say("/mute 8h")
    clock.now += 60
    owner = Talk(desk)
    await owner.say("/mute 1h")
    here = await ada.by(thread="12").say("/audit")
    assert "What was changed here" in here
    assert "Ada · /mute 8h" in here
    assert "/mute 1h" not in here
    everywhere = await owner.say("/audit")
    assert everywhere.index("/mute 1h · in private") < everywhere.index("/mute 8h · in Traders")


async def test_a_guest_sees_only_their_own_in_private(desk, ada):
    await ada.say("/mute 8h")
    assert "Nothing was changed" in await ada.by(chat="1", kind="private").say("/audit")


async def test_the_list_has_pages(ada, clock):
    for number in range(12):
        clock.now += 60
        await ada.say(f"/mute {number + 1}h")
    first = await ada.send("/audit")
    second = await ada.press(first, "Earlier")
    assert "(page 2 of 2)" in "".join(run.text for run in second.title)
    assert len(second.lines) == 2


async def test_what_linking_changes_is_kept_under_whoever_is_left(desk, talk):
    code = (await talk.say("/link")).split("/link ")[1].split()[0]
    eve = Talk(desk, INVITED, platform="telegram", chat="3", person="3", name="Eve")
    await eve.say(f"/link {code}")
    assert ("Eve", "/link (a code)", "typed") in await acts(desk)


async def test_it_is_kept_for_a_year(desk, ada):
    await ada.say("/mute 8h")
    await desk.write(delete_old, NOW + AUDIT_KEPT_SECONDS, 86400)
    assert len(await acts(desk)) == 1
    await desk.write(delete_old, NOW + AUDIT_KEPT_SECONDS + 1, 86400)
    assert await acts(desk) == []
