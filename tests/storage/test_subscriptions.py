"""What chats ask for, from when until when."""

from detectors.model import Kind, Subscription
from storage.chats import admit_chat
from storage.subscriptions import (
    all_subscriptions,
    end_subscription,
    labels_of,
    save_subscription,
    subscriptions_of,
    watching_places,
)
from tests.make import NOW


def watch(chat, address="a", label=""):
    return Subscription(0, chat.id, Kind.WATCH, "bitcoin", address=address, label=label)


def whales(chat, amount, unit="BTC"):
    return Subscription(0, chat.id, Kind.WHALES, "bitcoin", unit=unit, amount=amount)


def begin(db, subscription, now=NOW):
    with db.atomic():
        return save_subscription(db, subscription, now)


def test_a_subscription_comes_back_as_it_was_with_its_id(db, chats):
    _, saved = begin(db, whales(chats[0], 10**30))
    assert all_subscriptions(db) == [saved]
    assert saved.id > 0


def test_asking_again_for_the_same_thing_ends_what_was_asked_before(db, chats):
    _, first = begin(db, whales(chats[0], 5))
    ended, second = begin(db, whales(chats[0], 9), NOW + 10)
    assert ended == (first,)
    assert all_subscriptions(db) == [second]
    rows = db.query("SELECT since, until FROM subscriptions ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [(NOW, NOW + 10), (NOW + 10, None)]


def test_each_unit_address_and_chat_has_its_own(db, chats):
    asked = [
        whales(chats[0], 5), whales(chats[0], 5, "USD"), watch(chats[0]), watch(chats[0], "b"),
        watch(chats[1]),
    ]  # fmt: skip
    for subscription in asked:
        assert begin(db, subscription)[0] == ()
    assert len(all_subscriptions(db)) == 5
    assert [s.unit for s in subscriptions_of(db, chats[0].id, Kind.WHALES)] == ["BTC", "USD"]


def test_what_ended_is_returned_once(db, chats):
    _, saved = begin(db, watch(chats[0], label="Cold"))
    assert end_subscription(db, watch(chats[0]), NOW + 1) == saved
    assert end_subscription(db, watch(chats[0]), NOW + 2) is None
    assert all_subscriptions(db) == []


def test_labels_are_those_of_the_chat_itself(db, chats):
    begin(db, watch(chats[0], "a", "Cold"))
    begin(db, watch(chats[0], "b"))
    begin(db, watch(chats[2], "c", "Theirs"))
    assert labels_of(db, chats[0].id) == {"a": "Cold", "b": ""}


def test_only_the_places_of_chats_that_watch_and_were_admitted_are_told(db, chats):
    begin(db, watch(chats[0], "a", "Cold"))
    begin(db, watch(chats[1], "b"))
    end_subscription(db, watch(chats[1], "b"), NOW)
    assert watching_places(db) == {}
    watcher = chats[0]
    admit_chat(db, watcher)
    assert watching_places(db) == {(watcher.platform, watcher.address, watcher.thread): watcher.id}
