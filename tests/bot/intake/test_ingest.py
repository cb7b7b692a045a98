"""From events to the outbox, on a real database."""

import pytest

from bot.intake.ingest import Ingest
from bot.intake.steps import SLICE, Pending, Slice, steps
from detectors.interests import Interests
from detectors.model import Alert, Kind, Subscription, Way
from detectors.registry import DETECTORS
from storage.blocks import begin_chain
from storage.chats import Defaults, save_chat
from storage.database import open_database
from storage.model import Role
from storage.persons import save_person, set_role
from storage.subscriptions import save_subscription
from tests.make import NOW, block, coinbase, transaction
from watchers.model import Gap, Heard, Incident, Price, Reorg
from watchers.registry import CHAINS

BTC = 10**8


class World:
    """A database, an ingest and chats with subscriptions."""

    def __init__(self, path, detectors=DETECTORS):
        self.db = open_database(path)
        self.interests = Interests()
        self.ingest = Ingest(CHAINS, detectors, self.interests)
        with self.db.atomic():
            begin_chain(self.db, "bitcoin", NOW)

    def chat(self, name="ada", platform="telegram", person=None, language="en"):
        zone = Defaults(language, "UTC", "USD")
        with self.db.atomic():
            return save_chat(
                self.db, platform, name, "", "private", name, zone, NOW, person=person
            ).id

    def whales(self, chat, amount, unit="BTC"):
        self._subscribe(Subscription(0, chat, Kind.WHALES, "bitcoin", unit=unit, amount=amount))

    def watch(self, chat, address):
        self._subscribe(Subscription(0, chat, Kind.WATCH, "bitcoin", address=address))

    def _subscribe(self, subscription):
        with self.db.atomic():
            _, saved = save_subscription(self.db, subscription, NOW)
        self.interests.add(saved)

    def take(self, *events, now=NOW):
        for step in steps(events):
            with self.db.atomic():
                self.ingest(self.db, step, now)

    def told(self):
        """(chat, amounts of the alerts) of every message, in order."""
        rows = self.db.query(
            "SELECT m.id, m.chat_id, a.amount, a.detector, a.late FROM messages m"
            " JOIN message_alerts x ON x.message_id = m.id JOIN alerts a ON a.id = x.alert_id"
            " ORDER BY m.id, a.id"
        )
        messages: dict = {}
        for row in rows:
            messages.setdefault((row["id"], row["chat_id"]), []).append(
                (row["detector"], int(row["amount"]), bool(row["late"]))
            )
        return [(chat, alerts) for (_, chat), alerts in messages.items()]

    def notices(self):
        return [r["key"] for r in self.db.query("SELECT key FROM messages WHERE body NOT NULL")]


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "test.db")


def price(usd, time=NOW):
    return Price("BTC", "USD", usd * 10**6, time, "test")


def test_events_become_steps_in_order_and_large_ones_are_sliced():
    many = [transaction() for _ in range(SLICE + 1)]
    mined = block(1, [transaction() for _ in range(2 * SLICE)])
    units = list(steps([*many, price(1), mined]))
    assert [type(unit).__name__ for unit in units] == [
        "Pending", "Pending", "Price", "Slice", "Slice",
    ]  # fmt: skip
    assert isinstance(units[0], Pending)
    assert len(units[0].transactions) == SLICE
    assert [unit.last for unit in units if isinstance(unit, Slice)] == [False, True]


def test_an_empty_block_is_one_last_slice():
    (unit,) = steps([block(1)])
    assert isinstance(unit, Slice)
    assert unit.last


def test_a_threshold_is_reached_by_equality_and_not_below(world):
    chat = world.chat()
    world.whales(chat, 500 * BTC)
    world.take(transaction(500 * BTC), transaction(500 * BTC - 1))
    assert world.told() == [(chat, [("whales", 500 * BTC, False)])]


def test_each_chat_hears_by_its_own_threshold(world):
    low, high = world.chat("low"), world.chat("high")
    world.whales(low, 10 * BTC)
    world.whales(high, 100 * BTC)
    world.take(transaction(50 * BTC), transaction(100 * BTC))
    assert sorted((chat, alerts[0][1] // BTC) for chat, alerts in world.told()) == [
        (low, 50), (low, 100), (high, 100),
    ]  # fmt: skip


def test_a_coinbase_is_no_whale(world):
    world.whales(world.chat(), 1)
    world.take(block(1, [coinbase(1)]))
    assert world.told() == []


def test_a_coinbase_to_a_watched_address_is_told(world):
    chat = world.chat()
    world.watch(chat, "miner")
    world.take(block(1, [coinbase(1)]))
    assert world.told() == [(chat, [("watched", 50, False)])]


def test_a_watched_address_hears_of_what_it_gains_and_loses(world):
    chat = world.chat()
    world.watch(chat, "ada")
    world.watch(chat, "bob")
    world.take(transaction(1_000, sender="ada", recipient="bob", fee=7))
    ((told_chat, alerts),) = world.told()
    assert told_chat == chat
    assert sorted(amount for _, amount, _ in alerts) == [-1_007, 1_000]


def test_a_whale_of_a_watched_address_is_one_message(world):
    chat = world.chat()
    world.whales(chat, 5 * BTC)
    world.watch(chat, "bob")
    world.take(transaction(6 * BTC, recipient="bob"))
    assert len(world.told()) == 1


def test_what_was_told_unconfirmed_is_not_told_again_when_mined(world):
    chat = world.chat()
    world.whales(chat, BTC)
    whale = transaction(2 * BTC)
    world.take(whale)
    world.take(block(1, [whale]))
    world.take(whale)
    assert len(world.told()) == 1


def test_history_before_the_first_start_is_stored_without_alerts(world):
    world.whales(world.chat(), 1)
    world.take(block(1, [transaction(BTC)], historic=True))
    assert world.told() == []
    assert world.db.table("transactions").count == 1


def test_a_usd_threshold_uses_the_price_of_the_moment(world):
    chat = world.chat()
    world.whales(chat, 1_000_000 * 10**6, "USD")
    world.take(price(50_000), transaction(20 * BTC), transaction(20 * BTC - 1))
    assert world.told() == [(chat, [("whales", 20 * BTC, False)])]
    (row,) = world.db.query("SELECT usd_micro FROM alerts")
    assert int(row["usd_micro"]) == 1_000_000 * 10**6


def test_candidates_without_a_price_wait_for_the_first_one_and_are_late(world):
    chat = world.chat()
    world.whales(chat, 1_000_000 * 10**6, "USD")
    world.take(transaction(20 * BTC), transaction(3 * BTC))
    assert world.told() == []
    world.take(price(50_000, NOW + 60), now=NOW + 60)
    assert world.told() == [(chat, [("whales", 20 * BTC, True)])]
    world.take(price(50_000, NOW + 120), now=NOW + 120)
    assert len(world.told()) == 1


def test_who_waits_for_a_price_is_told_though_another_was_told_without_one(world):
    in_btc, in_usd = world.chat("btc"), world.chat("usd")
    world.whales(in_btc, BTC)
    world.whales(in_usd, 10**6, "USD")
    world.take(transaction(2 * BTC))
    world.take(price(50_000, NOW + 60), now=NOW + 60)
    assert world.told() == [
        (in_btc, [("whales", 2 * BTC, False)]),
        (in_usd, [("whales", 2 * BTC, True)]),
    ]


def test_a_price_that_is_too_old_is_no_price(world):
    world.whales(world.chat(), 10**6, "USD")
    world.take(price(50_000))
    world.take(transaction(BTC), now=NOW + 2 * 3600 + 1)
    assert world.told() == []


def test_a_long_blind_time_is_said_once_before_the_late_alerts(world):
    chat = world.chat()
    world.whales(chat, BTC)
    gap = Gap("bitcoin", "test", NOW - 600, NOW, "cut")
    world.take(
        gap, block(1, [transaction(BTC)], late=True), block(2, [transaction(BTC)], late=True)
    )
    assert len(world.told()) == 2
    assert world.notices() == ["gap:1"]
    first = next(iter(world.db.query("SELECT message_id FROM deliveries ORDER BY priority, id")))
    (notice,) = world.db.query("SELECT id FROM messages WHERE key = 'gap:1'")
    assert first["message_id"] == notice["id"]


def test_a_blind_time_is_said_to_each_chat_in_its_language(world):
    for name, language in (("ada", "en"), ("bea", "es")):
        world.whales(world.chat(name, language=language), BTC)
    gap = Gap("bitcoin", "test", NOW - 600, NOW, "cut")
    world.take(gap, block(1, [transaction(BTC)], late=True))
    rows = world.db.query("SELECT body FROM messages WHERE key = 'gap:1' ORDER BY chat_id")
    english, spanish = (row["body"] for row in rows)
    assert "I could not hear Bitcoin" in english
    assert "No pude oír Bitcoin" in spanish


def test_a_short_blind_time_is_kept_in_the_ledger_only(world):
    world.whales(world.chat(), BTC)
    gap = Gap("bitcoin", "test", NOW - 60, NOW, "cut")
    world.take(gap, block(1, [transaction(BTC)], late=True))
    assert world.notices() == []
    assert world.db.table("gaps").count == 1


class FailsOnOne:
    name = "fails"

    def __init__(self, bad):
        self.bad = bad

    def detect(self, batch, state, history):
        if any(t.hash == self.bad for t in batch.transactions):
            raise ZeroDivisionError("of all things")
        alerts = [
            Alert("bitcoin", t.hash, self.name, "x", NOW, t.moved, None) for t in batch.transactions
        ]
        return alerts, state + b"."


def test_a_detector_that_fails_loses_one_transaction_and_the_owner_is_told(tmp_path):
    transactions = [transaction() for _ in range(9)]
    world = World(tmp_path / "test.db", (FailsOnOne(transactions[4].hash),))
    with world.db.atomic():
        ada = save_person(world.db, "telegram", "ada", "Ada", NOW)
    world.chat("ada", person=ada.id)
    with world.db.atomic():
        set_role(world.db, "telegram", "ada", Role.OWNER, NOW)
    world.take(*transactions)
    assert world.db.table("transactions").count == 9
    assert world.db.table("alerts").count == 8
    (incident,) = world.db.query("SELECT * FROM incidents")
    assert "ZeroDivisionError" in incident["detail"]
    assert incident["sample"] == transactions[4].hash
    assert len(world.notices()) == 1


def test_whoever_sits_at_the_terminal_is_told_of_trouble(world):
    world.chat("local", platform="terminal")
    world.chat("stranger")
    world.take(Incident("blockchain.com", "trouble", "it burns", NOW, urgent=True))
    (row,) = world.db.query(
        "SELECT c.platform FROM messages m JOIN chats c ON c.id = m.chat_id WHERE m.body NOT NULL"
    )
    assert row["platform"] == "terminal"


def test_equal_incidents_are_counted_in_one_row(world):
    for second in range(3):
        world.take(Incident("blockchain.com", "bad frame", "no JSON", NOW + second, "x"))
    (row,) = world.db.query("SELECT times, kind FROM incidents")
    assert row == {"times": 3, "kind": "bad frame"}


def test_a_reorg_lets_messages_be_brought_up_to_date_after_a_while(world):
    chat = world.chat()
    world.whales(chat, BTC)
    mined = block(2, [transaction(BTC)], branch="a")
    world.take(block(1), mined)
    with world.db.atomic():
        world.db.conn.execute("UPDATE messages SET reference = '1'")
        world.db.conn.execute("UPDATE deliveries SET state = 'sent'")
    world.take(Reorg("bitcoin", 1, NOW))
    (row,) = world.db.query("SELECT action, due_at FROM deliveries WHERE state = 'due'")
    assert row["action"] == "edit"
    assert row["due_at"] > NOW


def sent(world):
    with world.db.atomic():
        world.db.conn.execute("UPDATE messages SET reference = '1'")
        world.db.conn.execute("UPDATE deliveries SET state = 'sent'")


def edits(world):
    return [row["message_id"] for row in world.db.query(
        "SELECT message_id FROM deliveries WHERE action = 'edit' ORDER BY id"
    )]  # fmt: skip


def test_whoever_was_told_of_either_hears_of_what_replaces_both(world):
    world.whales(world.chat(), BTC)
    world.take(transaction(2 * BTC, spends=["a:0"]))
    world.take(transaction(2 * BTC, spends=["b:0"]))
    sent(world)
    world.take(transaction(5, spends=["a:0", "b:0"]))
    assert edits(world) == [1, 2]


def test_a_block_that_takes_the_place_of_another_unannounced_brings_news_of_it(world):
    world.whales(world.chat(), BTC)
    world.take(block(1), block(2, [transaction(2 * BTC)], branch="a"))
    sent(world)
    world.take(block(2, branch="b"))
    assert edits(world) == [1]


def test_an_old_gap_is_not_told_with_an_alert_that_waited_for_a_price(world):
    world.whales(world.chat(), 10**6, "USD")
    world.take(Gap("bitcoin", "test", NOW - 9000, NOW - 5000, "cut"), transaction(BTC))
    world.take(price(50_000, NOW + 60), now=NOW + 60)
    assert len(world.told()) == 1
    assert world.notices() == []


def subscribe(world, chat, kind, **more):
    world._subscribe(Subscription(0, chat, kind, "bitcoin", **more))


def test_a_block_is_told_to_who_asked_and_once_however_the_chain_goes(world):
    ada, _ = world.chat(), world.chat("bob")
    subscribe(world, ada, Kind.BLOCKS)
    first = block(1, [coinbase(1)])
    world.take(first)
    world.take(Reorg("bitcoin", 0, NOW), block(1, [coinbase(1)], branch="other"), first)
    told = [(chat, alerts[0][:2]) for chat, alerts in world.told()]
    assert told == [(ada, ("blocks", 1)), (ada, ("blocks", 1))]


def test_no_block_of_the_history_is_told(world):
    subscribe(world, world.chat(), Kind.BLOCKS)
    world.take(block(1, [coinbase(1)], historic=True))
    assert world.told() == []


def test_the_clock_alone_tells_that_a_source_is_silent(world):
    ada = world.chat()
    subscribe(world, ada, Kind.SOURCE)
    world.take(Heard("bitcoin", "s", NOW))
    for now in (NOW + 60, NOW + 180, NOW + 240):
        with world.db.atomic():
            world.ingest.tick(world.db, now)
    world.take(Heard("bitcoin", "s", NOW + 300), now=NOW + 300)
    with world.db.atomic():
        world.ingest.tick(world.db, NOW + 301)
    assert [(c, [a[0] for a in alerts]) for c, alerts in world.told()] == [
        (ada, ["source"]), (ada, ["source"]),
    ]  # fmt: skip


def test_fees_that_fall_are_told_from_what_was_stored(world):
    ada = world.chat()
    subscribe(world, ada, Kind.FEES, way=Way.BELOW, amount=3_000)
    for quarter, rate in enumerate((5, 5, 2, 2)):
        now = NOW + quarter * 900
        world.take(*(transaction(time=now, fee=rate * 200) for _ in range(12)), now=now)
        with world.db.atomic():
            world.ingest.tick(world.db, now + 60)
    assert len(world.told()) == 1


def test_a_price_that_crosses_is_told_when_it_comes(world):
    ada = world.chat()
    subscribe(world, ada, Kind.PRICE, way=Way.ABOVE, amount=100, unit="USD")
    for seconds, micro in enumerate((99, 101, 102, 98, 101)):
        world.take(Price("BTC", "USD", micro, NOW + seconds, "test"), now=NOW + seconds)
    assert [[a[1] for a in alerts] for _, alerts in world.told()] == [[101], [101]]
