"""Frames and answers with values that cannot be are refused; missing ones are not."""

import json

import pytest

from tests.watchers.blockchain_com.world import World, digest, raw_transaction
from watchers.blockchain_com.frames import (
    Other,
    parse_frame,
    subscribe_address,
    unsubscribe_address,
)
from watchers.blockchain_com.lookup import (
    address_path,
    parse_found_address,
    parse_found_transaction,
    transaction_path,
)
from watchers.blockchain_com.rest import at_height, parse_blocks, parse_prices
from watchers.feed import FeedError
from watchers.model import Transaction, Transfer


def parse(x: dict) -> Transaction:
    found = parse_frame(json.dumps({"op": "utx", "x": x}).encode(), 1_000.5)
    assert isinstance(found, Transaction)
    return found


def with_output(**more) -> dict:
    x = raw_transaction("one")
    x["out"][0] |= more
    return x


def test_a_missing_address_is_kept_by_its_value():
    for address in (None, ""):
        assert parse(with_output(addr=address)).outputs == (Transfer(None, 5_000),)
    x = raw_transaction("one")
    del x["out"][0]["addr"]
    assert parse(x).moved == 5_000


def test_an_input_of_unknown_value_makes_the_fee_unknown():
    x = raw_transaction("one")
    x["inputs"] += [{"prev_out": {"addr": "1Other"}}]
    found = parse(x)

    assert found.fee is None
    assert found.inputs == (Transfer("1Sender", 5_100), Transfer("1Other", 0))


@pytest.mark.parametrize("inputs", [[], [{}], [{"prev_out": None}], [{"prev_out": {}}]])
def test_a_coinbase_has_no_senders_and_no_fee(inputs):
    found = parse(raw_transaction("one") | {"inputs": inputs})

    assert (found.category, found.inputs, found.fee, found.moved) == ("coinbase", (), 0, 5_000)


def test_outputs_are_named_only_where_the_source_numbers_them():
    x = raw_transaction("one")
    assert parse(x).spends == ()
    x["inputs"][0]["prev_out"] |= {"tx_index": 12, "n": 3}
    assert parse(x).spends == ("12:3",)
    del x["inputs"][0]["prev_out"]["n"]
    assert parse(x).spends == ()


@pytest.mark.parametrize("value", [-1, 21 * 10**14 + 1, 1.5, True, "5", None, 10**30])
def test_an_impossible_amount_is_refused(value):
    with pytest.raises(FeedError):
        parse(with_output(value=value))


def test_outputs_of_more_than_all_coins_together_are_refused():
    x = raw_transaction("one", paid=20 * 10**14)
    x["out"] *= 2
    with pytest.raises(FeedError, match="all coins"):
        parse(x)


@pytest.mark.parametrize("hash_", ["", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n", 5, None])
def test_what_is_no_hash_is_refused(hash_):
    with pytest.raises(FeedError):
        parse(raw_transaction("one") | {"hash": hash_})


@pytest.mark.parametrize("address", ["1A<b>", "1 A", "1é", "x" * 101, 5, ["1A"], "1A\u202e"])
def test_what_can_be_no_address_is_refused(address):
    with pytest.raises(FeedError):
        parse(with_output(addr=address))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff\xfe", b"null", b"[]", b"{}", b'{"op":5}', b'{"op":"utx"}', b'{"op":"block"}',
        b'{"op":"utx","x":null}', b'{"op":"utx","x":[]}', b'{"op":"utx","x":{"hash":NaN}}',
        b'{"op":"block","x":{"height":-1,"hash":"' + b"0" * 64 + b'"}}',
        b'{"op":"block","x":{"height":true,"hash":"' + b"0" * 64 + b'"}}',
        b'{"op":"utx","x":' + b"[" * 100_000, b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused_with_a_short_reason(data):
    with pytest.raises(FeedError) as refused:
        parse_frame(data, 1.0)
    assert 0 < len(str(refused.value)) < 300


def test_other_operations_only_show_that_the_source_is_there():
    assert parse_frame(b'{"op":"pong"}', 1.0) == Other("pong")
    assert parse_frame(b'{"op":"status","x":{"anything":[]}}', 1.0) == Other("status")


def test_fields_that_are_not_used_may_be_anything():
    x = raw_transaction("one") | {"lock_time": "Unavailable", "ver": None, "relayed_by": []}
    assert parse(x).hash == digest("tx", "one")


def test_addresses_are_subscribed_in_the_published_form():
    assert json.loads(subscribe_address("1A")) == {"op": "addr_sub", "addr": "1A"}
    assert json.loads(unsubscribe_address("1A")) == {"op": "addr_unsub", "addr": "1A"}


def test_a_block_of_another_height_and_one_without_transactions_are_refused():
    block = World().tip
    for bad in (block | {"height": 101}, block | {"tx": []}, block | {"tx": [], "n_tx": 0}):
        with pytest.raises(FeedError):
            at_height(parse_blocks(json.dumps({"blocks": [bad]}).encode()), 100)


def test_prices_are_rounded_to_a_millionth_and_unknown_currencies_left_out():
    body = b'{"USD":{"last":0.0000014},"EUR":{"last":83123.4567895}}'
    prices = parse_prices(body, ("USD", "EUR", "XXX"), 9.9)

    assert [(price.currency, price.micro, price.time) for price in prices] == [
        ("USD", 1, 9), ("EUR", 83_123_456_790, 9),
    ]  # fmt: skip
    with pytest.raises(FeedError, match="XXX"):
        parse_prices(body, ("XXX",), 9.9)


def test_a_looked_up_address_is_summed_up_with_its_newest_transactions():
    newest = raw_transaction("new") | {"time": 50, "block_height": None}
    older = raw_transaction("old") | {"time": 40, "block_height": 7}
    answer = {
        "address": "1A", "n_tx": 9, "total_received": 30, "total_sent": 10, "final_balance": 20,
        "txs": [newest, older],
    }  # fmt: skip
    found = parse_found_address(json.dumps(answer).encode(), "1A")

    assert (found.transactions, found.received, found.sent, found.balance) == (9, 30, 10, 20)
    assert [(item.height, item.transaction.time) for item in found.newest] == [(None, 50), (7, 40)]
    with pytest.raises(FeedError, match="another address"):
        parse_found_address(json.dumps(answer).encode(), "1B")
    assert address_path("1A") == "/rawaddr/1A?limit=10&offset=0"


def test_a_looked_up_transaction_must_be_the_one_that_was_asked_for():
    body = json.dumps(raw_transaction("one") | {"block_height": 5, "time": 3}).encode()
    found = parse_found_transaction(body, digest("tx", "one"))

    assert (found.height, found.transaction.time) == (5, 3)
    with pytest.raises(FeedError, match="another transaction"):
        parse_found_transaction(body, "0" * 64)
    assert transaction_path("ab") == "/rawtx/ab"
