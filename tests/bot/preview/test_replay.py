"""A preview tells what the live pipeline told."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.model import Kind, Subscription, Way
from detectors.watched import gains
from tests.bot.preview.live import Live
from tests.make import NOW, block, transaction
from tests.watchers.blockchain_com.converted import real_mempool
from watchers.blockchain_com.frames import parse_frame
from watchers.model import Heard, Price, Transaction

ONE = 10**8
RULES: dict[str, dict[str, Any]] = {
    "whales": {"kind": Kind.WHALES, "unit": "BTC", "amount": 5 * ONE},
    "whales in USD": {"kind": Kind.WHALES, "unit": "USD", "amount": 500 * 10**6},
    "watch": {"kind": Kind.WATCH, "address": "bob"},
    "watch what goes out": {"kind": Kind.WATCH, "address": "bob", "way": Way.OUT},
    "watch from an amount on": {
        "kind": Kind.WATCH, "address": "bob", "unit": "BTC", "amount": 4 * ONE, "way": Way.IN,
    },
    "watch from dollars on": {
        "kind": Kind.WATCH, "address": "bob", "unit": "USD", "amount": 400 * 10**6,
    },
    "blocks": {"kind": Kind.BLOCKS},
    "late blocks": {"kind": Kind.BLOCKS, "way": Way.LATER, "amount": 300},
    "fees below": {"kind": Kind.FEES, "way": Way.BELOW, "amount": 3000},
    "fees above": {"kind": Kind.FEES, "way": Way.ABOVE, "amount": 4000},
    "price above": {"kind": Kind.PRICE, "way": Way.ABOVE, "amount": 100 * 10**6, "unit": "USD"},
    "price below": {"kind": Kind.PRICE, "way": Way.BELOW, "amount": 100 * 10**6, "unit": "USD"},
    "source": {"kind": Kind.SOURCE},
}  # fmt: skip


def rule(**what):
    return Subscription(0, 1, chain="bitcoin", **what)


minutes = st.tuples(
    st.sampled_from((1, 1, 1, 1, 5)),  # how many minutes pass
    st.sampled_from((1, 2, 2, 3, 4, 5)),  # satoshi a virtual byte
    st.lists(
        st.tuples(st.integers(1, 9), st.sampled_from(("ada", "bob")), st.integers(0, 3)),
        max_size=2,
    ),  # what is moved, by whom, and which coin it spends
    st.sampled_from((None, None, 95, 99, 100, 101, 102)),  # a price
    st.booleans(),  # whether a block comes
    st.sampled_from((True, True, True, False)),  # whether the source is heard
)


def live_through(live, history):
    """The live pipeline's way through a history; returns when it ended."""
    live.take(NOW, Heard("bitcoin", "test", NOW))
    live.tick(NOW)
    now = NOW
    for number, (pause, paid, moves, dollars, mined, heard) in enumerate(history):
        now += 60 * pause
        usual = [transaction(1, name=("usual", number, i), time=now - 9, fee=paid * 200,
                             sender="eve", recipient="eve") for i in range(5)]  # fmt: skip
        large = [transaction(units * ONE, name=("large", number, i), time=now - 9,
                             sender=sender, recipient="bob" if sender == "ada" else "ada",
                             spends=(f"coin{number // 4}:{coin}",))
                 for i, (units, sender, coin) in enumerate(moves)]  # fmt: skip
        if heard:
            live.take(now - 9, *usual, *large, Heard("bitcoin", "test", now - 9))
        if dollars is not None:
            live.take(now - 6, Price("BTC", "USD", dollars * 10**6, now - 6, "test"))
        if mined and heard:
            live.take(now - 3, block(number + 1, time=now - 30))
        live.tick(now)
    return now + 1


@pytest.mark.parametrize("what", RULES.values(), ids=RULES)
@given(history=st.lists(minutes, min_size=4, max_size=16))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_preview_is_what_the_pipeline_told_of_the_same_history(what, history):
    live = Live(rule(**what))
    until = live_through(live, history)
    assert live.previewed(until) == live.told()
    live.db.close()


LIVELY = [
    (1, 2, [], 99, True, True),
    (1, 3, [(9, "ada", 0)], 101, False, True),
    (5, 5, [(6, "bob", 1)], None, False, True),
    (1, 5, [], 95, False, True),
    (5, 5, [], 102, True, False),
    (1, 5, [(9, "ada", 2)], None, True, True),
    *[(1, 1, [(8, "bob", 3)], 98, True, True)] * 30,
]


@pytest.mark.parametrize("what", RULES.values(), ids=RULES)
def test_of_a_lively_history_every_rule_tells_something(what):
    live = Live(rule(**what))
    until = live_through(live, LIVELY)
    assert live.told()
    assert live.previewed(until) == live.told()
    live.db.close()


def test_a_block_of_what_is_known_is_no_moment():
    """Else a wait would be told of a block in whose stead the next one is being stored."""
    nothing: tuple = (1, 1, [], None, False, True)
    mined: tuple = (1, 1, [], None, True, True)
    live = Live(rule(**RULES["late blocks"]))
    until = live_through(live, [nothing, nothing, mined, (5, *mined[1:])])
    assert live.previewed(until) == live.told() == []
    live.db.close()


def test_all_rules_together_tell_of_a_transaction_once():
    live = Live(*(rule(**what) for what in RULES.values()))
    until = live_through(live, LIVELY)
    assert live.previewed(until) == live.told()
    live.db.close()


def _transaction(raw, now):
    """A real transaction as a frame brings it."""
    frame = json.dumps({"op": "utx", "x": raw | {"time": 0}}).encode()
    parsed = parse_frame(frame, now)
    assert isinstance(parsed, Transaction)
    return parsed


def test_a_preview_is_what_the_pipeline_told_of_real_transactions():
    """Twenty a minute, with the price of those days, which comes late."""
    transactions = [
        _transaction(raw, NOW + 1 + number * 3) for number, (_, raw) in enumerate(real_mempool())
    ]
    paid = Counter(address for t in transactions for address in gains(t))
    live = Live(
        rule(kind=Kind.WHALES, unit="BTC", amount=ONE),
        rule(kind=Kind.WHALES, unit="USD", amount=50_000 * 10**6),
        *(rule(kind=Kind.WATCH, address=address) for address, _ in paid.most_common(3)),
        rule(kind=Kind.FEES, way=Way.ABOVE, amount=20_000),
        rule(kind=Kind.FEES, way=Way.BELOW, amount=15_000),
    )
    live.tick(NOW)
    now = NOW
    for start in range(0, len(transactions), 20):
        now = transactions[start:][:20][-1].time
        live.take(now, *transactions[start : start + 20])
        if start % 200 == 100:
            live.take(now, Price("BTC", "USD", 65_000 * 10**6, now, "test"))
        live.tick(now + 1)
    told = live.told()
    assert len(told) > 100
    assert live.previewed(now + 2) == told
    live.db.close()
