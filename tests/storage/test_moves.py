"""A chat gets a new address while something is on its way to the old one."""

import pytest

from detectors.model import Alert
from storage.alerts import save_alerts
from storage.chats import Defaults, save_chat
from storage.dispatch import claim
from storage.model import LEFT_BEHIND, Moved, Priority, Rejected, Retry, Sent
from storage.moves import move_chat
from storage.outbox import enqueue_alert, request_edits
from storage.verdicts import save_verdicts
from tests.make import NOW, asked, hash_of

DEFAULTS = Defaults("en", "UTC", "USD")
ALERT = Alert("bitcoin", hash_of("k"), "whales", "BTC", NOW, 7, None)


@pytest.fixture
def group(db):
    return save_group(db, "-1")


def save_group(db, address):
    return save_chat(db, "telegram", address, "", "group", "", DEFAULTS, NOW).id


def claim_one(db):
    (due,) = claim(db, {"telegram": 9}, NOW)
    return due


def claim_alert(db, chat):
    """An alert of a chat that is being sent."""
    ((id_, _),) = save_alerts(db, [ALERT])
    enqueue_alert(db, asked(chat), "k", id_, Priority.BROADCAST, NOW)
    return claim_one(db)


def close(db, due, verdict, shown=""):
    save_verdicts(db, [(due, verdict, shown)], NOW)


def move(db):
    move_chat(db, "telegram", "-1", "-2", NOW)


def reference(db, message):
    (found,) = db.conn.execute("SELECT reference FROM messages WHERE id = ?", (message,)).fetchone()
    return found


def test_what_arrived_before_its_chat_moved_is_not_looked_for_at_the_new_address(db, group):
    due = claim_alert(db, group)
    move(db)
    close(db, due, Sent("5"))
    assert reference(db, due.message) == LEFT_BEHIND
    request_edits(db, [due.message], NOW)
    assert claim_one(db).reference == LEFT_BEHIND


@pytest.mark.parametrize("action", ["send", "edit"])
def test_a_part_that_arrived_before_its_chat_moved_is_not_gone_on_with(db, group, action):
    due = claim_alert(db, group)
    if action == "edit":
        close(db, due, Sent("5"))
        request_edits(db, [due.message], NOW)
        due = claim_one(db)
    move(db)
    close(db, due, Retry(0.0, "torn", "5"))
    assert claim_one(db).reference == {"send": "", "edit": LEFT_BEHIND}[action]


def test_a_part_of_a_reply_that_arrived_before_its_chat_moved_is_not_gone_on_with(db, group):
    due = claim_alert(db, group)
    close(db, due, Sent("5"))
    request_edits(db, [due.message], NOW)
    close(db, claim_one(db), Sent("5"), f"{hash_of('k')}:replaced")
    reply = claim_one(db)
    move(db)
    close(db, reply, Retry(0.0, "torn", "6"))
    again = claim_one(db)
    assert (again.action, again.arrived) == ("reply", "")


def test_what_is_refused_at_the_old_address_is_said_at_the_new_one(db, group):
    due = claim_alert(db, group)
    move(db)
    close(db, due, Rejected("deactivated", parks=True))
    assert claim_one(db).chat.address == "-2"


def test_a_bad_end_is_said_aloud_in_the_chat_that_took_over_meanwhile(db, group):
    due = claim_alert(db, group)
    close(db, due, Sent("5"))
    request_edits(db, [due.message], NOW)
    edit = claim_one(db)
    known = save_group(db, "-2")
    move(db)
    close(db, edit, Sent("5"), f"{hash_of('k')}:replaced")
    reply = claim_one(db)
    assert (reply.action, reply.chat.id) == ("reply", known)


def test_a_chat_that_seemed_dead_before_it_was_known_to_have_moved_is_told_again(db, group):
    due = claim_alert(db, group)
    close(db, due, Rejected("Bad Request: group chat was deactivated", parks=True))
    assert claim(db, {"telegram": 9}, NOW) == []
    move(db)
    assert claim_one(db).chat.address == "-2"


@pytest.mark.parametrize("verdict", [Moved("-2"), Retry(0.0, "torn")])
def test_what_the_new_address_was_told_itself_is_not_told_again_there(db, group, verdict):
    """Both chats asked for it, and the one was being told when it became the other."""
    known = save_group(db, "-2")
    ((id_, _),) = save_alerts(db, [ALERT])
    enqueue_alert(db, asked(group, known), "k", id_, Priority.BROADCAST, NOW)
    claimed = {due.chat.id: due for due in claim(db, {"telegram": 9}, NOW)}
    close(db, claimed[known], Sent("7"))
    move(db)
    close(db, claimed[group], verdict)
    assert claim(db, {"telegram": 9}, NOW) == []
