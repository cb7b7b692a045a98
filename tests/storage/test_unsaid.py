"""What an edit was to tell first, and was refused."""

import pytest

from detectors.model import Alert, Kind, Subscription
from storage.alerts import alerts_of, save_alerts
from storage.budget import begin_collecting, budget_now, save_budget
from storage.chats import Defaults, save_chat
from storage.dispatch import claim, shown_of
from storage.model import Gone, Priority, Rejected, Sent
from storage.outbox import enqueue_alert, request_edits
from storage.subscriptions import save_subscription
from storage.verdicts import save_verdicts
from tests.make import NOW, hash_of

TOLD, JOINED = hash_of("told"), hash_of("joined")


@pytest.fixture
def asked(db):
    """By chat, the whales that it asked for."""
    defaults = Defaults("en", "UTC", "USD")
    chat = save_chat(db, "telegram", "1", "", "private", "", defaults, NOW).id
    wish = Subscription(0, chat, Kind.WHALES, "bitcoin", unit="BTC", amount=1)
    return {chat: save_subscription(db, wish, NOW)[1]}


def alert(db, asked, hash_):
    """Enqueue an alert that belongs to the same message."""
    ((id_, _),) = save_alerts(db, [Alert("bitcoin", hash_, "whales", "BTC", NOW, 7, None)])
    enqueue_alert(db, asked, "bitcoin:both", id_, Priority.BROADCAST, NOW)


def close(db, verdict, shown):
    """Claim the one that is due, and close it."""
    (due,) = claim(db, {"telegram": 9}, NOW)
    save_verdicts(db, [(due, verdict, shown)], NOW)
    return due.message


def said(db, asked):
    alert(db, asked, TOLD)
    return close(db, Sent("5"), f"{TOLD}:pending")


@pytest.mark.parametrize("verdict", [Gone("it is too old"), Rejected("no")])
def test_what_joined_a_message_leaves_it_where_the_edit_is_refused(db, asked, verdict):
    message = said(db, asked)
    alert(db, asked, JOINED)
    close(db, verdict, f"{TOLD}:replaced {JOINED}:pending")
    assert [told.transaction for told in alerts_of(db, message).values()] == [TOLD]
    assert shown_of(db, message) == f"{TOLD}:replaced"
    due = db.conn.execute("SELECT action FROM deliveries WHERE state = 'due' ORDER BY id")
    assert [action for (action,) in due] == ["reply", "send"]


def test_a_page_that_cannot_be_changed_collects_no_more(db, asked):
    (chat,) = asked
    save_budget(db, chat, 1)
    message = said(db, asked)
    begin_collecting(db, message, NOW)
    assert budget_now(db, chat, NOW, apart=0) == (True, message)
    request_edits(db, [message], NOW)
    close(db, Gone("it is too old"), "all:2 in:0")
    assert budget_now(db, chat, NOW, apart=0) == (True, 0)
