"""Watched addresses: what each gained or lost."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from detectors.matching import answered
from detectors.model import Ring, Way
from detectors.watched import Watched, gains
from tests.detectors.make import USD, Past, batch, watch
from tests.make import NOW, coinbase, hash_of, transaction
from watchers.model import Transaction, Transfer

TRANSFERS = st.lists(
    st.builds(Transfer, st.sampled_from(["a", "b", "c", None]), st.integers(0, 10**15)), max_size=8
).map(tuple)


def made_of(inputs, outputs):
    return Transaction(
        "bitcoin", hash_of(inputs, outputs), NOW, inputs, outputs, 0, None, 1, None, "payment"
    )


def found(made):
    alerts, state = Watched().detect(made, b"", Past())
    assert state == b""
    return {(alert.subject, alert.amount, alert.usd_micro) for alert in alerts}


def test_who_pays_loses_the_fee_too_and_who_is_paid_gains():
    made = batch([transaction(1_000, fee=7)], [watch("ada"), watch("bob")])
    assert found(made) == {("ada", -1_007, None), ("bob", 1_000, None)}


def test_change_counts_for_its_owner():
    spent = made_of((Transfer("ada", 100),), (Transfer("bob", 30), Transfer("ada", 65)))
    assert found(batch([spent], [watch("ada")])) == {("ada", -35, None)}


def test_what_comes_and_goes_in_equal_parts_is_told_as_nothing_gained():
    through = made_of((Transfer("ada", 100), Transfer("x", 9)), (Transfer("ada", 100),))
    assert found(batch([through], [watch("ada")])) == {("ada", 0, None)}


def test_a_mining_reward_is_a_gain():
    assert found(batch([coinbase(1)], [watch("miner")])) == {("miner", 50, None)}


def test_a_loss_is_worth_as_much_as_a_gain_of_the_same_size():
    made = batch([transaction(10**8, fee=0)], [watch("ada")], dollars=50_000)
    assert found(made) == {("ada", -(10**8), 50_000 * USD)}


def test_an_output_without_an_address_belongs_to_nobody():
    burnt = made_of((Transfer("ada", 10),), (Transfer(None, 10),))
    assert gains(burnt) == {"ada": -10}


@given(inputs=TRANSFERS, outputs=TRANSFERS)
def test_gains_agree_with_a_naive_count(inputs, outputs):
    gained = gains(made_of(inputs, outputs))
    for address in ("a", "b", "c"):
        taken = sum(t.amount for t in inputs if t.address == address)
        given_ = sum(t.amount for t in outputs if t.address == address)
        assert gained.get(address, 0) == given_ - taken
        assert (address in gained) == any(t.address == address for t in (*inputs, *outputs))


def test_a_way_and_a_least_amount_decide_who_is_told():
    watches = [
        replace(watch("bob", 1, 1), way=Way.IN), replace(watch("bob", 2, 2), way=Way.OUT),
        replace(watch("bob", 3, 3), unit="BTC", amount=1_000),
        replace(watch("bob", 4, 4), unit="BTC", amount=1_001),
    ]  # fmt: skip
    made = batch([transaction(1_000, recipient="bob")], watches)
    (alert,), _ = Watched().detect(made, b"", Past())
    assert set(answered(alert, made.interests)) == {1, 3}


def test_what_is_too_little_for_everybody_is_no_alert():
    made = batch([transaction(999)], [replace(watch("bob"), unit="BTC", amount=1_000)])
    assert Watched().detect(made, b"", Past()) == ([], b"")


def test_a_least_amount_in_money_is_told_where_no_price_is_known():
    least = replace(watch("bob"), unit="USD", amount=USD)
    for dollars, told in ((None, True), (1, False), (10**6, True)):
        made = batch([transaction(1_000, recipient="bob")], [least], dollars=dollars)
        assert bool(Watched().detect(made, b"", Past())[0]) == told


def test_the_loudest_of_a_chats_subscriptions_answers():
    rings = [Ring.SILENT, Ring.LOUD, Ring.DIGEST]
    watches = [replace(watch("bob", 1, id_), ring=ring) for id_, ring in enumerate(rings, 1)]
    made = batch([transaction(recipient="bob")], watches)
    (alert,), _ = Watched().detect(made, b"", Past())
    assert answered(alert, made.interests)[1].ring is Ring.LOUD
