"""How an alert rings in each chat, and what its message keeps of that."""

import pytest
from msgspec.structs import replace

from detectors.model import Alert, Ring
from storage.alerts import save_alerts
from storage.chats import Defaults, save_chat
from storage.dispatch import claim
from storage.grouping import group_burst
from storage.model import Priority, Sent
from storage.outbox import enqueue_alert
from storage.persons import save_person
from storage.silence import settle
from storage.subscriptions import save_subscription
from storage.verdicts import save_verdicts
from tests.make import NOW, asked, hash_of


@pytest.fixture
def chat(db):
    def make(platform="telegram", address="1"):
        with db.atomic():
            person = save_person(db, "telegram", "1", "Ada", NOW)
            return save_chat(
                db, platform, address, "", "private", "", Defaults("en", "UTC", "USD"), NOW,
                person=person.id,
            ).id  # fmt: skip

    return make


def tell(db, asking, key="key", subject="BTC", now=NOW):
    """Tell of an alert as what these chats asked for, which is saved first."""
    with db.atomic():
        alert = Alert("bitcoin", hash_of(key), "whales", subject, now, 7, None)
        saved = {c: save_subscription(db, replace(s, number=0), now)[1] for c, s in asking.items()}
        ((id_, _),) = save_alerts(db, [alert])
        enqueue_alert(db, saved, key, id_, Priority.BROADCAST, now)
    return [s.id for s in saved.values()]


def leaving(db, now=NOW):
    """What leaves: (chat, whether it makes no sound)."""
    with db.atomic():
        claimed = claim(db, {"telegram": 9, "discord": 9}, now)
        found = [(due.chat.id, settle(db, due.id, now).silent) for due in claimed]
        for due in claimed:
            group_burst(db, due, now)
        save_verdicts(db, [(due, Sent("1"), "") for due in claimed], now)
    return found


def waiting(db):
    rows = db.query("SELECT chat_id, due_at, kept FROM deliveries WHERE state = 'due'")
    return [tuple(row.values()) for row in rows]


HOUR = NOW - NOW % 3600 + 3600


def test_a_message_keeps_which_subscription_each_alert_answered_to(db, chat):
    ids = [*tell(db, asked(chat())), *tell(db, asked(chat("discord")), "other")]
    rows = db.query("SELECT message_id, subscription_id FROM message_alerts ORDER BY message_id")
    assert [tuple(row.values()) for row in rows] == [(1, ids[0]), (2, ids[1])]


def test_a_silent_one_leaves_at_once_without_a_sound(db, chat):
    id_ = chat()
    tell(db, asked(id_, ring=Ring.SILENT))
    assert leaving(db) == [(id_, True)]


def test_what_is_for_the_digest_leaves_on_the_hour_in_one_message(db, chat):
    id_ = chat()
    for number in range(5):
        tell(db, asked(id_, ring=Ring.DIGEST), f"key {number}")
        assert leaving(db) == []
    assert waiting(db) == [(id_, HOUR, "digest")] * 5
    assert leaving(db, HOUR - 1) == []
    assert leaving(db, HOUR) == [(id_, True)]
    assert waiting(db) == []


def test_louder_news_of_the_same_takes_it_out_of_the_digest(db, chat):
    id_ = chat()
    tell(db, asked(id_, ring=Ring.DIGEST))
    assert leaving(db) == []
    tell(db, asked(id_, ring=Ring.DIGEST), subject="USD")
    assert leaving(db, NOW + 1) == []
    tell(db, asked(id_), subject="x", now=NOW + 2)
    assert leaving(db, NOW + 2) == [(id_, False)]


def test_somebody_who_is_told_aloud_elsewhere_has_no_digest_of_it(db, chat):
    quiet, loud = chat(), chat("discord")
    tell(db, asked(quiet, ring=Ring.DIGEST) | asked(loud))
    assert leaving(db) == [(loud, False)]
    assert waiting(db) == []


def test_a_digest_of_somebody_is_kept_in_one_of_their_chats(db, chat):
    tell(db, asked(chat(), chat("discord"), ring=Ring.DIGEST))
    leaving(db)
    assert len(waiting(db)) == 1


def test_a_bad_end_is_said_at_once_also_of_what_was_in_a_digest(db, chat):
    id_ = chat()
    tell(db, asked(id_, ring=Ring.DIGEST))
    assert leaving(db, HOUR) == [(id_, True)]
    with db.atomic():
        db.conn.execute(
            "INSERT INTO deliveries (message_id, chat_id, action, priority, due_at, state,"
            " created_at) VALUES (1, ?, 'reply', 1, ?, 'due', ?)", (id_, HOUR + 60, HOUR + 60),
        )  # fmt: skip
    assert leaving(db, HOUR + 60) == [(id_, True)]
