"""What holds for every detector in the registry."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.registry import DETECTORS
from tests.detectors.make import BTC, USD, Past, batch, watch, whales
from tests.make import NOW, transaction

PEOPLE = st.sampled_from(["ada", "bob", "cy", "dee"])
TRANSACTIONS = st.lists(
    st.builds(
        transaction,
        st.integers(0, 3 * BTC),
        time=st.integers(NOW - 900, NOW),
        sender=PEOPLE,
        recipient=PEOPLE,
        category=st.sampled_from(["payment", "coinbase", "batch"]),
    ),
    max_size=12,
)
SUBSCRIPTIONS = [watch("ada"), watch("bob", 2), whales(BTC), whales(30_000 * USD, "USD", 2)]
DOLLARS = st.sampled_from([None, 20_000])
each_detector = pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.name)
# What learns from transactions as they come is told one order from another, and saves seldom.
each_that_forgets = pytest.mark.parametrize(
    "detector", [d for d in DETECTORS if d.name != "anomalies"], ids=lambda d: d.name
)


def keys(alerts):
    return {(a.chain, a.transaction, a.detector, a.subject) for a in alerts}


@each_detector
def test_an_empty_batch_has_no_alerts(detector):
    alerts, state = detector.detect(batch((), SUBSCRIPTIONS, dollars=1), b"", Past())
    assert (list(alerts), state) == ([], b"")


def test_names_are_unique():
    assert len({detector.name for detector in DETECTORS}) == len(DETECTORS)


@each_detector
@given(transactions=TRANSACTIONS, dollars=DOLLARS)
def test_a_detector_changes_nothing_that_it_is_given(detector, transactions, dollars):
    made = batch(transactions, SUBSCRIPTIONS, dollars=dollars)
    before = msgspec.structs.replace(made)
    detector.detect(made, b"", Past())
    assert made == before
    assert made.transactions == tuple(transactions)
    assert set(made.interests.addresses("bitcoin")) == {"ada", "bob"}


@each_detector
@given(transactions=TRANSACTIONS, dollars=DOLLARS)
def test_a_key_comes_once_and_names_a_transaction_of_the_batch(detector, transactions, dollars):
    made = batch(transactions, SUBSCRIPTIONS, dollars=dollars)
    alerts, _ = detector.detect(made, b"", Past())
    assert len(keys(alerts)) == len(alerts)
    assert {alert.transaction for alert in alerts} <= {t.hash for t in transactions}
    assert {alert.detector for alert in alerts} <= {detector.name}


@each_that_forgets
@given(transactions=TRANSACTIONS, dollars=DOLLARS, data=st.data())
def test_the_order_in_a_batch_decides_nothing(detector, transactions, dollars, data):
    shuffled = data.draw(st.permutations(transactions))
    one, state = detector.detect(batch(transactions, SUBSCRIPTIONS, dollars=dollars), b"", Past())
    two, other = detector.detect(batch(shuffled, SUBSCRIPTIONS, dollars=dollars), b"", Past())
    assert (keys(one), state) == (keys(two), other)


@each_that_forgets
@given(transactions=TRANSACTIONS, dollars=DOLLARS, data=st.data())
def test_a_batch_split_in_two_has_the_same_alerts(detector, transactions, dollars, data):
    cut = data.draw(st.integers(0, len(transactions)))
    made = batch(transactions, SUBSCRIPTIONS, dollars=dollars)
    whole, state = detector.detect(made, b"", Past())
    first, between = detector.detect(with_(made, transactions[:cut]), b"", Past())
    second, after = detector.detect(with_(made, transactions[cut:]), between, Past())
    assert sorted(whole, key=repr) == sorted([*first, *second], key=repr)
    assert state == after


def with_(made, transactions):
    return msgspec.structs.replace(made, transactions=tuple(transactions))
