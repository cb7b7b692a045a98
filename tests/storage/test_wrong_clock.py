"""A clock that was years ahead, and is right again: nothing waits for what it said."""

import pytest

from detectors.model import Alert
from storage.alerts import save_alerts
from storage.budget import begin_collecting, budget_now, save_budget
from storage.chats import Defaults, save_chat
from storage.dispatch import claim, due_after_all
from storage.model import Priority, Retry, Sent
from storage.mutes import Subject, save_mute
from storage.outbox import enqueue_alert
from storage.ruling import Scope
from storage.verdicts import save_verdicts
from tests.make import NOW, asked, hash_of

YEARS_AHEAD = NOW + 3 * 365 * 86400


@pytest.fixture
def chat(db):
    defaults = Defaults("en", "UTC", "USD")
    return save_chat(db, "telegram", "1", "", "private", "", defaults, YEARS_AHEAD).id


def tell(db, chat, now, key="k"):
    alert = Alert("bitcoin", hash_of(key), "whales", "BTC", now, 7, None)
    ((id_, _),) = save_alerts(db, [alert])
    enqueue_alert(db, asked(chat), key, id_, Priority.BROADCAST, now)


def claimed(db, now):
    return claim(db, {"telegram": 9}, now)


def test_what_could_not_leave_then_leaves_now(db, chat):
    tell(db, chat, YEARS_AHEAD)
    (due,) = claimed(db, YEARS_AHEAD)
    save_verdicts(db, [(due, Retry(1.0, "out of reach"), "")], YEARS_AHEAD)
    assert claimed(db, NOW) == []
    due_after_all(db, NOW)
    assert len(claimed(db, NOW)) == 1


def test_what_waits_for_something_near_goes_on_waiting(db, chat):
    tell(db, chat, NOW + 86400)
    due_after_all(db, NOW)
    assert claimed(db, NOW) == []


def test_what_a_long_pause_keeps_stays_kept(db, chat):
    save_mute(db, chat, NOW, NOW + 30 * 86400, Subject(Scope.PAUSE))
    tell(db, chat, NOW)
    assert claimed(db, NOW) == []
    before = db.conn.total_changes
    due_after_all(db, NOW)
    assert db.conn.total_changes == before


def test_what_was_said_then_is_not_counted_in_the_hour_of_now(db, chat):
    save_budget(db, chat, 1)
    tell(db, chat, YEARS_AHEAD)
    (due,) = claimed(db, YEARS_AHEAD)
    begin_collecting(db, due.message, YEARS_AHEAD)
    save_verdicts(db, [(due, Sent("1"), "")], YEARS_AHEAD)
    assert budget_now(db, chat, YEARS_AHEAD, apart=0) == (True, due.message)
    assert budget_now(db, chat, NOW, apart=0) == (False, 0)


def test_what_began_to_collect_then_takes_in_nothing_now(db, chat):
    save_budget(db, chat, 0)
    tell(db, chat, YEARS_AHEAD)
    (due,) = claimed(db, YEARS_AHEAD)
    begin_collecting(db, due.message, YEARS_AHEAD)
    save_verdicts(db, [(due, Sent("1"), "")], YEARS_AHEAD)
    assert budget_now(db, chat, NOW, apart=0) == (True, 0)
