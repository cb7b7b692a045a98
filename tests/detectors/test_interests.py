"""The index of interests agrees with a plain list, whatever begins and ends."""

from hypothesis import given
from hypothesis import strategies as st

from detectors.interests import Interests
from detectors.model import Kind
from tests.detectors.make import watch, whales

SUBSCRIPTIONS = st.one_of(
    st.builds(watch, st.sampled_from("abc"), st.integers(1, 3)),
    st.builds(whales, st.integers(1, 6), st.sampled_from(["BTC", "USD"]), st.integers(1, 3)),
)
CHANGES = st.lists(st.tuples(st.booleans(), SUBSCRIPTIONS), max_size=40)


@given(changes=CHANGES)
def test_the_index_agrees_with_a_plain_list(changes):
    index = Interests()
    plain: list = []
    for number, (begins, subscription) in enumerate(changes):
        if begins or not plain:
            index.add(subscription)
            plain.append(subscription)
        else:
            index.remove(plain.pop(number % len(plain)))
    assert_agree(index, plain)
    assert_agree(Interests(plain), plain)


def assert_agree(index, plain):
    watches = [s for s in plain if s.kind is Kind.WATCH]
    assert set(index.addresses("bitcoin")) == {s.address for s in watches}
    for address in "abcd":
        watching = [s for s in watches if s.address == address]
        assert ordered(index.watching("bitcoin", address)) == ordered(watching)
    for chat in range(1, 5):
        watched = [s for s in watches if s.chat == chat]
        assert ordered(index.watched_in(chat)) == ordered(watched)
    for unit in ("BTC", "USD"):
        amounts = [s.amount for s in plain if s.kind is Kind.WHALES and s.unit == unit]
        assert index.floor("bitcoin", unit) == min(amounts, default=None)
        for amount in range(8):
            reached = [s.amount for s in index.reached("bitcoin", unit, amount)]
            assert sorted(reached) == sorted(a for a in amounts if a <= amount)


def ordered(subscriptions):
    return sorted(subscriptions, key=lambda s: (s.chat, s.address))


def test_chains_do_not_mix():
    index = Interests([watch("a"), whales(5)])
    assert not index.addresses("ethereum")
    assert index.watching("ethereum", "a") == ()
    assert index.floor("ethereum", "BTC") is None
