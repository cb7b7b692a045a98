"""Two accounts become one person's by a code, and part again."""

import pytest

from storage.chats import Defaults, chat_by_id, save_chat, save_timezone, save_units
from storage.codes import new_code, redeem_code
from storage.links import (
    VALID_SECONDS,
    WRONG_AT_MOST,
    Outcome,
    confirm_link,
    enter_link_code,
    new_link_code,
    unlink,
)
from storage.model import Role
from storage.mutes import muted_until, save_mute
from storage.persons import (
    accounts_of,
    has_owner,
    owner_names,
    person_of,
    prefer,
    replace_owners,
    save_person,
    set_role,
)
from tests.make import NOW

ADA, LOVELACE, BOB = ("telegram", "1"), ("discord", "2"), ("telegram", "3")


def person(db, account, role=Role.GUEST):
    platform, address = account
    save_person(db, platform, address, f"Name {address}", NOW)
    set_role(db, platform, address, role, NOW)
    return person_of(db, platform, address)


def chat_of(db, who):
    return save_chat(
        db, who.platform, f"dm {who.address}", "", "private", "", Defaults("en", "UTC", "USD"), NOW,
        person=who.id,
    )  # fmt: skip


def link(db, shows, enters, now=NOW):
    return enter_link_code(db, new_link_code(db, shows, NOW), enters, now).outcome


def test_two_accounts_become_one_person(db):
    ada, other = person(db, ADA), person(db, LOVELACE)
    chats = [chat_of(db, ada), chat_of(db, other)]
    save_mute(db, chats[1].id, NOW, NOW + 60)
    save_timezone(db, chats[1], "Africa/Lagos")
    save_units(db, chats[1], "small", "EUR")
    assert link(db, ada, other) is Outcome.LINKED
    assert person_of(db, *LOVELACE).id == person_of(db, *ADA).id
    assert [a.platform for a in accounts_of(db, ada.id)] == ["discord", "telegram"]
    for chat in chats:
        assert chat_by_id(db, chat.id).person == ada.id
        assert chat_by_id(db, chat.id).timezone == "Africa/Lagos"
        assert chat_by_id(db, chat.id).units == "small"
        assert chat_by_id(db, chat.id).currency == "EUR"
        assert muted_until(db, chat.id, NOW) == NOW + 60
    assert person_of(db, *ADA).preferred == "telegram"
    assert save_person(db, *LOVELACE, "Renamed", NOW).name == "Renamed"
    assert person_of(db, *ADA).name == "Name 1"


@pytest.mark.parametrize(
    ("shows", "enters", "one"),
    [
        (Role.OWNER, Role.STRANGER, Role.OWNER),
        (Role.GUEST, Role.STRANGER, Role.GUEST),
        (Role.STRANGER, Role.STRANGER, Role.STRANGER),
        (Role.OWNER, Role.OWNER, Role.OWNER),
    ],
)
def test_the_stronger_role_wins(db, shows, enters, one):
    assert link(db, person(db, ADA, shows), person(db, LOVELACE, enters)) is Outcome.LINKED
    assert {person_of(db, *account).role for account in (ADA, LOVELACE)} == {one}


def test_who_may_more_than_whoever_showed_the_code_is_asked_first(db):
    eve, owner = person(db, ADA, Role.STRANGER), person(db, LOVELACE, Role.OWNER)
    code = new_link_code(db, eve, NOW)
    asked = enter_link_code(db, code, owner, NOW)
    assert (asked.outcome, asked.others[0].name) == (Outcome.ASKED, "Name 1")
    assert person_of(db, *ADA).role is Role.STRANGER
    assert confirm_link(db, person(db, BOB), eve.id, NOW).outcome is Outcome.STALE
    assert confirm_link(db, owner, eve.id, NOW + VALID_SECONDS).outcome is Outcome.STALE
    assert confirm_link(db, owner, eve.id, NOW + VALID_SECONDS - 1).outcome is Outcome.LINKED
    assert person_of(db, *ADA).role is Role.OWNER


def test_of_two_codes_only_the_one_that_was_entered_last_can_be_confirmed(db):
    owner = person(db, ADA, Role.OWNER)
    guest, other = person(db, LOVELACE), person(db, ("signal", "4"))
    first, last = new_link_code(db, guest, NOW + 60), new_link_code(db, other, NOW)
    assert enter_link_code(db, first, owner, NOW + 60).outcome is Outcome.ASKED
    assert enter_link_code(db, last, owner, NOW + 60).outcome is Outcome.ASKED
    assert confirm_link(db, owner, guest.id, NOW + 60).outcome is Outcome.STALE
    assert confirm_link(db, owner, other.id, NOW + 60).outcome is Outcome.LINKED
    assert [a.platform for a in accounts_of(db, other.id)] == ["signal", "telegram"]
    assert list(db.query("PRAGMA foreign_key_check")) == []


def test_a_code_works_once_and_while_it_is_fresh(db):
    ada, other, third = person(db, ADA), person(db, LOVELACE), person(db, ("terminal", "x"))
    code = new_link_code(db, ada, NOW)
    assert enter_link_code(db, code, other, NOW + VALID_SECONDS).outcome is Outcome.STALE
    late = f" {code[:4].lower()}-{code[4:]} "
    assert enter_link_code(db, late, other, NOW + VALID_SECONDS - 1).outcome is Outcome.LINKED
    assert enter_link_code(db, code, third, NOW).outcome is Outcome.UNKNOWN


def test_only_the_newest_code_works_and_none_is_kept(db):
    ada, other = person(db, ADA), person(db, LOVELACE)
    old, new = new_link_code(db, ada, NOW), new_link_code(db, ada, NOW)
    assert enter_link_code(db, old, other, NOW).outcome is Outcome.UNKNOWN
    assert new not in str(list(db.query("SELECT * FROM link_codes")))
    assert enter_link_code(db, new, ada, NOW).outcome is Outcome.OWN
    assert enter_link_code(db, new, other, NOW).outcome is Outcome.LINKED


def test_two_accounts_on_one_platform_stay_two_persons(db):
    assert link(db, person(db, ADA), person(db, BOB)) is Outcome.SAME_PLATFORM
    assert person_of(db, *ADA).id != person_of(db, *BOB).id


def test_guesses_are_counted_and_no_more_are_looked_at(db):
    ada, eve, bob = person(db, ADA), person(db, LOVELACE), person(db, ("terminal", "bob"))
    code = new_link_code(db, ada, NOW)
    for _ in range(WRONG_AT_MOST):
        assert enter_link_code(db, "guessed", eve, NOW).outcome is Outcome.UNKNOWN
    assert enter_link_code(db, code, eve, NOW + 1).outcome is Outcome.TOO_MANY
    assert enter_link_code(db, "guessed", bob, NOW).outcome is Outcome.UNKNOWN
    later = NOW + VALID_SECONDS
    assert enter_link_code(db, new_link_code(db, ada, later), eve, later).outcome is Outcome.LINKED


def test_who_is_unlinked_keeps_what_was_chosen_and_no_rights_of_the_other(db):
    ada, other = person(db, ADA, Role.OWNER), person(db, LOVELACE, Role.STRANGER)
    chats = [chat_of(db, ada), chat_of(db, other)]
    link(db, ada, other)
    save_mute(db, chats[0].id, NOW, NOW + 60)
    save_timezone(db, chats[0], "Africa/Lagos")
    save_units(db, chats[0], "small", None)
    prefer(db, ada.id, "discord")
    assert unlink(db, ada.id, "discord", NOW)
    assert not unlink(db, ada.id, "discord", NOW)
    assert (person_of(db, *ADA).role, person_of(db, *ADA).preferred) == (Role.OWNER, "")
    apart = person_of(db, *LOVELACE)
    assert (apart.role, apart.id != ada.id) == (Role.STRANGER, True)
    assert chat_by_id(db, chats[1].id).timezone == "Africa/Lagos"
    assert chat_by_id(db, chats[1].id).units == "small"
    assert muted_until(db, chats[1].id, NOW) == NOW + 60
    save_mute(db, chats[0].id, NOW, NOW + 90)
    assert muted_until(db, chats[1].id, NOW) == NOW + 60


@pytest.mark.parametrize("leaves", ["telegram", "discord"])
@pytest.mark.parametrize("other", [Role.STRANGER, Role.GUEST])
def test_whoever_unlinks_an_owner_takes_nothing_from_them(db, leaves, other):
    owner = person(db, ADA, Role.OWNER)
    link(db, owner, person(db, LOVELACE, other))
    assert unlink(db, owner.id, leaves, NOW)
    assert (person_of(db, *ADA).role, person_of(db, *LOVELACE).role) == (Role.OWNER, other)


def test_a_role_that_was_taken_while_linked_does_not_come_back(db):
    ada = person(db, ADA, Role.OWNER)
    link(db, ada, person(db, LOVELACE, Role.GUEST))
    replace_owners(db, [BOB], NOW)
    assert unlink(db, ada.id, "discord", NOW)
    assert {person_of(db, *account).role for account in (ADA, LOVELACE)} == {Role.GUEST}


def test_a_code_that_was_used_while_linked_stays_with_its_account(db):
    ada = person(db, ADA, Role.STRANGER)
    link(db, ada, person(db, LOVELACE, Role.STRANGER))
    redeem_code(db, new_code(db, Role.GUEST, None, NOW, None), person_of(db, *LOVELACE), NOW)
    assert person_of(db, *ADA).role is Role.GUEST
    assert unlink(db, ada.id, "discord", NOW)
    assert (person_of(db, *ADA).role, person_of(db, *LOVELACE).role) == (
        Role.STRANGER,
        Role.GUEST,
    )


def test_whoever_links_with_the_terminal_owns_the_bot(db):
    at_home, ada = person(db, ("terminal", "ada"), Role.STRANGER), person(db, ADA)
    claim = new_code(db, Role.OWNER, None, NOW, None)
    assert link(db, at_home, ada) is Outcome.LINKED
    assert person_of(db, *ADA).role is Role.OWNER
    assert has_owner(db)
    assert redeem_code(db, claim, person(db, BOB), NOW) is None


def test_an_owner_by_the_settings_is_one_by_every_account(db):
    ada, other = person(db, ADA), person(db, LOVELACE)
    link(db, ada, other)
    replace_owners(db, [LOVELACE], NOW)
    assert person_of(db, *ADA).role is Role.OWNER
    assert len(owner_names(db)) == 1


def test_a_terminal_alone_is_no_owner_that_others_could_find(db):
    person(db, ("terminal", "ada"), Role.OWNER)
    assert not has_owner(db)


def test_the_references_hold_after_linking(db):
    ada, other = person(db, ADA, Role.OWNER), person(db, LOVELACE)
    redeem_code(db, new_code(db, Role.GUEST, other.id, NOW, None), other, NOW)
    new_link_code(db, other, NOW)
    enter_link_code(db, "guessed", other, NOW)
    assert link(db, ada, other) is Outcome.LINKED
    assert list(db.query("PRAGMA foreign_key_check")) == []
    assert db.execute("SELECT created_by FROM codes").fetchall() == [(ada.id,)]
