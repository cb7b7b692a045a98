"""What each role may, over the whole command table, in groups of both platforms."""

from dataclasses import replace
from itertools import pairwise

import pytest
from msgspec.structs import replace as replace_struct

from bot.access import RIGHTS, Denied, Right, is_change, needed
from bot.commands.parse import Typed, parse_typed
from bot.commands.readers import SAME
from bot.commands.registry import COMMANDS
from bot.wording.denials import format_denied
from storage.chats import find_chat
from storage.members import name_member
from storage.model import Chat, Role
from storage.persons import find_person, set_role
from tests.bot.desk import ADDRESS, INVITED, Talk, plain
from tests.make import NOW

GROUPS = {
    "telegram": {"platform": "telegram", "chat": "-5", "kind": "group", "chat_title": "Traders"},
    "discord": {"platform": "discord", "chat": "51", "kind": "group", "server": "5"},
}
EXAMPLES = [
    (command, text)
    for command in sorted(COMMANDS, key=lambda command: command.name == "language")
    for text in command.examples
]
"""The language last: what comes after it is said in another one."""
SEEN = (Role.OWNER, Role.ADMIN, Role.MEMBER, Role.GUEST, Role.STRANGER, Role.REMOVED)
PLACE = Chat(1, "telegram", "-5", "", "group", "Traders", "en", "UTC", "USD")


class NoAllowance:
    """Everybody may ask as often as they like."""

    def wait_seconds(self, *_):
        return 0


async def somebody(desk, role, where):
    """A person who is this in a group where others asked before."""
    asking = replace(desk, is_admin=lambda *_: answer(role is Role.ADMIN))
    admin = Talk(asking, INVITED, **where, person="1", name="Ada", admin=True)
    await desk.write(set_role, where["platform"], "1", Role.GUEST, NOW)
    if role is not Role.STRANGER:
        for text in ("/alerts here", f"/watch {ADDRESS}", "/threshold whales 500 BTC"):
            assert not (await admin.send(text)).refusal
    person = admin.by(person="9", name="Nia", admin=role is Role.ADMIN)
    await person.send("/help")
    if role is Role.OWNER:
        await desk.write(set_role, where["platform"], "9", role, NOW)
    if role in {Role.GUEST, Role.REMOVED}:
        await desk.write(_name, where, role)
    return person


def _name(db, where, role):
    chat = find_chat(db, where["platform"], where["chat"], "")
    person = find_person(db, where["platform"], "9")
    assert chat is not None
    assert person is not None
    name_member(db, chat.id, person.id, role)


async def answer(value):
    return value


def expected(role, command, text):
    """Written down apart from `bot.access`: what it must come to."""
    if role in {Role.STRANGER, Role.REMOVED}:
        return False
    given = parse_typed(text, {command.name})
    assert given is not None
    if command.name in {"import", "invite", "pause", "unmute"}:
        return role in {Role.OWNER, Role.ADMIN}
    if command.name == "train" or (command.name == "models" and not given.bare):
        return role is Role.OWNER
    if command.name == "useful" or (command.name == "ack" and given.bare):
        return role is not Role.GUEST
    return role in {Role.OWNER, Role.ADMIN} or not is_change(command, given)


def denials():
    """How every refusal for want of a right begins."""
    said = [format_denied(reason, ["Ada"], PLACE) for reason in Denied]
    said += [format_denied(reason, [], PLACE) for reason in Denied]
    return [beginning(message) for message in said]


def beginning(message):
    return plain(message).split()[:4]


@pytest.mark.parametrize("where", GROUPS.values(), ids=GROUPS)
@pytest.mark.parametrize("role", SEEN)
async def test_every_command_is_answered_by_role(desk, monkeypatch, role, where):
    monkeypatch.setattr("bot.conversation.Allowances", NoAllowance)
    person = await somebody(desk, role, where)
    for command, text in EXAMPLES:
        if command.name in {"start", "link"} and " " in text:
            continue  # whoever has a code may give it
        said = await person.send(text)
        refused = beginning(said) in denials()
        assert refused is not expected(role, command, text), (role, text, plain(said))


def test_more_rights_come_with_every_step():
    steps = [RIGHTS[role] for role in (Role.STRANGER, Role.GUEST, Role.MEMBER, Role.ADMIN)]
    assert all(less < more for less, more in pairwise(steps))
    assert RIGHTS[Role.ADMIN] < RIGHTS[Role.OWNER] == set(Right)
    assert not RIGHTS[Role.REMOVED]


async def test_a_guest_keeps_full_use_of_their_private_chat(desk, monkeypatch):
    monkeypatch.setattr("bot.conversation.Allowances", NoAllowance)
    await desk.write(set_role, "telegram", "7", Role.GUEST, NOW)
    guest = Talk(desk, INVITED, platform="telegram", chat="7", person="7", name="Gus")
    for command, text in EXAMPLES:
        of_the_bot = command.name in {"invite", "train"} or text.startswith(
            ("/members ", "/models ")
        )
        refused = beginning(await guest.send(text)) in denials()
        assert refused is of_the_bot, text


async def test_who_speaks_as_another_chat_asks_and_no_more(desk):
    await somebody(desk, Role.MEMBER, GROUPS["telegram"])
    channel = Talk(
        desk, INVITED, **GROUPS["telegram"], person="-77", name="News", admin=False, foreign=True
    )
    assert not (await channel.send("/watchlist")).refusal
    assert "You may ask me anything" in await channel.say("/ack")
    assert "You may ask me anything" in await channel.say("/mute 8h")


async def test_a_member_cannot_set_repeats_by_a_time_in_disguise(desk):
    member = await somebody(desk, Role.MEMBER, GROUPS["telegram"])
    for text in ("/ack 30m", "/ack 30 m", '/ack "30m"', "/ack off", f"/ack 30m {'a' * 64}",
                 "/ack aus", f"/ack aus {'a' * 64}"):  # fmt: skip
        assert (await member.send(text)).refusal, text
    assert await desk.read(_repeats) == [0]


@pytest.mark.parametrize("kind", ["private", "group"])
def test_no_other_word_for_a_choice_takes_less_than_the_choice_itself(kind):
    place = replace_struct(PLACE, kind=kind)
    for command in COMMANDS:
        first = command.parameters[0].choices if command.parameters else ()
        for word, meant in SAME.items():
            if meant in first:
                takes = needed(command, Typed(command.name, meant, slash=True), place)
                said = needed(command, Typed(command.name, word, slash=True), place)
                assert takes is Right.ASK or said is takes, f"/{command.name} {word}"


def _repeats(db):
    return [s for (s,) in db.conn.execute("SELECT DISTINCT repeat_seconds FROM chats")]


async def test_an_admin_of_the_bot_changes_what_groups_are_told_and_invites_guests(desk):
    await desk.write(set_role, "telegram", "7", Role.ADMIN, NOW)
    admin = Talk(desk, INVITED, **GROUPS["telegram"], person="7", name="Bo", admin=False)
    assert not (await admin.send(f"/watch {ADDRESS}")).refusal
    private = admin.by(chat="7", kind="private", chat_title="", admin=None)
    assert "An invitation" in await private.say("/invite")
    for text in ("/invite owner", "/invite admin", "/members remove 1"):
        assert "Only the owner of this bot" in await private.say(text)


READS = (
    f"/mute about {'a' * 64}", f"/mute address {ADDRESS}", "/mute rule 2", "/alerts 1",
    "/alerts page 1", "/alerts all 7 page 2", "/members show Ada",
)  # fmt: skip
CHANGES = (
    "/mute 8h", f"/mute 8h address {ADDRESS}", f"/mute address {ADDRESS} 8h", "/mute about",
    "/alerts 1 ring silent", "/alerts 1 in", "/alerts add blocks", "/alerts remove 1",
    "/alerts budget 3", "/members admin Ada",
)  # fmt: skip


@pytest.mark.parametrize("where", GROUPS.values(), ids=GROUPS)
async def test_a_member_may_give_what_only_reads_and_nothing_that_changes(desk, where):
    member = await somebody(desk, Role.MEMBER, where)
    refused = beginning(await member.send("/mute 8h"))
    for text in READS:
        assert beginning(await member.send(text)) != refused, text
    for text in CHANGES:
        assert beginning(await member.send(text)) == refused, text


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({"about": "a" * 64}, False),
        ({"address": ADDRESS}, False),
        ({"address": ADDRESS, "duration": "8h"}, True),
        ({"duration": "8h"}, True),
    ],
)
async def test_a_form_that_only_narrows_changes_nothing(desk, options, refused):
    member = await somebody(desk, Role.MEMBER, GROUPS["discord"])
    form = member.by(command="mute", options=options)
    assert (beginning(await form.send("")) in denials()) is refused
