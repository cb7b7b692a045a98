"""Who is what, how that is changed, and what becomes of somebody who is removed."""

import pytest

from bot.desk import Desk
from storage.model import Role
from storage.persons import set_role
from tests.bot.desk import ADDRESS, INVITED, Talk, button, plain
from tests.make import NOW

GROUP = {"platform": "telegram", "chat": "-5", "kind": "group", "chat_title": "Traders"}
PRIVATE = {"platform": "telegram", "kind": "private"}


@pytest.fixture
async def ada(desk):
    """A guest of the bot, admin of a group in which Bob is a member."""
    await desk.write(set_role, "telegram", "1", Role.GUEST, NOW)
    ada = Talk(desk, INVITED, **GROUP, person="1", name="Ada", admin=True)
    await ada.send("/start")
    return ada


@pytest.fixture
async def bob(ada):
    bob = ada.by(person="2", name="Bob", admin=False)
    await bob.send("/help")
    return bob


@pytest.fixture
async def owner(desk: Desk):
    await desk.write(set_role, "telegram", "9", Role.OWNER, NOW)
    owner = Talk(desk, INVITED, **PRIVATE, chat="9", person="9", name="Olga")
    await owner.send("/start")
    return owner


def invited(desk, number, name):
    return Talk(desk, INVITED, **PRIVATE, chat=number, person=number, name=name)


async def test_the_list_says_who_is_what(ada, bob):
    listed = await bob.say("/members")
    assert listed.startswith("👥 2 persons met here\n🛠 Ada · admin")
    assert "👤 Bob · member" in listed
    assert "[Ada][Bob]" in listed


async def test_an_admin_names_another_by_buttons(ada, bob):
    assert (await bob.send("/mute 8h")).refusal
    shown = await ada.press(await ada.send("/members"), "Bob")
    made = await ada.press(shown, "Make admin")
    assert plain(made).startswith("✅ Bob is admin here.")
    assert not (await bob.send("/mute 8h")).refusal
    assert not (await bob.by(thread="12").send("/unmute")).refusal
    assert "Make admin" in plain(await ada.send("/members member Bob"))
    assert (await bob.send("/mute 8h")).refusal


async def test_a_long_list_has_pages_that_members_may_turn(ada, bob):
    for number in range(20):
        await bob.by(person=str(100 + number), name=f"Cy {number}").send("/help")
    first = await bob.send("/members")
    assert plain(first).startswith("👥 22 persons met here (page 1 of 2)\n🛠 Ada · admin")
    second = plain(await bob.press(first, "Later"))
    assert "Cy 9 · member" in second
    assert "Cy 9 " not in plain(first)
    assert "Ada" not in second
    assert "is no number" in await bob.say("/members page two")
    assert "(page 2 of 2)" in await bob.say("/members page 9")


@pytest.mark.parametrize("who", ["Ada", "1", "#1"])
async def test_somebody_is_shown_by_name_or_number_alone(ada, bob, who):
    number = who.replace("1", (await ada.say("/members")).partition("Ada · admin · ")[2][:1])
    assert "Ada\nAdmin: changes what is told here." in await bob.say(f"/members {number}")
    assert "I have met no “Nobody”" in await bob.say("/members Nobody")


async def test_nobody_is_made_anything_by_the_beginning_of_a_name(ada, bob):
    asked = await ada.say("/members admin Bo")
    assert "Nobody here is called just that. You may mean, by number:" in asked
    assert "(Bob)" in asked
    assert (await bob.send("/mute 8h")).refusal
    assert "With which code?" in await ada.say("/members join")


@pytest.mark.parametrize("word", ["admin", "adm", '"admin"', "“admin”", "ADMIN", "guest", "remo"])
async def test_no_spelling_of_a_role_is_taken_for_a_name(ada, bob, word):
    assert "Only an admin" in await bob.say(f"/members {word} Ada")


async def test_a_role_holds_in_one_group_alone(ada, bob):
    await ada.say("/members admin Bob")
    await ada.by(chat="-6").say("/start")
    assert (await bob.by(chat="-6").send("/mute 8h")).refusal


async def test_nobody_without_the_right_presses(ada, bob):
    shown = await bob.press(await bob.send("/members"), "Ada")
    assert "Only an admin" in plain(await bob.press(shown, "Remove"))
    own = await ada.press(await ada.send("/members"), "Bob")
    assert "Only an admin" in plain(await bob.press(own, "Make admin"))


async def test_whoever_is_removed_gets_no_answer_in_the_group(ada, bob):
    await ada.say("/members remove Bob")
    assert plain(await bob.send("/watchlist")).startswith("You cannot ask me here any more")
    assert "🚪 Bob · removed" in await ada.say("/members")
    await ada.say("/members guest Bob")
    assert not (await bob.send("/watchlist")).refusal
    assert (await bob.send("/ack")).refusal


async def test_an_admin_of_the_platform_stays_one(ada, bob):
    await bob.by(admin=True).send("/help")
    assert "admin of this group itself" in await ada.say("/members remove Bob")
    assert "That is you" in await ada.say("/members remove Ada")


async def test_an_owner_cannot_be_removed_from_a_group(ada, owner):
    await owner.by(**GROUP, admin=False).send("/help")
    assert "owner of the whole bot" in await ada.say("/members remove Olga")


async def test_an_invitation_to_a_role_holds_when_an_admin_confirms_it(ada, bob):
    asked = await ada.press(await ada.send("/invite"), "An admin")
    assert (await bob.send("/invite admin")).refusal
    wanted = await bob.press(asked, "It is me")
    assert plain(wanted).startswith("✋ Bob asks to be admin here.")
    assert (await bob.send("/mute 8h")).refusal
    assert (await bob.press(wanted, "Yes, admin")).refusal
    assert "does not work" in plain(await bob.press(asked, "It is me"))
    assert "Bob is admin here" in plain(await ada.press(wanted, "Yes, admin"))
    assert not (await bob.send("/mute 8h")).refusal


async def test_an_invitation_to_a_role_is_good_in_its_group_alone(desk, ada, bob):
    code = (await ada.say("/invite member")).split("/members join ")[1].split(".")[0]
    await bob.by(chat="-6", admin=True).say("/start")
    elsewhere = ada.by(chat="-6")
    assert "does not work" in await elsewhere.say(f"/members join {code}")
    assert "does not work" in await invited(desk, "2", "Bob").say(f"/start {code}")
    assert "asks to be member" in await bob.by(thread="12").say(f"/members join {code}")


@pytest.mark.parametrize("role", ["admin", "owner"])
async def test_an_owner_lets_in_another_of_any_role(desk, owner, role):
    code = (await owner.say(f"/invite {role}")).split("/start ")[1].split()[0]
    eve = invited(desk, "3", "Eve")
    await eve.say(f"/start {code}")
    assert f"Eve · {role}" in await owner.say("/members")
    assert (await eve.send("/invite owner")).refusal is (role == "admin")


async def test_who_is_removed_is_told_nothing_from_then_on_and_can_return(desk, owner):
    await desk.write(set_role, "telegram", "3", Role.GUEST, NOW)
    eve = invited(desk, "3", "Eve")
    await eve.say(f"/watch {ADDRESS}")
    removed = await owner.press(await owner.send("/members show Eve"), "Remove")
    assert "Eve has no access any more" in plain(removed)
    assert not desk.interests.addresses("bitcoin")
    assert "With a new invitation" in await eve.say("/alerts here")
    assert "With a new invitation" in await eve.say("/link K7QM-3XFD")
    code = (await owner.say("/invite")).split("/start ")[1].split()[0]
    back = await eve.send(f"/start {code}")
    assert not desk.interests.addresses("bitcoin")
    await eve.press(back, "Tell this chat")
    assert desk.interests.addresses("bitcoin") == {ADDRESS}


async def test_who_is_removed_stays_outside_where_all_may_come(desk, owner):
    eve = Talk(desk, "open", **PRIVATE, chat="3", person="3", name="Eve")
    await eve.say(f"/watch {ADDRESS}")
    assert "Eve · stranger" in await owner.say("/members")
    await owner.say("/members remove Eve")
    assert "Your access to this bot has ended" in await eve.say("/watchlist")


async def test_who_is_removed_is_told_so_and_their_codes_are_worthless(desk, owner):
    await desk.write(set_role, "telegram", "3", Role.ADMIN, NOW)
    eve = invited(desk, "3", "Eve")
    code = (await eve.say("/invite")).split("/start ")[1].split()[0]
    await owner.say("/members remove Eve")
    assert "does not work" in await invited(desk, "4", "Fay").say(f"/start {code}")
    (notice,) = await desk.read(_notices)
    assert "Your access to this bot has ended" in notice


def _notices(db):
    rows = db.conn.execute(
        "SELECT m.body FROM deliveries d JOIN messages m ON m.id = d.message_id"
        " WHERE d.state = 'due'"
    )
    return [body for (body,) in rows]


async def test_a_code_is_kept_neither_by_its_button_nor_by_the_audit(desk, ada, bob):
    asked = await ada.send("/invite admin")
    code = plain(asked).split("/members join ")[1].split(".")[0]
    await bob.say(f"/members join {code}")
    written = await desk.read(_all_that_is_written)
    assert "/members join (a code)" in written
    assert not [text for text in written if code in text]


def _all_that_is_written(db):
    rows = db.conn.execute("SELECT command FROM buttons UNION ALL SELECT command FROM audit")
    return [command for (command,) in rows]


async def test_what_stands_for_a_code_is_good_in_its_group_alone(ada, bob):
    asked = await ada.send("/invite admin")
    stands = button(asked, "It is me").command
    elsewhere = bob.by(chat="-6")
    await ada.by(chat="-6").say("/start")
    assert "does not work" in await elsewhere.say(stands)
    assert "asks to be admin" in plain(await bob.press(asked, "It is me"))


async def test_who_speaks_as_another_chat_joins_nothing(ada, bob):
    asked = await ada.send("/invite member")
    channel = bob.by(person="-77", name="News", foreign=True)
    assert (await channel.press(asked, "It is me")).refusal
    anonymous = bob.by(person="-5", name="Traders")
    assert (await anonymous.press(asked, "It is me")).refusal
    await ada.say("/members remove Bob")
    assert (await bob.press(asked, "It is me")).refusal
    await ada.say("/members guest Bob")
    assert "asks to be member" in plain(await bob.press(asked, "It is me"))


async def test_lists_are_for_who_asks_and_changes_for_all(ada, bob):
    assert (await bob.send("/members")).personal
    assert (await bob.send("/members show Ada")).personal
    assert not (await ada.send("/members admin Bob")).personal
    for text in ("/alerts", "/alerts 1", "/alerts add", "/alerts add fees", "/alerts budget"):
        if text == "/alerts 1":
            assert not (await ada.send("/alerts add blocks")).personal
        assert (await ada.send(text)).personal, text
    for text in ("/alerts budget 30", "/alerts 1 ring silent", "/alerts remove 1", "/alerts off"):
        assert not (await ada.send(text)).personal, text


async def test_nobody_is_called_a_stranger_to_their_face(desk):
    eve = Talk(desk, "open", platform="telegram", chat="8", person="8", name="Eve")
    assert await eve.say("/members") == (
        "👥 You are alone here: this chat is yours.\nIn a group I tell who is what there."
    )


async def test_what_only_a_teacher_may_is_offered_to_no_other(desk, talk):
    eve = Talk(desk, "open", platform="telegram", chat="8", person="8", name="Eve")
    assert "[Train]" not in await eve.say("/models")
    assert "[Train]" in await talk.say("/models")
