"""Whales: by at least, in the asset or in USD, and what waits for a price."""

from hypothesis import example, given
from hypothesis import strategies as st

from detectors.matching import answered
from detectors.whales import Whales
from tests.detectors.make import BTC, USD, Past, batch, whales
from tests.make import NOW, coinbase, transaction


def found(made, state=b"", past=()):
    alerts, _ = Whales().detect(made, state, Past(past))
    return [(alert.transaction, alert.subject) for alert in alerts]


def test_a_threshold_is_reached_by_at_least():
    below, exactly = transaction(BTC - 1), transaction(BTC)
    assert found(batch([below, exactly], [whales(BTC)])) == [(exactly.hash, "BTC")]


def test_the_lowest_threshold_of_any_chat_decides():
    small = transaction(3)
    subscriptions = [whales(5, chat=1), whales(3, chat=2), whales(9, chat=3)]
    assert found(batch([small], subscriptions)) == [(small.hash, "BTC")]


def test_nobody_who_asks_means_no_alerts():
    assert found(batch([transaction(10**15)], dollars=50_000)) == []


def test_a_coinbase_is_no_whale():
    assert found(batch([coinbase(1)], [whales(1), whales(1, "USD")], dollars=50_000)) == []


def test_either_threshold_is_enough_and_both_are_one_alert():
    both = transaction(2 * BTC)
    subscriptions = [whales(2 * BTC), whales(100_000 * USD, "USD")]
    assert found(batch([both], subscriptions, dollars=50_000)) == [(both.hash, "BTC")]


def test_an_alert_keeps_the_price_it_used():
    made = batch([transaction(2 * BTC)], [whales(BTC)], dollars=50_000)
    ((alert,), _) = Whales().detect(made, b"", Past())
    assert alert.usd_micro == 100_000 * USD


def test_what_waits_for_a_price_is_remembered_from_its_earliest_time_on():
    """Blocks that are filled in later may hold what happened earlier."""
    subscriptions = [whales(USD, "USD")]
    _, state = Whales().detect(batch([transaction(time=NOW)], subscriptions), b"", Past())
    earlier = transaction(5 * BTC, time=NOW - 600)
    _, state = Whales().detect(batch([earlier], subscriptions), state, Past())
    assert found(batch((), subscriptions, dollars=50_000), state, [earlier]) == [
        (earlier.hash, "USD")
    ]


def test_the_wait_is_over_with_the_first_price():
    subscriptions = [whales(USD, "USD")]
    _, state = Whales().detect(batch([transaction()], subscriptions), b"", Past())
    assert state
    _, state = Whales().detect(batch((), subscriptions, dollars=50_000), state, Past())
    assert state == b""


def test_nothing_waits_where_nobody_has_a_threshold_in_usd():
    _, state = Whales().detect(batch([transaction()], [whales(BTC)]), b"", Past())
    assert state == b""


def test_what_waited_is_late_and_what_comes_with_the_price_is_not():
    subscriptions = [whales(USD, "USD")]
    old, new = transaction(BTC), transaction(BTC)
    made = batch([new], subscriptions, dollars=50_000)
    alerts, _ = Whales().detect(made, str(NOW).encode(), Past([old]))
    assert [(a.transaction, a.late) for a in alerts] == [(old.hash, True), (new.hash, False)]


@example(floor=10**6, dollars=30_000, moved=3_333)
@given(
    floor=st.integers(1, 10**15),
    dollars=st.integers(1, 10**7),
    moved=st.integers(0, 10**16),
)
def test_what_waited_alerts_exactly_where_somebody_is_told(floor, dollars, moved):
    """An alert that nobody asked for would be counted, and told to nobody."""
    made = batch((), [whales(floor, "USD")], dollars=dollars)
    alerts, _ = Whales().detect(made, str(NOW).encode(), Past([transaction(moved)]))
    assert bool(alerts) == (moved * dollars * USD // BTC >= floor)
    assert all(set(answered(alert, made.interests)) == {1} for alert in alerts)
