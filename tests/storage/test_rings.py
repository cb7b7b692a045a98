"""How an alert rings in each chat, and what its message keeps of that."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from detectors.model import Alert, Ring
from storage.alerts import save_alerts
from storage.chats import Defaults, park_chat, save_chat
from storage.digests import save_digest
from storage.dispatch import claim, reopen_unfinished
from storage.grouping import group_burst
from storage.model import Priority, Sent
from storage.mutes import reconsider, save_quiet_hours
from storage.outbox import enqueue_alert
from storage.persons import save_person
from storage.quiet import QuietHours
from storage.silence import settle
from storage.subscriptions import save_subscription
from storage.summaries import Schedule, end_schedules, save_schedule
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


def daily(db, chat, minute=8 * 60, zone="UTC"):
    """A chat that has its digest with its daily summary."""
    with db.atomic():
        day = datetime.fromtimestamp(NOW, UTC).date()
        save_schedule(db, Schedule(chat, "daily", None, minute, zone, day), zone)
        save_digest(db, chat, with_summary=True)


EIGHT = 1_700_035_200
"""08:00 UTC on the day after NOW."""


def test_a_digest_with_the_summary_leaves_at_its_time_in_one_message(db, chat):
    daily(db, id_ := chat())
    for number in range(3):
        tell(db, asked(id_, ring=Ring.DIGEST), f"key {number}")
        assert leaving(db) == []
    assert waiting(db) == [(id_, EIGHT, "digest")] * 3
    assert leaving(db, EIGHT - 1) == []
    assert leaving(db, EIGHT) == [(id_, True)]
    assert waiting(db) == []


def test_without_a_daily_summary_the_digest_comes_on_the_hour(db, chat):
    id_ = chat()
    save_digest(db, id_, with_summary=True)
    tell(db, asked(id_, ring=Ring.DIGEST))
    leaving(db)
    assert waiting(db) == [(id_, HOUR, "digest")]


def test_the_hour_is_whole_on_the_clocks_of_the_chat(db, chat):
    id_ = chat()
    db.conn.execute("UPDATE persons SET timezone = 'Asia/Kolkata'")
    tell(db, asked(id_, ring=Ring.DIGEST))
    leaving(db)
    assert waiting(db)[0][1] in {HOUR - 1800, HOUR + 1800}
    assert waiting(db)[0][1] - NOW <= 3600


def test_what_waits_for_a_digest_follows_what_the_chat_wants_then(db, chat):
    daily(db, id_ := chat())
    tell(db, asked(id_, ring=Ring.DIGEST))
    leaving(db)
    later = HOUR + 5 * 3600 + 7
    with db.atomic():
        save_digest(db, id_, with_summary=False)
        reconsider(db, id_, later)
    assert waiting(db) == [(id_, HOUR + 6 * 3600, "digest")]
    with db.atomic():
        save_digest(db, id_, with_summary=True)
        reconsider(db, id_, later)
        assert waiting(db) == [(id_, EIGHT, "digest")]
        end_schedules(db, id_)
        reconsider(db, id_, later)
    assert waiting(db) == [(id_, HOUR + 6 * 3600, "digest")]


def test_other_wishes_that_change_do_not_tell_a_digest_early(db, chat):
    daily(db, id_ := chat())
    tell(db, asked(id_, ring=Ring.DIGEST))
    leaving(db)
    with db.atomic():
        save_quiet_hours(db, id_, None, NOW + 60)
    assert leaving(db, NOW + 60) == []
    assert waiting(db) == [(id_, EIGHT, "digest")]


def test_a_digest_that_was_being_sent_at_a_crash_leaves_at_once(db, chat):
    daily(db, id_ := chat())
    tell(db, asked(id_, ring=Ring.DIGEST))
    leaving(db)
    with db.atomic():
        assert claim(db, {"telegram": 9}, EIGHT)
        reopen_unfinished(db, EIGHT + 20)
    assert leaving(db, EIGHT + 20) == [(id_, True)]


def test_a_digest_waits_on_where_another_chat_steps_in(db, chat):
    first, second = chat(), chat("discord")
    daily(db, first)
    tell(db, asked(first, second, ring=Ring.DIGEST))
    leaving(db)
    park_chat(db, "telegram", "1", "blocked")
    assert leaving(db, NOW + 60) == []
    assert waiting(db) == [(second, EIGHT, "digest")]
    assert leaving(db, EIGHT) == [(second, True)]


def test_quiet_hours_that_end_before_the_digest_keep_for_it(db, chat):
    daily(db, id_ := chat())
    night = EIGHT - 9 * 3600
    with db.atomic():
        save_quiet_hours(db, id_, QuietHours(22 * 60, 7 * 60), NOW)
    tell(db, asked(id_, ring=Ring.DIGEST), now=night)
    assert leaving(db, night) == []
    assert waiting(db) == [(id_, EIGHT - 3600, "quiet")]
    assert leaving(db, EIGHT - 3600) == []
    assert waiting(db) == [(id_, EIGHT, "digest")]
    assert leaving(db, EIGHT) == [(id_, True)]
