"""What is read from real data is what arithmetic on the raw data says."""

import json

import pytest

from tests.real import real_data
from tests.watchers.blockchain_com.converted import BLOCKS, captures, real_block, real_mempool
from watchers.bitcoin.chain import subsidy
from watchers.blockchain_com.frames import parse_frame
from watchers.blockchain_com.rest import at_height, parse_block, parse_blocks
from watchers.blockchain_com.wire import AnnouncedBlock
from watchers.feed import FeedError
from watchers.model import Transaction


def frame(x: dict) -> bytes:
    return json.dumps({"op": "utx", "x": x}).encode()


def parse(x: dict) -> Transaction:
    found = parse_frame(frame(x), 7.9)
    assert isinstance(found, Transaction)
    return found


def moved(tx: dict) -> int:
    """By a plain second route: what each address gets that sends nothing."""
    senders = {item["prevout"].get("scriptpubkey_address") for item in tx["vin"]} - {None}
    return sum(out["value"] for out in tx["vout"] if out.get("scriptpubkey_address") not in senders)


def test_every_captured_message_is_understood():
    for capture in captures():
        message = capture["msg"]
        found = parse_frame(json.dumps(message).encode(), 1.0)
        if message["op"] == "block":
            assert found == AnnouncedBlock(message["x"]["hash"], message["x"]["height"])
            continue
        assert isinstance(found, Transaction)
        assert capture["_checked"] == f"fee {found.fee}" or found.size == 224
        assert len(found.inputs) == message["x"]["vin_sz"]
        assert len(found.outputs) == message["x"]["vout_sz"]


def test_the_dialect_of_2013_has_no_scripts_and_so_no_weight():
    [old] = [item["msg"] for item in captures() if "2013" in item["_kind"]]
    found = parse_frame(json.dumps(old).encode(), 1.0)

    assert isinstance(found, Transaction)
    assert (found.fee, found.weight, found.spends, found.category) == (0, None, (), "payment")


def test_the_weight_of_a_captured_all_witness_transaction_is_exact():
    found = next(
        parse(item["msg"]["x"])
        for item in captures()
        if item["msg"]["x"]["hash"].startswith("7731b35a")
    )

    # 10 bytes of frame, a 41-byte input and a 31-byte output without the witness
    assert (found.size, found.weight, found.virtual_size) == (151, 3 * 82 + 151, 100)


def test_mempool_transactions_keep_their_fee_weight_and_value():
    for row, x in real_mempool():
        found = parse(x)
        assert (found.fee, found.weight, found.size) == (row["_fee"], row["_weight"], row["_size"])
        assert found.moved == moved(row["tx"])
        assert found.time == 7


@pytest.mark.parametrize("height", BLOCKS)
def test_a_real_block_keeps_its_fees_reward_and_weights(height):
    block, raw = real_block(height)
    [found] = at_height(parse_block(json.dumps(raw).encode(), block["id"]), height)

    assert found.fees == sum(tx["fee"] for tx in block["txs"])
    assert found.reward == found.fees + subsidy(height)
    assert [tx.weight for tx in found.transactions] == [tx["weight"] for tx in block["txs"]]
    assert [tx.fee for tx in found.transactions] == [tx["fee"] for tx in block["txs"]]
    assert [tx.category == "coinbase" for tx in found.transactions].index(True) == 0
    assert {tx.time for tx in found.transactions} == {block["timestamp"]}


def test_a_captured_rawblock_is_read_and_refused_as_cut():
    body = real_data("blockchain_com", "rawblock_603966_first_txs.json").read_bytes()
    captured = json.loads(body)
    with pytest.raises(FeedError, match="cut: 10 of 3503"):
        at_height(parse_blocks(json.dumps({"blocks": [captured]}).encode()), 603966)

    whole = captured | {"n_tx": 10}
    [found] = at_height(parse_blocks(json.dumps({"blocks": [whole]}).encode()), 603966)
    assert whole["main_chain"] is False
    assert found.header.parent == captured["prev_block"]
    assert [tx.weight for tx in found.transactions] == [tx["weight"] for tx in captured["tx"]]
    assert [tx.fee for tx in found.transactions] == [tx["fee"] for tx in captured["tx"]]
    assert found.reward == subsidy(603966) + captured["fee"]
    assert found.difficulty == pytest.approx(12_720_005_267_390.51)
    assert found.transactions[1].spends == ("8790730384756472:2",)
