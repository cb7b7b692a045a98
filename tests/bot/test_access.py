from dataclasses import replace

import pytest

from bot.access import claim_code, is_change
from bot.commands.parse import parse_typed
from bot.commands.registry import COMMANDS
from storage.codes import new_code
from storage.model import Role
from storage.persons import set_role
from tests.bot.desk import ADDRESS, INVITED, Talk, plain
from tests.make import NOW

GROUP = {
    "platform": "telegram", "chat": "-5", "kind": "group", "chat_title": "Traders", "admin": False,
}  # fmt: skip
ADMIN = {**GROUP, "admin": True}
PRIVATE = {"platform": "telegram", "chat": "7", "kind": "private"}
CHANGES = f"/watch {ADDRESS}"
ASKS = "/watchlist"


async def person(desk, role, where, access=None, number="7"):
    """Somebody of a role, talking somewhere."""
    if role is not Role.STRANGER:
        await desk.write(set_role, "telegram", number, role, NOW)
    who = {**where, "person": number, "name": f"Person {number}"}
    return Talk(desk, access or INVITED, **who)


@pytest.mark.parametrize(
    ("role", "where", "mode", "text", "allowed"),
    [
        (Role.OWNER, PRIVATE, "invited", CHANGES, True),
        (Role.OWNER, PRIVATE, "invited", "/invite", True),
        (Role.OWNER, GROUP, "invited", "/invite admin", True),
        (Role.GUEST, GROUP, "invited", "/invite admin", False),
        (Role.GUEST, GROUP, "invited", "/invite", False),
        (Role.GUEST, ADMIN, "invited", "/invite", True),
        (Role.GUEST, PRIVATE, "invited", CHANGES, True),
        (Role.GUEST, PRIVATE, "invited", "/invite", False),
        (Role.OWNER, GROUP, "invited", CHANGES, True),
        (Role.GUEST, GROUP, "invited", CHANGES, False),
        (Role.GUEST, GROUP, "invited", ASKS, True),
        (Role.GUEST, ADMIN, "invited", CHANGES, True),
        (Role.STRANGER, PRIVATE, "invited", ASKS, False),
        (Role.STRANGER, PRIVATE, "invited", ADDRESS, False),
        (Role.STRANGER, PRIVATE, "invited", "/nonsense", False),
        (Role.STRANGER, GROUP, "invited", ASKS, False),
        (Role.STRANGER, ADMIN, "invited", CHANGES, False),
        (Role.STRANGER, PRIVATE, "open", CHANGES, True),
        (Role.STRANGER, PRIVATE, "open", "/invite", False),
        (Role.STRANGER, GROUP, "open", CHANGES, False),
        (Role.STRANGER, GROUP, "open", ASKS, True),
        (Role.STRANGER, GROUP, "open", "/mute", True),
        (Role.STRANGER, ADMIN, "open", CHANGES, True),
    ],
)
async def test_who_may_do_what_where(desk, role, where, mode, text, allowed):
    talk = await person(desk, role, where, mode)
    answer = await talk.send(text)
    assert answer.refusal is not allowed


async def test_a_group_that_an_invited_person_used_may_ask_but_not_change(desk):
    eve = await person(desk, Role.STRANGER, GROUP, number="8")
    assert (await eve.send(ASKS)).refusal
    guest = await person(desk, Role.GUEST, GROUP, number="7")
    assert not (await guest.send(ASKS)).refusal
    assert not (await eve.send(ASKS)).refusal
    assert not (await eve.by(thread="12").send(ASKS)).refusal
    refusal = await eve.send(CHANGES)
    assert refusal.refusal
    assert plain(refusal).startswith("Only an admin of this group changes what it is told.")
    assert not desk.interests.addresses("bitcoin")


async def test_the_admins_of_an_admitted_group_change_what_it_is_told(desk):
    eve = await person(desk, Role.STRANGER, ADMIN, number="8")
    assert (await eve.send(CHANGES)).refusal
    guest = await person(desk, Role.GUEST, GROUP, number="7")
    await guest.send(ASKS)
    assert not (await eve.send(CHANGES)).refusal
    assert desk.interests.addresses("bitcoin")


@pytest.mark.parametrize("command", ["start", "link"])
async def test_who_speaks_as_the_group_or_a_channel_gives_no_code(desk, talk, command):
    """Else everybody who may speak so would be that person."""
    shown = await talk.say({"start": "/invite", "link": "/link"}[command])
    code = shown.split(f"/{command} ")[1].split()[0]
    hidden = Talk(desk, INVITED, **{**ADMIN, "person": "-5", "name": "anonymous admin"})
    assert "I cannot see who you are here" in await hidden.say(f"/{command} {code}")
    channel = {**GROUP, "person": "-1009", "name": "Their channel", "foreign": True}
    assert "I cannot see who you are here" in await hidden.by(**channel).say(f"/{command} {code}")
    eve = await person(desk, Role.STRANGER, PRIVATE, number="8")
    assert not (await eve.send(f"/{command} {code}")).refusal


async def test_a_server_is_admitted_with_all_its_channels(desk):
    guest = await person(desk, Role.GUEST, {**GROUP, "server": "guild"}, number="7")
    await guest.send(ASKS)
    eve = await person(desk, Role.STRANGER, {**GROUP, "chat": "-6", "server": "guild"}, number="8")
    assert not (await eve.send(ASKS)).refusal
    assert (await eve.by(chat="-7", server="elsewhere").send(ASKS)).refusal


async def test_a_refusal_names_who_may(desk):
    owner = await person(desk, Role.OWNER, PRIVATE, number="1")
    await owner.say("/start")
    bob = await person(desk, Role.GUEST, GROUP)
    refusal = await bob.say(CHANGES)
    assert refusal.startswith("Only an admin of this group changes what it is told, or Person 1")


async def test_the_platform_is_asked_only_where_its_answer_decides(desk):
    asked = []

    async def is_admin(platform, chat, who):
        asked.append((platform, chat, who))
        return {"8": True, "9": False}.get(who)

    asking = replace(desk, is_admin=is_admin)
    silent = {**GROUP, "admin": None}
    for where in (PRIVATE, GROUP, ADMIN):
        await (await person(asking, Role.GUEST, where, number="8")).send(CHANGES)
    owner = await person(asking, Role.OWNER, silent, number="1")
    await owner.send(CHANGES)
    eight, nine, ten = [
        await person(asking, Role.GUEST, silent, number=n) for n in ("8", "9", "10")
    ]
    for text in (ASKS, "/mute", "/alerts", "/nonsense"):
        await eight.send(text)
    assert asked == []
    assert not (await eight.send(CHANGES)).refusal
    assert (await nine.send("/unmute")).refusal
    assert "could not see whether you are an admin" in await ten.say("/mute 8h")
    assert asked == [("telegram", "-5", who) for who in ("8", "9", "10")]


def kept(db):
    """Everything that says what a chat is told, and who is who."""
    tables = ("subscriptions", "mutes", "chats", "persons", "accounts")
    return [list(map(tuple, db.conn.execute(f"SELECT * FROM {table}"))) for table in tables]


def typed(example, command):
    given = parse_typed(example, {command.name})
    assert given is not None
    return given


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_no_command_lets_a_member_change_what_a_group_is_told(desk, command):
    admin = await person(desk, Role.GUEST, ADMIN)
    for text in (CHANGES, "/threshold whales 500 BTC", "/mute 8h"):
        assert not (await admin.send(text)).refusal
    member = await person(desk, Role.GUEST, GROUP, number="8")
    await member.send(ASKS)
    before = await desk.read(kept)
    changing = [e for e in command.examples if is_change(command, typed(e, command))]
    assert bool(changing) == command.changes
    for example in command.examples:
        answer = await member.send(example)
        assert example not in changing or "Only " in plain(answer), example
        assert await desk.read(kept) == before, example


async def test_no_button_lets_a_member_change_what_a_group_is_told(desk):
    """Whatever an admin is offered, a member presses in vain, and whatever that offers."""
    admin = await person(desk, Role.GUEST, ADMIN)
    for text in (CHANGES, "/threshold whales 500 BTC", "/mute 8h"):
        await admin.send(text)
    member = admin.by(person="8", name="Eve", admin=False)
    await member.send(ASKS)
    before = await desk.read(kept)
    asks = ["/mute", "/alerts", "/threshold", "/threshold whales", "/unwatch"]
    asks += [example for c in COMMANDS if not c.changes for example in c.examples]
    answers = [await admin.send(text) for text in asks]
    pressed: set[str] = set()
    while answers:
        for offered in (b for row in answers.pop().buttons for b in row if b.token):
            if offered.command not in pressed and len(pressed) < 200:
                pressed.add(offered.command)
                answers.append(await member.press_token(offered.token))
                assert await desk.read(kept) == before, offered.command
    assert {"/alerts off", "/mute 8h", f"/unwatch {ADDRESS}", "/unmute"} <= pressed


async def test_the_presser_is_checked_and_not_who_was_offered_the_button(desk):
    guest = await person(desk, Role.GUEST, ADMIN, number="7")
    answer = await guest.send(CHANGES)
    eve = guest.by(person="8", name="Eve", admin=False)
    assert (await eve.press(answer, "Unwatch")).refusal
    assert desk.interests.addresses("bitcoin")
    assert not (await guest.press(answer, "Unwatch")).refusal
    assert not desk.interests.addresses("bitcoin")


async def test_a_stranger_learns_whose_bot_it_is_and_how_to_get_in(desk):
    await person(desk, Role.OWNER, PRIVATE, number="1")
    owner = await person(desk, Role.OWNER, PRIVATE, number="1")
    await owner.say("/start")
    eve = await person(desk, Role.STRANGER, PRIVATE, number="8")
    answer = await eve.say("hello")
    assert "belongs to Person 1" in answer
    assert "/start CODE" in answer


async def test_an_invitation_lets_one_person_in_once(desk, talk):
    code = (await talk.say("/invite")).split("/start ")[1].split()[0]
    eve = await person(desk, Role.STRANGER, PRIVATE, number="8")
    assert "Welcome" in await eve.say(f"/start {code}")
    assert not (await eve.send(ASKS)).refusal
    mallory = await person(desk, Role.STRANGER, PRIVATE, number="9")
    assert "does not work" in await mallory.say(f"/start {code}")
    assert (await mallory.send(ASKS)).refusal


async def test_an_invitation_ends_after_a_week(desk, talk, clock):
    code = (await talk.say("/invite")).split("/start ")[1].split()[0]
    clock.now += 7 * 86400
    eve = await person(desk, Role.STRANGER, PRIVATE, number="8")
    assert "does not work" in await eve.say(f"/start {code}")


async def test_only_the_newest_claim_code_makes_an_owner(desk):
    old = await claim_code(desk.store, [], NOW)
    new = await claim_code(desk.store, [], NOW)
    eve = await person(desk, Role.STRANGER, PRIVATE, number="8")
    assert "does not work" in await eve.say(f"/start {old}")
    assert "yours now" in await eve.say(f"/start {new}")
    assert "An invitation" in await eve.say("/invite")
    assert await claim_code(desk.store, [], NOW) is None


async def test_the_terminal_does_not_use_a_claim_code_up(desk, talk):
    code = await claim_code(desk.store, [], NOW)
    assert "no code was used" in await talk.say(f"/start {code}")
    eve = await person(desk, Role.STRANGER, PRIVATE, number="8")
    assert "yours now" in await eve.say(f"/start {code}")


async def test_owners_of_the_settings_own_it_from_the_first_word(desk):
    assert await claim_code(desk.store, [("telegram", "7")], NOW) is None
    ann = Talk(desk, **PRIVATE, person="7", name="Ann")
    assert "An invitation" in await ann.say("/invite")


async def test_nobody_else_owns_it_where_the_settings_name_owners(desk):
    claimed = await person(desk, Role.OWNER, PRIVATE, number="8")
    assert await claim_code(desk.store, [], NOW) is None
    assert "An invitation" in await claimed.say("/invite")
    await claim_code(desk.store, [("telegram", "7")], NOW)
    assert "Only the owner" in await claimed.say("/invite")


async def test_an_invitation_has_a_link_where_one_is_known(desk):
    linked = replace(desk, invitation_url=lambda code: f"https://t.me/bot?start={code}")
    assert "https://t.me/bot?start=" in await Talk(linked).say("/invite")
    assert "link" not in await Talk(desk).say("/invite")


async def test_a_guest_code_does_not_take_the_bot_from_its_owner(desk):
    owner = await person(desk, Role.OWNER, PRIVATE)
    code = await desk.write(new_code, Role.GUEST, None, NOW, None)
    assert "no code was used" in await owner.say(f"/start {code}")
    assert "An invitation" in await owner.say("/invite")
