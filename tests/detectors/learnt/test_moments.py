"""Features that need time and addresses: rest, sums that go back, series of payments."""

import math

import msgspec
import pytest

from detectors.learnt import memory as memory_module
from detectors.learnt.memory import memory_of, save_bytes
from tests.detectors.learnt.make import learnt, seen
from tests.make import transaction
from watchers.model import Transfer

BTC = 10**8


def pays(sender, recipient, amount, at, fee=1_000):
    return transaction(amount, sender=sender, recipient=recipient, time=at, fee=fee)


def usual_payments():
    """Enough for it to be known that 1 BTC is usual."""
    return [pays(f"sender {number}", "shop", BTC, 0) for number in range(32)]


@pytest.mark.parametrize(("after", "woken"), [(86_400, 86_400), (3_599, 0)])
def test_who_was_still_for_an_hour_wakes_up(after, woken):
    memory = learnt([pays("mint", "sleeper", BTC, 0)])
    assert seen(pays("sleeper", "shop", BTC, after), memory)["woken"] == woken


def remembered_after(strangers, monkeypatch):
    """Two rich and one who is not, and so many strangers after them, in a short memory."""
    monkeypatch.setattr(memory_module, "GENERATION", 100)
    monkeypatch.setattr(memory_module, "GREAT_KEPT", 1)
    rich = [pays("mint", name, 1_000 * BTC, 600) for name in ("first rich", "last rich")]
    crowd = [pays("mint", f"stranger {number}", BTC, 700) for number in range(strangers)]
    memory = learnt([*usual_payments(), pays("mint", "poor", BTC, 600), *rich, *crowd])
    return [name for name in ("poor", "first rich", "last rich") if memory.known(name)]


def test_addresses_of_great_sums_are_remembered_longer_but_not_all(monkeypatch):
    assert remembered_after(100, monkeypatch) == ["poor", "first rich", "last rich"]
    assert remembered_after(300, monkeypatch) == ["last rich"]


def given_to_bob(at=0):
    return learnt([pays("ada", "bob", 5 * BTC, at)])


@pytest.mark.parametrize(
    ("back", "to", "after", "returned"),
    [
        (5 * BTC, "ada", 600, 1),
        (475 * BTC // 100, "ada", 600, 0.95),
        (4 * BTC, "ada", 600, 0),
        (5 * BTC, "cy", 600, 0),
        (5 * BTC, "ada", 3_601, 0),
    ],
)
def test_a_sum_that_goes_back_as_a_whole_within_the_hour_is_seen(back, to, after, returned):
    found = seen(pays("bob", to, back, after), given_to_bob())
    assert found["returned"] == pytest.approx(returned, rel=1e-4)


def test_a_sum_out_of_other_coins_does_not_go_back():
    inputs = (Transfer("bob", 5 * BTC), Transfer("bob", 90 * BTC))
    outputs = (Transfer("ada", 5 * BTC), Transfer("bob", 90 * BTC))
    payment = msgspec.structs.replace(
        pays("bob", "ada", 5 * BTC, 600), inputs=inputs, outputs=outputs
    )
    assert seen(payment, given_to_bob())["returned"] == 0


@pytest.mark.parametrize(("change", "returned"), [("bob", 1), ("somebody new", 0)])
def test_what_may_be_change_does_not_go_back(change, returned):
    outputs = (Transfer("ada", 495 * BTC // 100), Transfer(change, 5 * BTC // 100))
    moved = 5 * BTC if change != "bob" else 495 * BTC // 100
    payment = msgspec.structs.replace(
        pays("bob", "ada", 5 * BTC, 600), outputs=outputs, moved=moved
    )
    assert seen(payment, given_to_bob())["returned"] == pytest.approx(returned, rel=0.02)


def test_a_small_part_of_a_payment_that_goes_back_is_no_return():
    outputs = (Transfer("ada", 5 * BTC), Transfer("cy", 90 * BTC))
    payment = msgspec.structs.replace(pays("bob", "ada", 95 * BTC, 600), outputs=outputs)
    assert seen(payment, given_to_bob())["returned"] == 0


def test_change_is_no_return():
    outputs = (Transfer("ada", 5 * BTC), Transfer("cy", 5 * BTC))
    inputs = (Transfer("ada", 5 * BTC), Transfer("bob", 5 * BTC))
    both = msgspec.structs.replace(
        pays("ada", "cy", 5 * BTC, 600), inputs=inputs, outputs=outputs, moved=5 * BTC
    )
    assert seen(both, given_to_bob())["returned"] == 0


def series(*amounts, gap=600):
    return [pays("ada", f"somebody {at}", sum_, at * gap) for at, sum_ in enumerate(amounts)]


def test_payments_of_nearly_the_same_sum_are_counted():
    *before, last = series(980, 1_000, 400, 990)
    assert seen(last, learnt(before))["alike"] == 3


def test_payments_of_more_than_an_hour_ago_are_not_counted():
    *before, last = series(990, 980, 985, gap=2_000)
    assert seen(last, learnt(before))["alike"] == 2


def test_a_replacement_is_not_one_more_payment():
    first = pays("ada", "bob", 1_000, 0, fee=10)
    second = pays("ada", "bob", 990, 60, fee=20)
    assert seen(second, learnt([first]))["alike"] == 1


def test_payments_that_stay_below_round_sums_add_up():
    *before, last = series(99 * BTC // 10, 195 * BTC // 10, 7 * BTC, 98 * BTC // 10)
    found = seen(last, learnt(before))
    assert found["skirted"] == 392 * BTC // 10
    assert seen(before[2], learnt(before[:2]))["skirted"] == 0
    assert math.isnan(seen(before[0])["skirted"])


def test_a_memory_that_was_saved_sees_the_same():
    *before, last = series(99 * BTC // 10, 195 * BTC // 10, 98 * BTC // 10)
    memory = learnt([*before, pays("ada", "bob", 5 * BTC, 100)])
    for one in (last, pays("bob", "ada", 5 * BTC, 1_200)):
        assert repr(seen(one, memory_of(save_bytes(memory)))) == repr(seen(one, memory))


def test_a_memory_of_before_is_read():
    memory = learnt(usual_payments())
    state = msgspec.msgpack.decode(save_bytes(memory))
    state["young"] = {key: known[:4] for key, known in state["young"].items()}
    old = memory_of(msgspec.msgpack.encode(state))
    assert old.met == memory.met
    assert seen(pays("shop", "bob", 1, 700), old)["alike"] == 1
