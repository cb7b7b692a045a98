"""What is claimed, and how it is found among all there is."""

from storage.chats import Defaults, save_chat
from storage.dispatch import claim, due_after_all, next_due_at, reopen_unfinished
from storage.model import Message, Priority, Text
from storage.outbox import enqueue_notice, withdraw_notice
from tests.make import NOW

HELLO = Message((Text("Hello"),))
DEFAULTS = Defaults("en", "UTC", "USD")
BOTH = ("telegram", "discord")


def say(db, platform, count):
    for n in range(count):
        chat = save_chat(db, platform, str(n), "", "private", "", DEFAULTS, NOW)
        enqueue_notice(db, chat.id, "hello", HELLO, Priority.BROADCAST, NOW)


def test_no_more_is_being_sent_at_a_time_than_each_platform_may(db):
    most = {"telegram": 2, "discord": 1}
    with db.atomic():
        say(db, "telegram", 5)
        assert [due.chat.platform for due in claim(db, most, NOW)] == ["telegram"] * 2
        say(db, "discord", 3)
        assert [due.chat.platform for due in claim(db, most, NOW)] == ["discord"]
        assert claim(db, most, NOW) == []


def test_what_is_due_is_found_without_a_look_at_all_chats(db, plan):
    with db.atomic():
        say(db, "telegram", 3)
        steps = plan(db, lambda: (claim(db, dict.fromkeys(BOTH, 9), NOW), next_due_at(db, BOTH)))
    looked_at = [step for step in steps if step.startswith(("SCAN d", "SEARCH d", "SEARCH c "))]
    assert any("d USING INDEX deliveries_open" in step for step in looked_at)
    assert not any("chats_by" in step for step in looked_at)


def test_what_waits_in_parked_chats_is_passed_over_without_a_look_at_it(db, plan):
    with db.atomic():
        say(db, "telegram", 3)
        steps = plan(db, lambda: (claim(db, dict.fromkeys(BOTH, 9), NOW), next_due_at(db, BOTH)))
    assert sum("INDEX chats_parked" in step for step in steps) == 3  # also by `step_in`


def test_what_is_open_is_found_without_a_look_at_what_was_closed(db, plan):
    def change():
        withdraw_notice(db, "hello", NOW)
        reopen_unfinished(db, NOW)
        due_after_all(db, NOW)

    with db.atomic():
        steps = plan(db, change, ("deliveries",))
    assert sum("INDEX deliveries_open" in step for step in steps) == 3
    assert [step for step in steps if step.startswith("SCAN")] == []


def test_edits_that_wait_for_busy_chats_leave_room_for_what_is_said_aloud(db):
    """Each waits up to a minute for the turn of a group that was told much."""
    with db.atomic():
        say(db, "telegram", 40)
        db.conn.execute("UPDATE messages SET reference = '1'")
        db.conn.execute("UPDATE deliveries SET action = 'edit', priority = ?", (Priority.EDIT,))
        most = {"telegram": 30}
        assert [due.action for due in claim(db, most, NOW)] == ["edit"] * 20
        assert claim(db, most, NOW) == []
        ada = save_chat(db, "telegram", "ada", "", "private", "", DEFAULTS, NOW)
        enqueue_notice(db, ada.id, "hello", HELLO, Priority.PERSONAL, NOW)
        assert [due.chat.address for due in claim(db, most, NOW)] == ["ada"]


def test_as_many_edits_as_fit_on_a_page_hide_nothing(db):
    with db.atomic():
        say(db, "telegram", 600)
        db.conn.execute("UPDATE messages SET reference = '1'")
        db.conn.execute("UPDATE deliveries SET action = 'edit', priority = ?", (Priority.EDIT,))
        assert len(claim(db, {"telegram": 3}, NOW)) == 2
        assert claim(db, {"telegram": 3}, NOW) == []
