"""Schedules of summaries, what is told of one, and what a chat had to do with a period."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from detectors.model import Alert, Kind, Subscription
from storage.alerts import save_alerts
from storage.chats import Defaults, bind_chat, park_chat, revive_chats, save_chat
from storage.flows import flows_between, told_between
from storage.model import Message, Priority, Text
from storage.moves import move_chat
from storage.outbox import enqueue_alert
from storage.passages import address_record
from storage.persons import save_person
from storage.subscriptions import save_subscription
from storage.summaries import (
    Schedule,
    all_schedules,
    end_schedules,
    enqueue_summary,
    save_schedule,
    schedules_of,
)
from storage.summary_facts import chat_facts
from storage.transactions import save_transactions
from tests.make import NOW, asked, transaction

TODAY = date(2026, 3, 2)
QUIET = Message((Text("A quiet day"),))


@pytest.fixture
def chat(db):
    person = save_person(db, "telegram", "1", "Ada", NOW)
    defaults = Defaults("en", "UTC", "USD")
    return save_chat(db, "telegram", "1", "", "private", "", defaults, NOW, person=person.id)


def daily(chat, **more):
    return Schedule(chat.id, "daily", None, 480, "UTC", TODAY, **more)


def deliveries(db):
    return db.conn.execute(
        "SELECT m.key, d.state, d.priority FROM deliveries d JOIN messages m ON m.id = d.message_id"
        " ORDER BY d.id"
    ).fetchall()


def test_a_schedule_follows_the_zone_of_its_person_unless_it_has_its_own(db, chat):
    save_schedule(db, daily(chat), None)
    save_schedule(db, replace(daily(chat), cadence="weekly", weekday=0), "Asia/Tokyo")
    db.conn.execute("UPDATE persons SET timezone = 'Africa/Lagos'")
    assert [s.timezone for s in schedules_of(db, chat.id)] == ["Africa/Lagos", "Asia/Tokyo"]


def test_another_hour_takes_the_place_of_the_one_before(db, chat):
    save_schedule(db, daily(chat), None)
    save_schedule(db, replace(daily(chat), minute=540), None)
    assert [schedule.minute for schedule in schedules_of(db, chat.id)] == [540]
    assert end_schedules(db, chat.id)
    assert not end_schedules(db, chat.id)


def test_a_chat_that_is_told_nothing_waits_for_its_return(db, chat):
    save_schedule(db, daily(chat), None)
    park_chat(db, "telegram", "1", "blocked")
    assert all_schedules(db) == []
    revive_chats(db, "telegram", ["1"])
    bind_chat(db, chat.id, bound=False)
    assert all_schedules(db) == []
    bind_chat(db, chat.id, bound=True)
    assert all_schedules(db) == [daily(chat)]


def test_a_summary_is_enqueued_once_however_often_its_day_is_told(db, chat):
    save_schedule(db, daily(chat), None)
    tomorrow = TODAY + timedelta(days=1)
    for _ in range(2):
        enqueue_summary(db, daily(chat), tomorrow, QUIET, NOW)
    assert deliveries(db) == [("summary:daily:2026-03-03", "due", Priority.DIGEST)]
    assert schedules_of(db, chat.id) == [replace(daily(chat), told=tomorrow)]


def test_one_that_nobody_got_yet_is_not_told_beside_a_newer_one(db, chat):
    save_schedule(db, daily(chat), None)
    days = [TODAY + timedelta(days=number) for number in range(3)]
    for before, day in pairwise(days):
        enqueue_summary(db, replace(daily(chat), told=before), day, QUIET, NOW)
    assert [state for _, state, _ in deliveries(db)] == ["needless", "due"]


@pytest.mark.parametrize("change", ["ended", "changed"])
def test_what_was_changed_meanwhile_is_not_told(db, chat, change):
    save_schedule(db, daily(chat), None)
    if change == "ended":
        end_schedules(db, chat.id)
    else:
        save_schedule(db, replace(daily(chat), minute=540), None)
    enqueue_summary(db, daily(chat), TODAY + timedelta(days=1), QUIET, NOW)
    assert deliveries(db) == []


def test_a_schedule_goes_with_a_group_that_moves_to_a_known_address(db):
    defaults = Defaults("en", "UTC", "USD")
    old, new = (
        save_chat(db, "telegram", address, "", "group", "", defaults, NOW)
        for address in ("-1", "-2")
    )
    save_schedule(db, daily(old), None)
    move_chat(db, "telegram", "-1", "-2", NOW)
    assert [schedule.chat for schedule in schedules_of(db, new.id)] == [new.id]
    assert [schedule.chat for schedule in all_schedules(db)] == [new.id]


class Told:
    """A chat that watches addresses and is told of transactions."""

    def __init__(self, db, chat):
        self.db, self.chat = db, chat
        for address in ("cold", "hot"):
            watch = Subscription(0, chat.id, Kind.WATCH, "bitcoin", address=address)
            save_subscription(db, watch, NOW)

    def tell(self, address, amount, time=NOW, **more):
        """An alert of a watched address in a message of its own; the message's row id."""
        sides = {"recipient": address, "sender": "x"}
        if amount < 0:
            sides = {"recipient": "x", "sender": address}
        met = transaction(abs(amount), time=time, fee=0, **sides, **more)
        save_transactions(self.db, "bitcoin", [met], unconfirmed=True)
        alert = Alert("bitcoin", met.hash, "watched", address, time, amount, None)
        ((row, _),) = save_alerts(self.db, [alert])
        enqueue_alert(self.db, asked(self.chat.id), met.hash, row, Priority.PERSONAL, time)
        (message,) = self.db.conn.execute("SELECT max(id) FROM messages").fetchone()
        return message

    def flows(self):
        found = flows_between(self.db, self.chat.id, "bitcoin", NOW, NOW + 100, NOW + 100)
        return [(flow.watch.address, flow.received, flow.sent, flow.net) for flow in found]

    def counts(self):
        return told_between(self.db, self.chat.id, NOW, NOW + 100)


@pytest.fixture
def told(db, chat):
    return Told(db, chat)


def test_what_came_and_went_is_summed_up_for_each_address(told):
    for amount in (500, -200, 70):
        told.tell("cold", amount)
    told.tell("hot", -5, time=NOW + 99)
    told.tell("hot", -1000, time=NOW + 100)
    told.tell("hot", -1000, time=NOW - 1)
    told.tell("somebody else's", 9)
    assert told.flows() == [("cold", 570, 200, 370), ("hot", 0, 5, -5)]


def test_of_a_transaction_and_its_replacement_one_counts(told):
    told.tell("cold", 500, spends=["a:0"])
    told.tell("cold", 400, spends=["a:0"])
    assert told.flows() == [("cold", 400, 0, 400), ("hot", 0, 0, 0)]


def test_what_came_before_the_watch_began_counts_and_what_has_nothing_is_listed(told):
    """As `/address` counts it, whatever was told of it."""
    met = transaction(500, recipient="cold", time=NOW + 1)
    save_transactions(told.db, "bitcoin", [met], unconfirmed=True)
    assert told.flows() == [("cold", 500, 0, 500), ("hot", 0, 0, 0)]
    facts = chat_facts(told.db, told.chat.id, "bitcoin", NOW, NOW + 100, NOW + 100)
    assert [flow.watch.address for flow in facts.flows] == ["cold"]
    record = address_record(told.db, "bitcoin", "cold", NOW + 100)
    assert (record.received, record.sent) == (500, 0)


def test_an_alert_was_told_or_kept_back_or_is_still_under_way(told):
    said, muted, due = (told.tell("cold", amount) for amount in (1, 2, 3))
    told.db.conn.execute("UPDATE messages SET reference = '7' WHERE id = ?", (said,))
    told.db.conn.execute("UPDATE deliveries SET state = 'sent' WHERE message_id = ?", (said,))
    told.db.conn.execute("UPDATE deliveries SET state = 'muted' WHERE message_id = ?", (muted,))
    assert (told.counts().told, told.counts().kept_back) == (1, 1)
    told.db.conn.execute("UPDATE deliveries SET kept = 'quiet' WHERE message_id = ?", (due,))
    assert (told.counts().told, told.counts().kept_back) == (1, 2)


def test_sums_of_a_chat_are_looked_up_by_index(told, plan):
    steps = plan(told.db, lambda: (told.flows(), told.counts()), ("transfers", "messages"))
    assert any("transfers_by_address (address=?" in step for step in steps)
    assert any("messages_by_time (chat_id=? AND created_at>?" in step for step in steps)
    assert not any(step.startswith("SCAN") and "VIRTUAL" not in step for step in steps)
