"""What is let go after a while, and what stays."""

from storage.chats import Defaults, save_chat
from storage.dispatch import claim
from storage.ledger import prices_between, save_price
from storage.model import Message, Priority, Sent, Text
from storage.outbox import enqueue_notice
from storage.outbox_status import outbox_status
from storage.retention import DELIVERIES_KEPT_SECONDS, PRICES_KEPT_SECONDS, SLICE, delete_old
from storage.rollups import DAY, MINUTE, QUARTER, histogram_between, quarters_since
from storage.transactions import save_transactions
from storage.verdicts import save_verdicts
from tests.make import NOW, transaction
from watchers.model import Price

RAW_SECONDS = 14 * DAY
START = NOW - NOW % DAY


def forget(db, now=NOW):
    """Let go of everything that is too old; how many slices it took."""
    for slices in range(1000):
        with db.atomic():
            more = delete_old(db, now, RAW_SECONDS)
        if not more:
            return slices
    raise AssertionError("it never ends")


def fill(db):
    """A payment an hour for 20 days."""
    made = [transaction(5, name=n, time=NOW - n * 3600) for n in range(20 * 24)]
    with db.atomic():
        save_transactions(db, "bitcoin", made, unconfirmed=True)
    return made


def spans_of(db, table):
    rows = db.execute(
        f"SELECT span_seconds, min(start) FROM {table} GROUP BY span_seconds"
    ).fetchall()
    return dict(rows)


def test_days_and_sums_outlive_what_they_were_summed_up_from(db):
    made = fill(db)
    first = made[-1].time
    assert forget(db) > 1
    assert db.table("transactions").count == 14 * 24 + 1
    assert spans_of(db, "histograms") == {QUARTER: START - RAW_SECONDS, DAY: first - first % DAY}
    kept = spans_of(db, "rollups")
    assert NOW - 3 * DAY <= kept.pop(MINUTE) < NOW - 3 * DAY + 2 * 3600
    assert kept == {QUARTER: first - first % QUARTER, DAY: first - first % DAY}
    counts = histogram_between(db, "bitcoin", "seen", "moved", first, NOW + 1)
    assert sum(counts.values()) == len(made)


def test_what_was_let_go_stays_so_where_more_is_kept_from_now_on(db):
    fill(db)
    forget(db)
    with db.atomic():
        delete_old(db, NOW, 2 * RAW_SECONDS)
    assert quarters_since(db, "bitcoin") == START - RAW_SECONDS


def test_where_all_is_young_nothing_is_let_go(db):
    with db.atomic():
        save_transactions(db, "bitcoin", [transaction(time=NOW - 60)], unconfirmed=True)
    assert forget(db) == 0
    assert db.table("histograms").count == 4


def say(db, key, now):
    """A notice that was sent where it has not been said before; whether it was."""
    with db.atomic():
        chat = save_chat(db, "telegram", "1", "", "private", "Ada", Defaults("en", "UTC", "USD"), 0)
        enqueue_notice(db, chat.id, key, Message((Text("hello"),)), Priority.DIGEST, now)
        claimed = claim(db, {"telegram": 1}, now)
        save_verdicts(db, [(delivery, Sent("7"), "") for delivery in claimed], now)
    return bool(claimed)


def test_what_was_said_long_ago_is_never_said_again(db):
    assert say(db, "old", NOW)
    assert say(db, "younger", NOW + 1)
    assert forget(db, NOW + DELIVERIES_KEPT_SECONDS + 1) == 1
    keys = "SELECT m.key FROM deliveries d JOIN messages m ON m.id = d.message_id"
    assert db.execute(keys).fetchall() == [("younger",)]
    assert not say(db, "old", NOW + DELIVERIES_KEPT_SECONDS + 1)


def test_what_still_waits_outlives_every_age(db):
    with db.atomic():
        chat = save_chat(db, "telegram", "1", "", "private", "Ada", Defaults("en", "UTC", "USD"), 0)
        enqueue_notice(db, chat.id, "k", Message((Text("hello"),)), Priority.DIGEST, NOW)
    forget(db, NOW + 10 * DELIVERIES_KEPT_SECONDS)
    assert outbox_status(db, NOW, NOW).due == 1


def test_deliveries_go_in_slices_and_are_found_without_a_scan(db, plan):
    for number in range(SLICE // 100):
        say(db, number, NOW)
    with db.atomic():
        for _ in range(8):
            db.execute(
                "INSERT INTO deliveries (message_id, chat_id, action, priority, due_at, state,"
                " created_at, closed_at) SELECT message_id, chat_id, action, priority, due_at,"
                " state, created_at, closed_at FROM deliveries"
            )
    count = db.table("deliveries").count
    later = NOW + DELIVERIES_KEPT_SECONDS + 1

    def read():
        delete_old(db, later, RAW_SECONDS)
        outbox_status(db, NOW, NOW)

    with db.atomic():
        steps = plan(db, read, ("deliveries",))
    assert len([step for step in steps if "deliveries_closed (closed_at" in step]) == 2
    assert [step for step in steps if step.startswith("SCAN")] == []
    assert db.table("deliveries").count == count - SLICE
    assert forget(db, later) == -(-count // SLICE) - 1


def test_prices_go_in_slices_and_are_found_without_a_scan(db, plan):
    until = NOW - PRICES_KEPT_SECONDS
    with db.atomic():
        for age in range(-1, SLICE + 2):
            save_price(db, Price("BTC", "USD", 7, until - age, "test"))
    with db.atomic():
        steps = plan(db, lambda: delete_old(db, NOW, RAW_SECONDS), ("prices",))
    assert [step for step in steps if step.startswith("SCAN")] == []
    assert db.table("prices").count == 3
    assert forget(db) == 1
    assert prices_between(db, "BTC", "USD", 0, NOW) == [(until, 7), (until + 1, 7)]


def test_old_buttons_and_moments_are_found_without_a_scan(db, plan):
    with db.atomic():
        steps = plan(db, lambda: delete_old(db, NOW, RAW_SECONDS), ("buttons", "moments"))
    assert [step for step in steps if step.startswith("SCAN")] == []


def test_a_slice_takes_one_quarter_of_an_hour_of_each_histogram(db):
    fill(db)
    places = "SELECT basis, measure, start FROM histograms WHERE span_seconds = ?"
    before = {tuple(row) for row in db.execute(places, (QUARTER,)).fetchall()}
    with db.atomic():
        assert delete_old(db, NOW, RAW_SECONDS)
    gone = before - {tuple(row) for row in db.execute(places, (QUARTER,)).fetchall()}
    assert {start for *_, start in gone} == {min(start for *_, start in before)}
