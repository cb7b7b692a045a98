"""Chats and people: who comes in, and chats that move."""

import pytest

from detectors.model import Kind, Subscription
from storage.chats import (
    Defaults,
    admit_chat,
    bind_chat,
    chat_by_id,
    is_admitted,
    park_chat,
    private_chats_of_owners,
    revive_chats,
    save_chat,
    save_timezone,
    save_units,
)
from storage.codes import drop_unused_claims, new_code, redeem_code
from storage.members import named_role, note_member
from storage.model import Priority, Role
from storage.moves import move_chat, present_address
from storage.mutes import end_mutes, muted_until, save_mute
from storage.outbox import enqueue_alert
from storage.persons import has_owner, owner_names, replace_owners, save_person, set_role
from storage.subscriptions import all_subscriptions, save_subscription
from tests.make import NOW, asked

DEFAULTS = Defaults("en", "UTC", "USD")


def chat(db, address, thread="", platform="telegram", kind="group", title="Fans", **more):
    with db.atomic():
        return save_chat(db, platform, address, thread, kind, title, DEFAULTS, NOW, **more)


def watch(db, of, address):
    with db.atomic():
        subscription = Subscription(0, of.id, Kind.WATCH, "bitcoin", address=address)
        return save_subscription(db, subscription, NOW)[1]


def move(db, old, new):
    with db.atomic():
        move_chat(db, "telegram", old, new, NOW + 5)


def test_a_chat_is_made_once_and_its_title_follows(db):
    first = chat(db, "-1")
    renamed = chat(db, "-1", title="Whales")
    assert (renamed.id, renamed.title) == (first.id, "Whales")
    assert chat_by_id(db, first.id) == renamed


def test_a_topic_is_a_chat_of_its_own(db):
    assert chat(db, "-1", "7").id != chat(db, "-1").id


def test_one_admitted_topic_admits_the_group(db):
    topic, other = chat(db, "-1", "7"), chat(db, "-1", "8")
    admit_chat(db, topic)
    assert is_admitted(db, other)
    assert not is_admitted(db, chat(db, "-2"))


def test_a_parked_address_is_parked_with_all_its_topics_and_revived_with_them(db):
    chats = [chat(db, "-1"), chat(db, "-1", "7")]
    assert park_chat(db, "telegram", "-1", "kicked")
    assert not park_chat(db, "telegram", "-1", "kicked again")
    bind_chat(db, chat(db, "-3").id, bound=False)
    assert not park_chat(db, "telegram", "-3", "nobody is told anything there")
    assert [chat_by_id(db, c.id).parked for c in chats] == ["kicked", "kicked"]
    assert revive_chats(db, "telegram", ["-1", "-2"])
    assert [chat_by_id(db, c.id).parked for c in chats] == ["", ""]
    assert not revive_chats(db, "telegram", ["-1"])


def test_a_chat_that_moves_to_a_new_address_stays_the_same_chat(db):
    before = [chat(db, "-1"), chat(db, "-1", "7")]
    move(db, "-1", "-1001")
    assert [(c.id, c.address) for c in (chat(db, "-1001"), chat(db, "-1001", "7"))] == [
        (c.id, "-1001") for c in before
    ]


def test_what_was_asked_at_the_old_address_is_asked_at_the_known_new_one(db):
    old, new = chat(db, "-1"), chat(db, "-1001")
    kept = watch(db, old, "a")
    twice = watch(db, old, "b")
    own = watch(db, new, "b")
    move(db, "-1", "-1001")
    assert {(s.id, s.chat) for s in all_subscriptions(db)} == {(kept.id, new.id), (own.id, new.id)}
    (row,) = db.query("SELECT until FROM subscriptions WHERE id = ?", (twice.id,))
    assert row["until"] == NOW + 5
    assert chat_by_id(db, old.id).parked


@pytest.mark.parametrize("again", range(2))
def test_a_move_that_is_told_again_changes_nothing(db, again):
    old, new = chat(db, "-1"), chat(db, "-1001")
    watch(db, old, "a")
    for _ in range(again + 1):
        move(db, "-1", "-1001")
    assert {s.chat for s in all_subscriptions(db)} == {new.id}
    move(db, "-1001", "-1001")
    assert chat_by_id(db, new.id).parked == ""


def test_an_address_that_moved_before_can_move_again(db):
    chat(db, "-1001")
    for _ in range(2):
        chat(db, "-1")
        move(db, "-1", "-1001")
    assert len(list(db.query("SELECT id FROM chats WHERE parked != ''"))) == 2


def test_what_both_chats_were_to_be_told_is_told_once(db):
    old, new = chat(db, "-1"), chat(db, "-1001")
    db.conn.execute(
        "INSERT INTO alerts VALUES (1, 'bitcoin', 'h', 'whales', 'BTC', ?, '5', NULL, 1, 0, 0, 0)",
        (NOW,),
    )
    for where in (old, new):
        enqueue_alert(db, asked(where.id), "both", 1, Priority.BROADCAST, NOW)
    enqueue_alert(db, asked(old.id), "old only", 1, Priority.BROADCAST, NOW)
    move(db, "-1", "-1001")
    due = db.query(
        "SELECT d.chat_id, m.key FROM deliveries d JOIN messages m ON m.id = d.message_id"
        " WHERE d.state = 'due' ORDER BY d.id"
    )
    assert [tuple(row.values()) for row in due] == [(new.id, "both"), (new.id, "old only")]


def test_unmuting_after_a_move_ends_the_mutes_of_both(db):
    old, new = chat(db, "-1"), chat(db, "-1001")
    save_mute(db, old.id, NOW, NOW + 500)
    save_mute(db, new.id, NOW + 1, NOW + 900)
    move(db, "-1", "-1001")
    assert muted_until(db, new.id, NOW + 10) == NOW + 900
    assert len(end_mutes(db, new.id, NOW + 10)) == 2
    assert muted_until(db, new.id, NOW + 10) is None


def test_a_person_is_a_stranger_until_somebody_says_otherwise(db):
    assert save_person(db, "telegram", "1", "Ada", NOW).role is Role.STRANGER
    set_role(db, "telegram", "1", Role.GUEST, NOW)
    renamed = save_person(db, "telegram", "1", "Ada L.", NOW)
    assert (renamed.role, renamed.name) == (Role.GUEST, "Ada L.")


def test_a_role_may_be_given_before_the_person_writes(db):
    set_role(db, "telegram", "1", Role.OWNER, NOW)
    assert has_owner(db)
    assert owner_names(db) == []
    assert save_person(db, "telegram", "1", "Ada", NOW).role is Role.OWNER
    assert owner_names(db) == ["Ada"]


def test_only_the_named_owners_are_owners(db):
    set_role(db, "telegram", "1", Role.OWNER, NOW)
    replace_owners(db, [("telegram", "2")], NOW)
    assert save_person(db, "telegram", "1", "Ada", NOW).role is Role.GUEST
    assert save_person(db, "telegram", "2", "Bob", NOW).role is Role.OWNER


def test_a_code_works_once_and_only_while_it_is_fresh(db):
    ada, bob = (save_person(db, "telegram", id_, id_, NOW) for id_ in "12")
    code = new_code(db, Role.GUEST, ada.id, NOW, NOW + 60)
    assert redeem_code(db, code, bob, NOW + 60) is None
    assert redeem_code(db, f" {code}\n", bob, NOW + 59) is Role.GUEST
    assert redeem_code(db, code, ada, NOW + 59) is None
    assert redeem_code(db, "guessed", ada, NOW) is None
    assert code not in str(list(db.query("SELECT * FROM codes")))


def test_an_owner_stays_one_whatever_code_they_use(db):
    set_role(db, "telegram", "1", Role.OWNER, NOW)
    ada = save_person(db, "telegram", "1", "Ada", NOW)
    assert redeem_code(db, new_code(db, Role.GUEST, None, NOW, None), ada, NOW) is Role.GUEST
    assert save_person(db, "telegram", "1", "Ada", NOW).role is Role.OWNER


def test_of_claim_codes_only_the_newest_works(db):
    ada = save_person(db, "telegram", "1", "Ada", NOW)
    old = new_code(db, Role.OWNER, None, NOW, None)
    invitation = new_code(db, Role.GUEST, None, NOW, None)
    drop_unused_claims(db)
    assert redeem_code(db, old, ada, NOW) is None
    assert redeem_code(db, invitation, ada, NOW) is Role.GUEST


def test_owners_are_told_in_private_where_they_can_be_reached(db):
    set_role(db, "telegram", "1", Role.OWNER, NOW)
    owner = save_person(db, "telegram", "1", "Ada", NOW)
    reached = chat(db, "1", kind="private", person=owner.id)
    local = chat(db, "local", platform="terminal", kind="private")
    chat(db, "-5")
    chat(db, "2", kind="private")
    assert [c.id for c in private_chats_of_owners(db)] == [reached.id, local.id]
    park_chat(db, "telegram", "1", "blocked")
    assert [c.id for c in private_chats_of_owners(db)] == [local.id]


def test_a_chat_that_was_silenced_or_named_somebody_stays_so_where_it_is_known_already(db):
    old, new = chat(db, "-1"), chat(db, "-2")
    ada = save_person(db, "telegram", "1", "Ada", NOW)
    with db.atomic():
        for one, role in ((old, Role.ADMIN), (new, "")):
            note_member(db, one.id, ada.id, admin=None)
            db.conn.execute("UPDATE members SET role = ? WHERE chat_id = ?", (role, one.id))
        bind_chat(db, old.id, bound=False)
        save_timezone(db, old, "Africa/Lagos")
        save_units(db, old, "small", "EUR")
    move(db, "-1", "-2")
    moved = chat_by_id(db, new.id)
    assert (moved.bound, moved.timezone) == (False, "Africa/Lagos")
    assert (moved.units, moved.currency) == ("small", "EUR")
    assert named_role(db, new.id, ada.id) is Role.ADMIN


def test_the_present_address_is_known_after_any_moves(db):
    for old, new in (("-1", "-2"), ("-2", "-3")):
        move(db, old, new)
    assert [present_address(db, "telegram", known) for known in ("-1", "-2", "-3", "-4")] == [
        "-3", "-3", "-3", "-4"
    ]  # fmt: skip
    assert present_address(db, "discord", "-1") == "-1"
