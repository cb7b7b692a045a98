import math

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.learnt.features import FEATURES, features_of
from detectors.learnt.memory import FORMS, GENERATION, Memory, memory_of, save_bytes
from detectors.learnt.sampling import matrix_of
from tests.detectors.learnt.make import dealings, learnt, payments, seen
from tests.make import transaction
from watchers.model import Transfer

NAMES = [feature.name for feature in FEATURES]


def same(one, two):
    return repr(one.tolist()) == repr(two.tolist())


def mixed(count, seed=1):
    """So many of both kinds, in turns."""
    pairs = zip(payments(count, seed), dealings(count, seed), strict=True)
    return [one for pair in pairs for one in pair]


def test_a_mixed_stream_has_something_of_every_feature():
    matrix = matrix_of(mixed(150), Memory())
    known = [len(set(column[~np.isnan(column)].tolist())) for column in matrix.T]
    assert [name for name, values in zip(NAMES, known, strict=True) if values < 2] == []


def test_there_are_as_many_numbers_as_names():
    assert len(features_of(transaction(), Memory())) == len(FEATURES) == len(set(NAMES))


def test_features_of_one_facet_stand_together():
    facets = [feature.facet for feature in FEATURES]
    assert len(set(facets)) == sum(a != b for a, b in zip(facets, ["", *facets], strict=False))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 80), st.integers(0, 999), st.integers(0, 999))
def test_no_feature_looks_ahead(cut, seed, other):
    begin, end, another = mixed(cut, seed), mixed(20, seed + 1), mixed(35, other + 2_000)
    one = matrix_of([*begin, *end], Memory())
    two = matrix_of([*begin, *another], Memory())
    assert same(one[: len(begin)], two[: len(begin)])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 300))
def test_a_memory_that_was_saved_goes_on_as_if_it_had_not_been(cut):
    transactions = mixed(150)
    memory = Memory()
    before = matrix_of(transactions[:cut], memory)
    after = matrix_of(transactions[cut:], memory_of(save_bytes(memory)))
    whole = matrix_of(transactions, Memory())
    assert same(whole[:cut], before)
    assert same(whole[cut:], after)


def test_a_memory_forgets_the_oldest_addresses():
    memory = Memory()
    for number in range(3 * GENERATION):
        memory.learn(transaction(sender=f"{number:014d}", recipient="always"))
    assert len(memory.young) + len(memory.old) <= 2 * GENERATION
    always = memory.known("always")
    assert always is not None
    assert always.times == 3 * GENERATION
    assert memory.known(f"{0:014d}") is None
    assert len(save_bytes(memory)) < 2 * 2**20


def test_what_is_not_known_is_not_a_number():
    unknown = seen(msgspec.structs.replace(transaction(), fee=None))
    nothing = {name for name, value in unknown.items() if math.isnan(value)}
    assert nothing == {
        "moved_usual", "moved_alike", "fee", "fee_rate", "fee_market", "fee_share", "idle",
        "sender_usual", "woken", "alike", "skirted",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("moved", "zeros", "round_sum", "below"),
    [
        (15 * 10**8, 8, 15 * 10**8, 0),
        (123_456, 0, 0, 0),
        (1_990_000, 4, 0, 1_990_000),
        (0, 0, 0, 0),
    ],
)
def test_round_sums_and_those_just_below_are_seen(moved, zeros, round_sum, below):
    found = seen(transaction(moved))
    assert [found[n] for n in ("zeros", "round_sum", "below_sum")] == [zeros, round_sum, below]


def test_a_peeled_coin_is_seen():
    outputs = (Transfer("bob", 5), Transfer("cy", 95))
    assert seen(msgspec.structs.replace(transaction(100), outputs=outputs))["peeled"] == 100
    assert seen(transaction(100))["peeled"] == 0


def test_sums_and_rates_are_compared_with_what_is_usual_of_late():
    memory = learnt(transaction(1_000, fee=200, size=200) for _ in range(32))
    found = seen(transaction(5_000, fee=600, size=200), memory)
    assert found["moved_usual"] == pytest.approx(5)
    assert found["fee_market"] == pytest.approx(3)


def test_sums_are_compared_with_those_of_transactions_of_the_same_form():
    memory = learnt(
        transaction(amount, sender=f"{kind}{number}")
        for number in range(32)
        for kind, amount in (("bc1q", 5_000), ("bc1p", 500), ("3", 100))
    )
    found = [seen(transaction(5_000, sender=one), memory) for one in ("bc1qx", "bc1px", "3x", "1x")]
    assert [f["moved_alike"] for f in found[:3]] == pytest.approx([1, 10, 50])
    assert math.isnan(found[3]["moved_alike"])


def test_a_busy_address_is_as_busy_however_long_it_is_watched():
    def busy(count):
        memory = learnt(
            transaction(9, sender=f"person {n % 10 and n}", recipient=f"shop {n}")
            for n in range(count)
        )
        return seen(transaction(9, sender="person 0", recipient="new"), memory)["degree"]

    assert busy(3_000) == pytest.approx(92, rel=0.01)
    assert busy(12_000) == pytest.approx(98, rel=0.01)


def test_forms_are_not_remembered_without_end():
    memory = learnt(transaction(9, sender=chr(64 + number)) for number in range(10 * FORMS))
    assert len(memory.forms) == FORMS


def test_senders_are_compared_with_what_they_sent_before():
    memory = learnt(transaction(900, fee=99, time=100, sender="ada" * 5) for _ in range(3))
    found = seen(transaction(4_999, time=160, sender="ada" * 5), memory)
    assert found["idle"] == 60
    assert found["degree"] == pytest.approx(3_000 / 258, rel=0.01)
    assert found["sender_usual"] == pytest.approx(5)
    assert found["known_senders"] == 1
