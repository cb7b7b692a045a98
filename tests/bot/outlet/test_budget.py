"""More alerts than a chat wants to read become one message that loses nothing."""

import pytest

from bot.outlet.compose import compose
from detectors.anomalies import severity_of
from detectors.model import Alert, Kind, Severity, Subscription
from storage.acknowledgements import acknowledge
from storage.alerts import save_alerts
from storage.blocks import begin_chain, complete_block, save_slice
from storage.budget import save_budget
from storage.chats import Defaults, chat_by_id, save_chat
from storage.database import open_database
from storage.dispatch import claim
from storage.model import Priority, Sent
from storage.mutes import save_quiet_hours
from storage.outbox import enqueue_alert, request_edits
from storage.persons import save_person
from storage.quiet import QuietHours
from storage.subscriptions import save_subscription
from storage.transactions import save_transactions, transaction_by_hash
from storage.verdicts import save_verdicts
from tests.bot.desk import button, plain
from tests.make import NOW, block, transaction
from watchers.registry import CHAINS

BUDGET = 3


class Chatty:
    """A chat with a small budget, and what was said there, by the message's id."""

    def __init__(self, db):
        self.db, self.now, self.said, self.aloud = db, NOW, {}, []
        with db.atomic():
            begin_chain(db, "bitcoin", NOW)
            defaults = Defaults("en", "UTC", "USD")
            self.chat = save_chat(db, "telegram", "1", "", "private", "", defaults, NOW).id
            save_budget(db, self.chat, BUDGET)
            asking = Subscription(0, self.chat, Kind.WHALES, "bitcoin", unit="BTC", amount=1)
            self.asked = {self.chat: save_subscription(db, asking, NOW)[1]}

    def tell(
        self,
        moved=7,
        priority=Priority.BROADCAST,
        severity=Severity.NOTABLE,
        detector="whales",
        rate=0,
    ):
        """Tell of one more transaction, a second later; returns its hash."""
        self.now += 1
        told = transaction(moved, time=self.now)
        with self.db.atomic():
            save_transactions(self.db, "bitcoin", [told], unconfirmed=True)
            alert = Alert(
                "bitcoin", told.hash, detector, "BTC", self.now, moved, None, severity, rate=rate
            )
            ((id_, _),) = save_alerts(self.db, [alert])
            enqueue_alert(self.db, self.asked, told.hash, id_, priority, self.now)
        self.deliver()
        return told.hash

    def deliver(self):
        while True:
            with self.db.atomic():
                claimed = claim(self.db, {"telegram": 9}, self.now)
                for due in claimed:
                    if outgoing := compose(self.db, CHAINS, due, self.now):
                        if due.action == "reply":
                            self.aloud.append(outgoing.message)
                        else:
                            self.said[due.message] = outgoing.message
                        verdict = (due, Sent(str(due.message)), outgoing.shown)
                        save_verdicts(self.db, [verdict], self.now)
            if not claimed:
                return


@pytest.fixture
def chatty(tmp_path):
    return Chatty(open_database(tmp_path / "test.db"))


def test_what_is_more_than_the_budget_is_one_message_that_grows(chatty):
    for _ in range(BUDGET + 30):
        chatty.tell()
    assert len(chatty.said) == BUDGET + 1
    last = list(chatty.said.values())[-1]
    assert plain(last).startswith("📦 30 more alerts")
    assert "… and 10 before these." in plain(last)
    number = list(chatty.said)[-1]
    assert button(last, "See all").command == f"/alerts all {number}"


def test_every_transaction_stands_in_one_message(chatty):
    hashes = {chatty.tell() for _ in range(BUDGET + 30)}
    rows = chatty.db.query(
        "SELECT x.message_id, a.transaction_hash FROM message_alerts x"
        " JOIN alerts a ON a.id = x.alert_id"
    )
    told = [(row["message_id"], row["transaction_hash"]) for row in rows]
    assert {hash_ for _, hash_ in told} == hashes
    assert {message for message, _ in told} == set(chatty.said)


def test_personal_and_critical_ones_pass(chatty):
    for _ in range(BUDGET + 2):
        chatty.tell()
    before = len(chatty.said)
    chatty.tell(priority=Priority.PERSONAL)
    chatty.tell(severity=Severity.CRITICAL)
    assert len(chatty.said) == before + 2


@pytest.mark.parametrize(("rate", "passes"), [(10_000, True), (9_999, False)])
def test_what_is_odd_passes_a_full_chat_and_its_night_from_one_in_10000_on(chatty, rate, passes):
    for _ in range(BUDGET + 2):
        chatty.tell()
    with chatty.db.atomic():
        save_quiet_hours(chatty.db, chatty.chat, QuietHours(0, 1439), NOW)
    before = len(chatty.said)
    hash_ = chatty.tell(detector="anomalies", rate=rate, severity=severity_of(rate))
    assert len(chatty.said) == before + passes
    if passes:
        said = list(chatty.said.values())[-1]
        assert not said.silent
        assert "🚨 Critical" in plain(said)
        return
    with chatty.db.atomic():
        save_quiet_hours(chatty.db, chatty.chat, None, chatty.now)
    chatty.deliver()
    named = chatty.db.execute(
        "SELECT m.reference != '' FROM alerts a JOIN message_alerts x ON x.alert_id = a.id"
        " JOIN messages m ON m.id = x.message_id WHERE a.transaction_hash = ?", [hash_]
    ).fetchall()  # fmt: skip
    assert named == [(1,)], "what did not pass is told later"


def test_after_an_hour_there_is_room_again(chatty):
    for _ in range(BUDGET + 2):
        chatty.tell()
    before = len(chatty.said)
    chatty.now += 3601
    chatty.tell()
    assert len(chatty.said) == before + 1
    assert "more alert" not in plain(list(chatty.said.values())[-1])


def test_alerts_without_a_transaction_make_it_grow_too(chatty):
    for number in range(BUDGET + 4):
        chatty.now += 1
        with chatty.db.atomic():
            alert = Alert("bitcoin", "", "blocks", f"hash{number}", chatty.now, number, None)
            ((id_, _),) = save_alerts(chatty.db, [alert])
            enqueue_alert(
                chatty.db, chatty.asked, f"block {number}", id_, Priority.BROADCAST, chatty.now
            )
        chatty.deliver()
    assert plain(list(chatty.said.values())[-1]).startswith("📦 4 more alerts")


def confirm(chatty, *hashes, orphaned=False):
    """Put transactions into a block, or take the block away again."""
    with chatty.db.atomic():
        if orphaned:
            chatty.db.conn.execute("UPDATE blocks SET canonical = 0, orphaned = 1")
        else:
            found = [transaction_by_hash(chatty.db, "bitcoin", hash_) for hash_ in hashes]
            mined = block(1, found)
            save_slice(chatty.db, mined, mined.transactions)
            complete_block(chatty.db, mined)
        request_edits(chatty.db, list(chatty.said), chatty.now)
    chatty.deliver()


def test_what_is_not_among_the_newest_is_followed_too(chatty):
    hashes = [chatty.tell() for _ in range(BUDGET + 30)]
    number = list(chatty.said)[-1]
    old = hashes[BUDGET]
    assert old not in links(chatty.said[number])
    confirm(chatty, old, hashes[-1])
    assert "2 of 30 confirmed" in plain(chatty.said[number])


def test_a_bad_end_is_shown_and_said_aloud_once_however_old_it_is(chatty):
    hashes = [chatty.tell() for _ in range(BUDGET + 30)]
    number, old = list(chatty.said)[-1], hashes[BUDGET]
    confirm(chatty, old)
    confirm(chatty, orphaned=True)
    assert old in links(chatty.said[number])
    (aloud,) = chatty.aloud
    assert links(aloud) == {old}
    chatty.tell()
    assert len(chatty.aloud) == 1


def test_it_shows_who_has_seen_it_and_offers_to_say_so(chatty):
    for _ in range(BUDGET + 3):
        chatty.tell()
    number = list(chatty.said)[-1]
    assert button(chatty.said[number], "Ack").command == f"/ack alert {number}"
    with chatty.db.atomic():
        ada = save_person(chatty.db, "telegram", "1", "Ada", NOW)
        chat = chat_by_id(chatty.db, chatty.chat)
        acknowledge(chatty.db, chat, number, ada, chatty.now)
    chatty.deliver()
    assert "✅ Ada, " in plain(chatty.said[number])
    chatty.tell()
    assert "✅ Ada, " in plain(chatty.said[number])


def test_a_digest_beyond_the_budget_keeps_its_title_and_is_told(chatty):
    for _ in range(BUDGET + 2):
        chatty.tell()
    with chatty.db.atomic():
        save_quiet_hours(chatty.db, chatty.chat, QuietHours(0, 1439), NOW)
    for _ in range(4):
        chatty.tell()
    before = len(chatty.said)
    with chatty.db.atomic():
        save_quiet_hours(chatty.db, chatty.chat, None, chatty.now)
    chatty.deliver()
    assert len(chatty.said) == before + 1
    assert plain(list(chatty.said.values())[-1]).startswith("🌅 4 transactions in quiet hours")


def links(message):
    return {run.url.rpartition("/")[2] for line in message.lines for run in line if run.url}
