"""What people said of alerts, over links and moves: the last word of each stays."""

import pytest

from detectors.model import Alert, Scored
from storage.chats import Defaults, save_chat
from storage.features import save_features
from storage.labels import labelled, labels_about, precisions, save_label
from storage.links import enter_link_code, new_link_code, unlink
from storage.moves import move_chat
from storage.persons import person_of, save_person
from tests.make import NOW, hash_of

PLACE = Defaults("en", "UTC", "USD")
ADA, LOVELACE = ("telegram", "1"), ("discord", "2")


def odd(name):
    return Alert("bitcoin", hash_of(name), "anomalies", "BTC", NOW, 7, None, rate=1_000)


@pytest.fixture
def people(db):
    with db.atomic():
        for platform, address in (ADA, LOVELACE):
            save_person(db, platform, address, f"Name {address}", NOW)
        known = [Scored(hash_of(name), NOW, (1.0,), 1, 9.0, 1_000.0) for name in "abc"]
        save_features(db, "bitcoin", ("moved",), known)
    return person_of(db, *ADA), person_of(db, *LOVELACE)


def group(db, address="-1"):
    return save_chat(db, "telegram", address, "", "group", "", PLACE, NOW).id


def said(db, chat, name):
    return [
        (label.person, label.good) for label in labels_about(db, chat, "bitcoin", hash_of(name))
    ]


def test_of_two_accounts_that_become_one_person_the_last_word_counts(db, people):
    ada, other = people
    with db.atomic():
        chat = group(db)
        save_label(db, chat, ada.id, [odd("a")], NOW, good=False)
        save_label(db, chat, other.id, [odd("a")], NOW + 1, good=True)
        save_label(db, chat, other.id, [odd("b")], NOW + 2, good=False)
        save_label(db, chat, ada.id, [odd("b")], NOW + 3, good=True)
        save_label(db, chat, other.id, [odd("c")], NOW + 4, good=False)
        enter_link_code(db, new_link_code(db, ada, NOW), other, NOW)
    (one,) = {person_of(db, *account).id for account in (ADA, LOVELACE)}
    assert [said(db, chat, name) for name in "abc"] == [
        [(one, True)],
        [(one, True)],
        [(one, False)],
    ]
    assert [(found.judged, found.useful) for found in precisions(db)] == [(3, 2)]
    with db.atomic():
        assert unlink(db, one, "discord", NOW + 9)
    assert len(labelled(db, "bitcoin", ("moved",))) == 3, "what was said stays with who was one"


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "new"])
def test_what_a_group_said_moves_with_it(db, people, is_known):
    ada, _ = people
    with db.atomic():
        old = group(db)
        save_label(db, old, ada.id, [odd("a"), odd("b")], NOW, good=False)
        new = group(db, "-2") if is_known else old
        if is_known:
            save_label(db, new, ada.id, [odd("a")], NOW + 1, good=True)
            save_label(db, new, ada.id, [odd("b")], NOW - 1, good=True)
        move_chat(db, "telegram", "-1", "-2", NOW + 5)
    assert said(db, new, "a") == [(ada.id, is_known)]
    assert said(db, new, "b") == [(ada.id, False)]
    assert db.table("labels").count == 2
    assert group(db, "-2") == new
