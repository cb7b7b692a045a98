"""A judgement with its reasons says what the detectors do."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from detectors.judging import judge
from detectors.model import Kind, Miss, Ring, Subscription, Way
from detectors.registry import DETECTORS
from tests.detectors.make import BTC, USD, Past, batch, price, watch, whales
from tests.make import transaction

WATCHES = st.builds(
    lambda address, amount, unit, way, ring: Subscription(
        0, 1, Kind.WATCH, "bitcoin", address=address, amount=amount, unit=unit, way=way, ring=ring
    ),
    st.sampled_from(["ada", "bob", "cy"]),
    st.sampled_from([0, BTC, 2 * BTC]),
    st.sampled_from(["BTC", "USD"]),
    st.sampled_from([Way.ANY, Way.IN, Way.OUT]),
    st.sampled_from(Ring),
)
WHALES = st.builds(
    lambda amount, unit, ring: replace(whales(amount, unit), ring=ring),
    st.sampled_from([BTC, 20_000 * USD]),
    st.sampled_from(["BTC", "USD"]),
    st.sampled_from(Ring),
)
TRANSACTIONS = st.builds(
    transaction, st.integers(0, 3 * BTC), category=st.sampled_from(["payment", "coinbase"])
)


@given(
    paid=TRANSACTIONS,
    asking=st.lists(st.one_of(WATCHES, WHALES), max_size=5),
    dollars=st.sampled_from([None, 20_000]),
)
def test_whatever_is_judged_to_be_told_is_what_the_detectors_tell(paid, asking, dollars):
    asking = [replace(one, id=number) for number, one in enumerate(asking)]
    made = batch([paid], asking, dollars=dollars)
    alerts = [alert for d in DETECTORS for alert in d.detect(made, b"", Past())[0]]
    told = {one.id for one in asking if any(one.asks_for(alert) for alert in alerts)}
    assert {j.subscription.id for j in judge(made, asking) if j.miss is None} == told


def reasons(paid, *asking, dollars=None, later=None):
    made = batch([paid], (), dollars=dollars)
    return [(j.subscription.id, j.miss) for j in judge(made, asking, later)]


def test_the_nearest_comes_first():
    far, near = whales(100 * BTC, id_=1), whales(3 * BTC, id_=2)
    told, other = whales(BTC, id_=3), watch("nobody", id_=4)
    off = replace(told, id=5, ring=Ring.OFF)
    wrong_way = replace(watch("bob", id_=6), way=Way.OUT)
    assert reasons(transaction(2 * BTC), far, near, told, other, off, wrong_way) == [
        (3, None), (5, Miss.OFF), (2, Miss.LITTLE), (1, Miss.LITTLE), (6, Miss.WAY), (4, Miss.ELSE),
    ]  # fmt: skip


def test_a_threshold_in_dollars_is_judged_by_the_first_price_after_it():
    dollars = whales(30_000 * USD, "USD")
    assert reasons(transaction(2 * BTC), dollars) == [(0, Miss.UNPRICED)]
    assert reasons(transaction(2 * BTC), dollars, later=price(20_000)) == [(0, None)]
    assert reasons(transaction(2 * BTC), dollars, later=price(10_000)) == [(0, Miss.LITTLE)]
    assert reasons(transaction(2 * BTC), dollars, dollars=10_000, later=price(20_000)) == [
        (0, Miss.LITTLE)
    ]
