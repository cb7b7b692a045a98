"""`/link` in chat: one person in the terminal and on Telegram."""

import pytest

from storage.dispatch import notice_of
from storage.model import Role
from storage.persons import set_role
from tests.bot.desk import ADDRESS, Talk, button, plain
from tests.make import NOW

TELEGRAM = {"platform": "telegram", "chat": "7", "person": "7", "name": "Ada L."}


@pytest.fixture
async def guest(desk, talk):
    await talk.say("/start")
    await desk.write(set_role, "telegram", "7", Role.GUEST, NOW)
    there = talk.by(**TELEGRAM)
    await there.say("/start")
    return there


async def code_of(talk):
    return (await talk.say("/link")).split("/link ")[1].split()[0]


def notices(desk):
    def read(db):
        rows = db.conn.execute("SELECT id FROM messages WHERE body IS NOT NULL").fetchall()
        return [notice_of(db, id_) for (id_,) in rows]

    return desk.read(read)


async def test_a_code_from_the_terminal_makes_one_person(desk, talk, guest):
    code = await code_of(talk)
    answer = await guest.say(f"/link {code}")
    assert answer.startswith("🔗 Linked: you are one person now.")
    assert "You are Ada L. on Telegram and Ada on the terminal." in answer
    assert "An invitation" in await guest.say("/invite")
    (told,) = await notices(desk)
    assert plain(told).startswith("🔗 Ada L. on Telegram is you now.")
    assert button(told, "That is not me").command == "/link unlink telegram"


async def test_a_code_from_outside_is_asked_about_at_the_terminal(talk, guest):
    code = await code_of(guest)
    asked = await talk.send(f"/link {code}")
    assert plain(asked).startswith("Is Ada L. on Telegram you?")
    assert "Only the owner" in await guest.say("/invite")
    assert "Linked" in plain(await talk.press(asked, "Yes"))
    assert "An invitation" in await guest.say("/invite")


async def test_a_question_that_is_not_the_last_one_confirms_nothing(desk, talk, guest):
    bob = talk.by(**{**TELEGRAM, "platform": "discord", "person": "8", "chat": "8", "name": "Bob"})
    await desk.write(set_role, "discord", "8", Role.GUEST, NOW)
    first = await talk.send(f"/link {await code_of(guest)}")
    last = await talk.send(f"/link {await code_of(bob)}")
    assert "used or too old" in plain(await talk.press(first, "Yes"))
    assert (await talk.send("/link yes")).refusal
    assert "Only the owner" in await guest.say("/invite")
    assert "Only the owner" in await bob.say("/invite")
    assert "Linked" in plain(await talk.press(last, "Yes"))
    assert "An invitation" in await bob.say("/invite")
    assert "Only the owner" in await guest.say("/invite")


async def test_a_stranger_comes_in_by_a_code(talk):
    await talk.say("/start")
    eve = talk.by(**{**TELEGRAM, "person": "9", "chat": "9"})
    assert "private" in await eve.say("/link")
    assert "Linked" in await eve.say(f"/link {await code_of(talk)}")
    assert "An invitation" in await eve.say("/invite")


async def test_codes_that_do_not_work_say_why(talk, guest, clock):
    code = await code_of(talk)
    assert "your own code" in await talk.say(f"/link {code}")
    assert "mistyped" in await guest.say("/link ABCD-EFGH")
    clock.now += 600
    assert "too old" in await guest.say(f"/link {code}")
    for _ in range(5):
        await guest.say("/link ABCD-EFGH")
    assert "too many wrong codes" in await guest.say(f"/link {await code_of(talk)}")


async def test_a_code_is_not_shown_where_others_read_it(talk):
    group = talk.by(kind="group", chat="-5")
    answer = await group.say("/link")
    assert answer == "Ask me in private: whoever reads the code here could use it."


async def test_who_somebody_is_elsewhere_is_not_said_where_others_read_it(talk, guest):
    in_group = talk.by(**{**TELEGRAM, "chat": "-5", "kind": "group"})
    assert await in_group.say(f"/link {await code_of(talk)}") == (
        "🔗 Linked: you are one person now."
    )
    assert await in_group.say("/link prefer telegram") == "🔗 Telegram comes first now."


async def test_preferred_and_unlinked_by_buttons(talk, guest):
    await guest.say(f"/link {await code_of(talk)}")
    shown = await talk.send("/link")
    assert "comes once, on the terminal; elsewhere only if that fails" in plain(shown)
    preferred = await talk.press(shown, "Prefer Telegram")
    assert "Telegram comes first now." in plain(preferred)
    assert "comes once, on Telegram" in plain(preferred)
    apart = await talk.press(preferred, "Unlink Telegram")
    assert plain(apart) == "No longer linked with Telegram."
    assert "Only the owner" in await guest.say("/invite")
    assert not (await guest.send(f"/watch {ADDRESS}")).refusal


@pytest.mark.parametrize("text", ["/link prefer discord", "/link unlink", "/link unlink terminal"])
async def test_what_cannot_be_preferred_or_unlinked_is_said(talk, text):
    assert (await talk.send(text)).refusal


async def test_zone_and_mute_are_shared_and_watches_are_not(talk, guest):
    await guest.say(f"/link {await code_of(talk)}")
    await guest.say("/timezone Asia/Kolkata")
    assert "Asia/Kolkata" in await talk.say("/timezone")
    assert "in all your private chats" in await talk.say("/mute 8h")
    assert "Muted until 11:43." in await guest.say("/mute")
    await talk.say(f"/watch {ADDRESS}")
    assert "No address is watched" in await guest.say("/watchlist")


async def test_a_platform_alone_in_a_form_is_asked_about(desk):
    form = Talk(desk, command="link", options={"platform": "telegram"})
    assert "Prefer “telegram”, or unlink it?" in plain(await form.send(""))
