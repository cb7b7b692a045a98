import random

import pytest

from detectors.learnt.injections import BTC, KINDS, TABLE, drawn, injected
from tests.detectors.learnt.make import payments

REAL = payments(400)


def value(transaction):
    return sum(out.amount for out in transaction.outputs)


def made(kind, seed=1):
    rng = random.Random(seed)
    real = rng.choice(REAL)
    return real, KINDS[kind](real, TABLE, rng)


def rate(transaction):
    return transaction.fee / transaction.virtual_size


RULES = {
    "fee blunder": lambda r, t: 49 <= t.fee / r.fee <= 301 and value(t) == value(r),
    "sweep": lambda r, t: (
        100 <= len(t.inputs) <= 400
        and value(t) == 3 * value(r)
        and rate(t) == pytest.approx(20, rel=1e-3)
    ),
    "dust storm": lambda r, t: (
        200 <= len(t.outputs) <= 900
        and all(546 <= out.amount <= 1_000 for out in t.outputs)
        and rate(t) == pytest.approx(15, rel=1e-3)
    ),
    "fan-out": lambda r, t: (
        150 <= len(t.outputs) <= 600
        and value(t) == 50 * value(r)
        and rate(t) == pytest.approx(25, rel=1e-3)
    ),
    "value spike": lambda r, t: 499 <= value(t) / value(r) <= 5_001 and t.fee == r.fee,
    "peel step": lambda r, t: (
        (len(t.inputs), len(t.outputs)) == (1, 2)
        and 50 * BTC <= value(t) <= 500 * BTC
        and rate(t) == pytest.approx(30, rel=1e-3)
    ),
    "round number out and back": lambda r, t: (
        (len(t.inputs), len(t.outputs)) == (1, 1)
        and value(t) % BTC == 0
        and BTC <= value(t) <= 50 * BTC
    ),
    "structuring": lambda r, t: (
        (len(t.inputs), len(t.outputs)) == (1, 2)
        and any(0.97 * limit * BTC <= value(t) < limit * BTC for limit in (10, 20))
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(8))
def test_an_oddity_is_what_the_table_says(kind, seed):
    real, odd = made(kind, seed)
    assert RULES[kind](real, odd)


@pytest.mark.parametrize("kind", KINDS)
def test_an_oddity_is_a_transaction_that_could_be(kind):
    _, odd = made(kind)
    assert sum(coin.amount for coin in odd.inputs) == value(odd) + odd.fee
    assert min(coin.amount for coin in (*odd.inputs, *odd.outputs)) >= 0
    assert odd.hash not in {real.hash for real in REAL}
    assert odd.moved <= value(odd)


def test_an_eighth_is_of_each_kind():
    kinds = [kind for _, kind in injected(REAL, 0.04, TABLE, random.Random(1))]
    assert sorted(kinds) == sorted([*KINDS, *KINDS])


def test_the_second_set_is_drawn_by_the_seed():
    one, again, other = (drawn(random.Random(seed)) for seed in (1, 1, 2))
    assert one == again != other != TABLE
    assert all(low <= high for low, high in (one.blunder, one.sweep_inputs, one.below))
