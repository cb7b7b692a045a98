"""The outbox at work, on a real database, with a platform whose verdicts the test decides."""

import asyncio
import itertools
from contextlib import asynccontextmanager

import pytest

from bot.intake.ingest import Ingest
from bot.intake.steps import steps
from bot.language import spoken
from bot.outlet.compose import compose
from bot.outlet.delivery import Delivery
from bot.outlet.drawing import Drawings
from bot.store import Store
from bot.wording.words import short
from detectors.interests import Interests
from detectors.model import Kind, Subscription
from detectors.registry import DETECTORS
from storage._sqlite import OperationalError
from storage.blocks import begin_chain
from storage.chats import Defaults, revive_chats, save_chat
from storage.dispatch import next_due_at
from storage.model import Gone, Message, Moved, Priority, Rejected, Retry, Sent, Text
from storage.mutes import save_mute
from storage.outbox import enqueue_notice, request_edits
from storage.subscriptions import save_subscription
from tests.bot.desk import draw
from tests.make import NOW, block, transaction
from watchers.model import Reorg
from watchers.registry import CHAINS

BTC = 10**8


class Recording:
    """A platform that notes what it is given and answers as it is told to."""

    def __init__(self, name="telegram"):
        self.name = name
        self.sent = []
        self.answered = []
        self.spoken = []
        self.verdicts = []
        self.hold = None
        self.latency = None
        self.turns = 0
        self.keys = []
        self._references = itertools.count(1)

    async def turn(self, chat, priority):
        self.turns += 1
        if self.hold:
            await self.hold.wait()

    async def send(self, chat, message, edits="", answers="", key=""):
        self.keys.append(key)
        self.answered.append(answers)
        self.spoken.append(spoken())
        self.sent.append((chat.address, edits, message))
        if self.latency:
            await self.latency.wait()
        verdict = self.verdicts.pop(0) if self.verdicts else None
        if isinstance(verdict, Exception):
            raise verdict
        return verdict or Sent(edits or str(next(self._references)))

    def titles(self):
        return ["".join(run.text for run in message.title) for _, _, message in self.sent]


class Office:
    """A store with chats and an outbox that is being emptied."""

    def __init__(self, store, platform, draw):
        self.store = store
        self.platform = platform
        self.now = NOW
        self.run = None
        self.interests = Interests()
        self.ingest = Ingest(CHAINS, DETECTORS, self.interests)
        drawings = Drawings(draw)
        self.delivery = Delivery(store, CHAINS, lambda: self.now, self.interests, drawings)

    async def chat(self, name, threshold=None, language="en"):
        defaults = Defaults(language, "UTC", "USD")
        chat = await self.store.write(
            save_chat, "telegram", name, "", "private", name, defaults, NOW
        )
        if threshold is not None:
            whales = Subscription(0, chat.id, Kind.WHALES, "bitcoin", unit="BTC", amount=threshold)
            self.interests.add(whales)
        return chat

    async def take(self, *events):
        self.delivery.begin(await self.save(*events))

    async def save(self, *events):
        """As the app does it: what a step makes due is claimed with it."""
        return [
            claimed
            for step in steps(events)
            for claimed in await self.store.write(self._save, step, int(self.now))
        ]

    def _save(self, db, step, now):
        self.ingest(db, step, now)
        return self.delivery.take_along(db, now)

    def arrived(self):
        addresses = [address for address, _, _ in self.platform.sent]
        return list(zip(addresses, self.platform.titles(), strict=True))

    async def later(self, seconds):
        self.now += seconds
        self.delivery.wake()

    async def rows(self, query):
        return await self.store.read(lambda db: db.conn.execute(query).fetchall())

    async def until(self, holds):
        async with asyncio.timeout(20):
            while not await holds():
                await asyncio.sleep(0.01)

    async def until_sent(self, count):
        async def holds():
            return len(self.platform.sent) >= count and await self.idle()

        await self.until(holds)

    async def until_sent_only(self, count):
        """Though others are still due."""

        async def holds():
            return len(self.platform.sent) >= count

        await self.until(holds)

    async def idle(self):
        return not await self.rows(
            "SELECT 1 FROM deliveries d JOIN chats c ON c.id = d.chat_id WHERE state = 'sending'"
            f" OR (c.parked = '' AND state = 'due' AND due_at <= {self.now})"
        )


@asynccontextmanager
async def opened(path, platform=None, *others, draw=draw):
    async with Store(path / "test.db") as store:
        await store.write(begin_chain, "bitcoin", NOW)
        office = Office(store, platform or Recording(), draw)
        platforms = {each.name: each for each in (office.platform, *others)}
        async with asyncio.TaskGroup() as tasks:
            office.run = tasks.create_task(office.delivery.run(platforms))
            await asyncio.sleep(0)  # what is written from here on is written after its first
            try:
                yield office
            finally:
                for held in (office.platform.hold, office.platform.latency):
                    if held:
                        held.set()
                office.delivery.finish()


@pytest.fixture
async def office(tmp_path):
    async with opened(tmp_path) as office:
        yield office


async def test_it_ends_at_once_with_the_last_verdict(tmp_path):
    async with opened(tmp_path) as office, asyncio.timeout(20):
        await office.chat("ada", BTC)
        office.platform.latency = asyncio.Event()
        await office.take(transaction(2 * BTC))

        async def sending():
            return bool(office.platform.sent)

        await office.until(sending)
        office.delivery.finish()
        office.platform.latency.set()
        await asyncio.wait([office.run])


async def test_a_whale_leaves_and_its_verdict_is_kept(office):
    await office.chat("ada", BTC)
    await office.take(transaction(2 * BTC))
    await office.until_sent(1)
    assert await office.rows("SELECT state, attempts FROM deliveries") == [("sent", 1)]
    assert await office.rows("SELECT reference FROM messages") == [("1",)]


async def test_a_platform_speaks_the_language_of_the_chat_that_it_writes_to(office):
    await office.chat("ada", BTC)
    await office.chat("bea", BTC, "es")
    await office.take(transaction(2 * BTC))
    await office.until_sent(2)
    places = (place for place, _, _ in office.platform.sent)
    assert dict(zip(places, office.platform.spoken, strict=True)) == {"ada": "en", "bea": "es"}


async def block_while_sending(office, *verdicts):
    """A whale's block comes when its message has left and no verdict is back."""
    await office.chat("ada", BTC)
    office.platform.latency = asyncio.Event()
    office.platform.verdicts = list(verdicts)
    whale = transaction(2 * BTC)
    await office.take(whale)

    async def sending():
        return bool(office.platform.sent)

    await office.until(sending)
    await office.take(block(1, [whale]))
    office.platform.latency.set()


async def test_news_that_come_while_a_message_is_being_sent_are_shown_after_it(office):
    await block_while_sending(office)
    await office.until_sent(2)
    assert [edits for _, edits, _ in office.platform.sent] == ["", "1"]
    assert "Confirmed" in str(office.platform.sent[1][2].lines)


async def test_news_wait_for_a_message_that_has_to_be_sent_again(office):
    await block_while_sending(office, Retry(30, "flood"))

    async def postponed():
        return await office.rows("SELECT 1 FROM deliveries WHERE reason = 'flood'")

    await office.until(postponed)
    assert len(office.platform.sent) == 1
    await office.later(30)

    async def shown():
        states = await office.rows("SELECT action, state FROM deliveries ORDER BY id")
        return states == [("send", "sent"), ("edit", "needless")]

    await office.until(shown)
    assert [edits for _, edits, _ in office.platform.sent] == ["", ""]


async def test_news_of_a_message_that_was_refused_are_not_kept_waiting(office):
    await block_while_sending(office, Rejected("no"))
    await office.until_sent(1)
    states = "SELECT action, state FROM deliveries ORDER BY id"
    assert await office.rows(states) == [("send", "rejected"), ("edit", "needless")]


async def test_what_must_wait_is_due_again_no_earlier_than_it_was_told_to(office):
    await office.chat("ada", BTC)
    office.platform.verdicts = [Retry(30, "flood")]
    await office.take(transaction(2 * BTC))
    await office.until_sent(1)
    assert await office.rows("SELECT state, due_at, reason FROM deliveries") == [
        ("due", NOW + 30, "flood")
    ]
    await office.later(30)
    await office.until_sent(2)
    assert await office.rows("SELECT state, attempts FROM deliveries") == [("sent", 2)]


async def test_what_arrived_in_part_is_gone_on_with_and_not_said_again(office):
    await office.chat("ada", BTC)
    office.platform.verdicts = [Retry(1, "bad gateway", reference="7,8"), Sent("7,8,9")]
    await office.take(transaction(2 * BTC))
    await office.until_sent(1)
    await office.later(1)
    await office.until_sent(2)
    assert [edits for _, edits, _ in office.platform.sent] == ["", "7,8"]
    assert await office.rows("SELECT reference FROM messages") == [("7,8,9",)]


async def test_a_blocked_chat_is_parked_and_gets_everything_when_it_comes_back(office):
    await office.chat("ada", BTC)
    office.platform.verdicts = [Rejected("blocked by the user", parks=True)]
    await office.take(transaction(2 * BTC, name=1))
    await office.until_sent(1)
    await office.take(transaction(3 * BTC, name=2))
    await office.until(office.idle)
    assert len(office.platform.sent) == 1
    await office.store.write(revive_chats, "telegram", ["ada"])
    office.delivery.wake()
    await office.until_sent(3)
    assert [title.split()[1] for title in office.platform.titles()] == ["2", "2", "3"]


async def test_a_refused_message_is_closed_with_its_reason_and_the_next_one_leaves(office):
    await office.chat("ada", BTC)
    office.platform.verdicts = [Rejected("message is too strange")]
    await office.take(transaction(2 * BTC))
    await office.until_sent(1)
    await office.take(transaction(3 * BTC))
    await office.until_sent(2)
    assert await office.rows("SELECT state, reason FROM deliveries") == [
        ("rejected", "message is too strange"), ("sent", ""),
    ]  # fmt: skip


async def test_a_chat_that_moved_is_followed(office):
    await office.chat("-1", BTC)
    office.platform.verdicts = [Moved("-1001")]
    await office.take(transaction(2 * BTC))
    await office.until_sent(2)
    assert [address for address, _, _ in office.platform.sent] == ["-1", "-1001"]


async def test_a_group_that_moved_to_a_chat_we_know_is_told_there_from_then_on(office):
    old, new = await office.chat("-1"), await office.chat("-1001")
    for amount, chat in ((BTC, old), (3 * BTC, new)):
        whales = Subscription(0, chat.id, Kind.WHALES, "bitcoin", unit="BTC", amount=amount)
        _, saved = await office.store.write(save_subscription, whales, NOW)
        office.interests.add(saved)
    office.platform.verdicts = [Moved("-1001")]
    await office.take(transaction(2 * BTC))
    await office.until(office.idle)
    await office.take(transaction(4 * BTC))
    await office.until(office.idle)
    assert [(address, title.split()[1]) for address, title in office.arrived()] == [
        ("-1", "2"), ("-1001", "2"), ("-1001", "4"),
    ]  # fmt: skip


async def test_a_fault_in_a_platform_is_tried_again_and_ends_nothing(office):
    await office.chat("ada", BTC)
    office.platform.verdicts = [RuntimeError("boom")]
    await office.take(transaction(2 * BTC))
    await office.until_sent(1)
    await office.later(300)
    await office.until_sent(2)


async def test_a_message_that_cannot_be_composed_holds_no_other_one_up(office, monkeypatch):
    bad: list = []

    def failing(db, chains, delivery, now):
        if delivery.chat.address == "ada" and len(bad) < 2:
            bad.append(delivery.message)
            raise KeyError("of all things")
        return compose(db, chains, delivery, now)

    for place in ("delivery", "compose"):  # before it has its turn, and then
        monkeypatch.setattr(f"bot.outlet.{place}.compose", failing)
    await office.chat("ada", BTC)
    await office.chat("bob", BTC)
    await office.take(transaction(2 * BTC))
    await office.until_sent(1)
    assert [address for address, _ in office.arrived()] == ["bob"]
    ((kind, detail),) = await office.rows("SELECT kind, detail FROM incidents")
    assert kind == "fault"
    assert "of all things" in detail
    await office.later(300)
    await office.until_sent(2)
    assert [address for address, _ in office.arrived()] == ["bob", "ada"]


async def test_an_outbox_that_cannot_be_read_for_a_while_ends_nothing(office, monkeypatch):
    real, failures = office.store.read, [0]

    async def failing(query, *arguments):
        if query is next_due_at and failures[0] < 2:
            failures[0] += 1
            raise OperationalError("unable to open database file")
        return await real(query, *arguments)

    monkeypatch.setattr(office.store, "read", failing)
    await office.chat("ada", BTC)
    await office.take(transaction(2 * BTC))
    await office.until_sent(1)


async def test_a_muted_chat_is_decided_when_the_message_would_leave(office):
    chat = await office.chat("ada", BTC)
    await office.store.write(save_mute, chat.id, NOW, NOW + 60)
    await office.take(transaction(2 * BTC))
    await office.until(office.idle)
    assert office.platform.sent == []
    assert await office.rows("SELECT state FROM deliveries") == [("muted",)]
    await office.later(60)
    await office.take(transaction(3 * BTC))
    await office.until_sent(1)


async def test_a_chat_that_is_muted_while_its_message_waits_for_a_turn_stays_silent(office):
    chat = await office.chat("ada", BTC)
    office.platform.hold = asyncio.Event()
    await office.take(transaction(2 * BTC))

    async def waiting():
        return await office.rows("SELECT 1 FROM deliveries WHERE state = 'sending'")

    await office.until(waiting)
    await office.store.write(save_mute, chat.id, NOW, NOW + 60)
    office.platform.hold.set()
    await office.until(office.idle)
    assert office.platform.sent == []
    assert await office.rows("SELECT state FROM deliveries") == [("muted",)]


async def say_after_a_change(office):
    """A message waits for its turn, and is composed in it, for things have changed since."""
    chat = await office.chat("ada", BTC)
    office.platform.hold = asyncio.Event()
    await office.take(transaction(2 * BTC))
    await office.store.write(save_mute, chat.id, NOW - 60, NOW - 30)
    office.platform.hold.set()
    await office.until_sent(1)


async def test_a_turn_lasts_while_a_message_is_composed(office, monkeypatch):
    monkeypatch.setattr("bot.outlet.delivery.TURN_SECONDS", 60.0)
    await say_after_a_change(office)
    assert office.platform.turns == 1


async def test_a_turn_that_the_database_outlasts_is_taken_anew(office, monkeypatch):
    monkeypatch.setattr("bot.outlet.delivery.TURN_SECONDS", 0.0)
    await say_after_a_change(office)
    assert office.platform.turns == 2


async def test_a_replacement_is_told_though_what_it_replaces_was_muted(office):
    chat = await office.chat("ada", BTC)
    await office.store.write(save_mute, chat.id, NOW, NOW + 60)
    await office.take(transaction(2 * BTC, spends=["a:0"]))
    await office.until(office.idle)
    await office.later(60)
    await office.take(transaction(3 * BTC, spends=["a:0"]))
    await office.until_sent(1)
    assert "3 BTC" in str(office.platform.sent[0][2].title)


async def test_a_chat_with_a_long_queue_hides_no_other_chat(office):
    """As many wait for it as are looked at in one go, and all came before the others."""
    busy, quiet = await office.chat("busy"), await office.chat("quiet")
    office.platform.hold = asyncio.Event()

    def crowd(db):
        for number in range(600):
            notice = Message((Text(str(number)),))
            enqueue_notice(db, busy.id, str(number), notice, Priority.PERSONAL, NOW)
        enqueue_notice(db, quiet.id, "q", Message((Text("q"),)), Priority.DIGEST, NOW)

    await office.store.write(crowd)
    office.delivery.wake()

    async def both_are_sending():
        return len(await office.rows("SELECT 1 FROM deliveries WHERE state = 'sending'")) == 2

    await office.until(both_are_sending)
    await office.store.write(
        lambda db: db.conn.execute("DELETE FROM deliveries WHERE state = 'due'") and None
    )
    office.platform.hold.set()
    await office.until_sent(2)


async def test_the_first_confirmation_edits_the_message_and_the_next_block_does_not(office):
    await office.chat("ada", BTC)
    whale = transaction(2 * BTC)
    await office.take(block(1), whale)
    await office.until_sent(1)
    await office.take(block(2, [whale]))
    await office.until_sent(2)
    await office.take(block(3, [transaction(1)]))
    await office.until(office.idle)
    ((_, first, _), (_, second, message)) = office.platform.sent
    assert (first, second) == ("", "1")
    assert "Confirmed in block 2" in str(message.lines)


async def test_a_part_that_a_change_added_is_changed_by_the_next_one(office):
    await office.chat("ada", BTC)
    whale = transaction(2 * BTC)
    await office.take(block(1), block(2, [whale], branch="a"))
    await office.until_sent(1)
    office.platform.verdicts = [Sent("1,2")]
    await office.take(Reorg("bitcoin", 1, NOW), block(2, branch="b"), block(3, [whale], parent="b"))
    await office.later(600)
    await office.until_sent(2)
    await office.take(Reorg("bitcoin", 2, NOW), block(3, branch="c", parent="b"))
    await office.later(600)
    await office.until_sent(3)
    assert [edits for _, edits, _ in office.platform.sent][:3] == ["", "1", "1,2"]


async def test_a_reorg_that_brings_the_transaction_back_at_once_changes_nothing(office):
    await office.chat("ada", BTC)
    whale = transaction(2 * BTC)
    await office.take(block(1), block(2, [whale], branch="a"))
    await office.until_sent(1)
    await office.take(Reorg("bitcoin", 1, NOW), block(2, [whale], branch="b"))
    await office.later(600)
    await office.until(office.idle)
    assert len(office.platform.sent) == 1


async def test_a_transaction_that_is_mined_again_at_another_height_shows_that_height(office):
    await office.chat("ada", BTC)
    whale = transaction(2 * BTC)
    await office.take(block(1), block(2, [whale], branch="a"))
    await office.until_sent(1)
    await office.take(Reorg("bitcoin", 1, NOW), block(2, branch="b"), block(3, [whale], parent="b"))
    await office.later(600)
    await office.until_sent(2)
    (_, (_, edits, message)) = office.platform.sent
    assert edits == "1"
    assert "Confirmed in block 3" in str(message.lines)


async def test_a_burst_goes_on_after_the_row_of_one_of_its_transactions_is_gone(office):
    await office.chat("ada", BTC)
    office.platform.hold = asyncio.Event()
    whales = [transaction(2 * BTC) for _ in range(4)]
    await office.take(block(1), *whales)
    office.platform.hold.set()
    await office.until_sent(1)
    await office.take(block(2, whales[:1]))
    await office.until_sent(2)
    gone = f"DELETE FROM transactions WHERE hash = '{whales[0].hash}'"
    await office.store.write(lambda db: db.conn.execute(gone) and None)
    await office.take(block(3, whales[1:2]))
    await office.until_sent(3)
    assert "2 of 4 confirmed" in str(office.platform.sent[-1][2].lines)
    assert await office.rows("SELECT count(*) FROM incidents") == [(0,)]
    (shown,) = (await office.rows("SELECT shown FROM messages WHERE shown != ''"))[0]
    assert f"{whales[0].hash}:confirmed@2" in shown


async def test_a_transaction_whose_block_is_lost_is_edited_and_said_aloud(office):
    await office.chat("ada", BTC)
    whale = transaction(2 * BTC)
    await office.take(block(1), block(2, [whale], branch="a"))
    await office.until_sent(1)
    await office.take(Reorg("bitcoin", 1, NOW), block(2, branch="b"))
    await office.later(600)
    await office.until_sent(3)
    (_, (_, edits, edited), (_, _, reply)) = office.platform.sent
    assert edits == "1"
    assert office.platform.answered == ["", "", "1"]
    assert "Unconfirmed again" in str(edited.lines)
    assert "Unconfirmed again" in str(reply.lines)


async def lost_in_a_reorg(office, *verdicts):
    """A whale's block is lost; the edit that says so gets these verdicts."""
    await office.chat("ada", BTC)
    whale = transaction(2 * BTC)
    await office.take(block(1), block(2, [whale], branch="a"))
    await office.until_sent(1)
    office.platform.verdicts = list(verdicts)
    await office.take(Reorg("bitcoin", 1, NOW), block(2, branch="b"))
    await office.later(600)
    await office.until(office.idle)
    for _ in verdicts:
        await office.later(600)
        await office.until(office.idle)


async def test_a_bad_end_is_said_once_though_the_edit_is_tried_again(office):
    await lost_in_a_reorg(office, Retry(30, "flood"), Retry(30, "flood"))
    assert [edits for _, edits, _ in office.platform.sent] == ["", "1", "1", "1", ""]
    assert "Unconfirmed again" in str(office.platform.sent[3][2].lines)


async def test_a_bad_end_that_cannot_be_edited_in_is_said_once(office):
    await lost_in_a_reorg(office, Gone("too old"))
    assert [edits for _, edits, _ in office.platform.sent] == ["", "1", ""]


async def test_an_edit_that_is_refused_is_not_tried_for_ever(office):
    await lost_in_a_reorg(office, Rejected("no"))
    assert [edits for _, edits, _ in office.platform.sent] == ["", "1", ""]
    await office.store.write(request_edits, [1], int(office.now))
    await office.later(1)
    await office.until(office.idle)
    assert len(office.platform.sent) == 3


async def test_a_replacement_becomes_the_same_message(office):
    await office.chat("ada", BTC)
    await office.take(transaction(2 * BTC, spends=["a:0"]))
    await office.until_sent(1)
    await office.take(transaction(3 * BTC, spends=["a:0"]))
    await office.until_sent(2)
    (_, (_, edits, message), *_) = office.platform.sent
    assert edits == "1"
    assert "3 BTC" in str(message.title)


async def test_what_can_no_longer_be_edited_is_answered_anew(office):
    await office.chat("ada", BTC)
    whale = transaction(2 * BTC)
    await office.take(block(1), whale)
    await office.until_sent(1)
    office.platform.verdicts = [Gone("too old")]
    await office.take(block(2, [whale]))
    await office.until_sent(3)
    assert [edits for _, edits, _ in office.platform.sent] == ["", "1", ""]
    assert "Confirmed" in str(office.platform.sent[2][2].lines)


async def test_a_reply_that_arrived_in_part_is_gone_on_with_and_not_said_again(office):
    halfway = Retry(30, "bad gateway", reference="7,8")
    await lost_in_a_reorg(office, Sent("1"), halfway, Sent("7,8,9"))
    assert [edits for _, edits, _ in office.platform.sent] == ["", "1", "", "7,8"]
    assert office.platform.answered == ["", "", "1", "1"]
    assert await office.rows("SELECT reference FROM messages") == [("1",)]


async def test_what_was_being_sent_at_a_crash_is_due_again(tmp_path):
    async with opened(tmp_path) as office:
        await office.chat("ada", BTC)
        await office.take(transaction(2 * BTC))
        await office.until_sent(1)
        crash = "UPDATE deliveries SET state = 'sending'"
        await office.store.write(lambda db: db.conn.execute(crash) and None)
    async with opened(tmp_path) as office:
        await office.until_sent(1)
        assert await office.rows("SELECT state, attempts FROM deliveries") == [("sent", 2)]


async def test_a_personal_alert_overtakes_what_was_broadcast_before_it(office):
    for number in range(60):
        await office.chat(f"fan{number}", BTC)
    ada = await office.chat("ada")
    office.interests.add(Subscription(0, ada.id, Kind.WATCH, "bitcoin", address="mine"))
    office.platform.hold = asyncio.Event()
    await office.take(transaction(2 * BTC))
    await office.take(transaction(5, recipient="mine"))
    office.platform.hold.set()
    await office.until_sent(61)
    order = [address for address, _, _ in office.platform.sent]
    assert order.index("ada") <= 30, "it waited for more than what was already under way"


async def test_a_notice_is_said_once_whoever_asks_for_it_again(office):
    chat = await office.chat("ada")
    for _ in range(2):
        notice = Message((Text("hello"),))
        await office.store.write(enqueue_notice, chat.id, "k", notice, Priority.DIGEST, NOW)
    office.delivery.wake()
    await office.until_sent(1)
    await office.until(office.idle)
    assert office.platform.titles() == ["hello"]


async def test_sending_waits_while_verdicts_cannot_be_stored(office, monkeypatch):
    await office.chat("ada", BTC)
    real_write, failures = office.store.write, [0]

    async def failing(change, *arguments, **more):
        if getattr(change, "__name__", "") == "_close" and failures[0] < 2:
            failures[0] += 1
            raise OperationalError("database or disk is full")
        return await real_write(change, *arguments, **more)

    monkeypatch.setattr(office.store, "write", failing)
    await office.take(transaction(2 * BTC))
    await office.until_sent(1)
    assert failures == [2]
    assert len(office.platform.sent) == 1


async def test_a_rival_of_the_rival_is_named_and_rings_no_second_time(office):
    await office.chat("ada", BTC)
    await office.take(transaction(2 * BTC, spends=["coin:0"]))
    await office.until_sent(1)
    rivals = [transaction(1, spends=["coin:0"]) for _ in range(2)]
    for rival in rivals:
        await office.take(rival)
        await office.until(office.idle)
    assert office.platform.answered == ["", "", "1", ""]
    *_, (_, edits, message) = office.platform.sent
    assert edits == "1"
    assert f"Replaced by {short(rivals[1].hash)}" in str(message.lines)
