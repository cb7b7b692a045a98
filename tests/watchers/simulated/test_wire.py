"""The wire formats, held against captured messages and answers."""

import json

import pytest

from tests.real import real_data
from watchers.simulated import wire
from watchers.simulated.address import address_of, op_return, script_of
from watchers.simulated.rest import Explorer, ticker

from .lived import lived

WORLD = lived()
CHAIN = WORLD.chain
WAITING = [*CHAIN.mempool.values()]
OLD, NEW = ("2013",), ("2019", "2022")


@pytest.fixture(scope="module")
def captured():
    lines = real_data("blockchain_com", "ws_messages.jsonl").read_text().splitlines()
    return [json.loads(line)["msg"] for line in lines]


@pytest.fixture(scope="module")
def rawblock():
    return json.loads(real_data("blockchain_com", "rawblock_603966_first_txs.json").read_text())


def known(answer):
    assert answer is not None
    return answer


def shape(message):
    """The keys of a transaction at every level."""
    return {
        "transaction": {*message},
        "inputs": {key for item in message["inputs"] for key in item},
        "prev_out": {key for item in message["inputs"] for key in item["prev_out"] or {}},
        "out": {key for item in message["out"] for key in item},
    }


def same_types(ours, theirs):
    return {key: type(value) for key, value in ours.items()} == {
        key: type(value) for key, value in theirs.items()
    }


@pytest.mark.parametrize("dialect", NEW)
def test_transactions_have_the_keys_of_captured_ones(captured, dialect):
    real = [item["x"] for item in captured if item["op"] == "utx" and "ver" in item["x"]]
    assert len(real) >= 7
    for transaction in WAITING:
        ours = wire.utx(CHAIN, transaction, dialect)["x"]
        assert all(shape(ours) == shape(theirs) for theirs in real)
        assert same_types(ours, real[0])
        assert same_types(ours["inputs"][0]["prev_out"], real[0]["inputs"][0]["prev_out"])


def test_transactions_of_2013_have_the_keys_of_a_captured_one(captured):
    (real,) = [item["x"] for item in captured if item["op"] == "utx" and "ver" not in item["x"]]
    for transaction in WAITING:
        ours = wire.utx(CHAIN, transaction, "2013")["x"]
        assert shape(ours) == shape(real)
        assert same_types(ours, real)


def test_blocks_have_the_keys_of_a_captured_one(captured):
    (real,) = [item["x"] for item in captured if item["op"] == "block"]
    ours = wire.block(CHAIN, CHAIN.tip, "2013")["x"]
    assert same_types(ours, real)
    assert same_types(ours["foundBy"], real["foundBy"])
    newer = wire.block(CHAIN, CHAIN.tip, "2019")["x"]
    assert newer.keys() - real.keys() == {"weight", "difficulty"}


def test_the_dialect_of_2022_numbers_nothing():
    (first, *_) = WAITING
    utx = wire.utx(CHAIN, first, "2022")["x"]
    indexes = [item["prev_out"]["tx_index"] for item in utx["inputs"]]
    indexes += [item["tx_index"] for item in (utx, *utx["out"])]
    block = wire.block(CHAIN, CHAIN.tip, "2022")["x"]
    indexes += [*block["txIndexes"], block["reward"], block["blockIndex"], block["prevBlockIndex"]]
    assert {*indexes} == {0}


def test_the_dialect_of_2019_names_the_spent_output():
    known = {CHAIN.number(item.hash): item for item in CHAIN.transactions.values()}
    for transaction in WAITING:
        for item in wire.utx(CHAIN, transaction, "2019")["x"]["inputs"]:
            spent = item["prev_out"]
            assert spent["tx_index"] > 0
            if spent["tx_index"] in known:
                assert known[spent["tx_index"]].outputs[spent["n"]].value == spent["value"]


@pytest.mark.parametrize("dialect", ["2013", "2019", "2022"])
def test_every_address_is_its_script_s(dialect):
    explorer = Explorer(CHAIN, dialect)
    for block in CHAIN.main[-10:]:
        for item in known(explorer.block(block.hash))["tx"]:
            spent = [source["prev_out"] for source in item["inputs"] if source["prev_out"]]
            for output in (*spent, *item["out"]):
                if "addr" in output:
                    assert script_of(output["addr"]).hex() == output["script"]
                else:
                    assert output["script"][:2] in {"6a", ""}


def test_data_has_a_null_address_on_the_websocket_and_none_in_rest():
    written = next(
        item
        for block in CHAIN.main
        for item in block.transactions[1:]
        if any(address_of(output.script) is None for output in item.outputs)
    )
    assert None in [item["addr"] for item in wire.utx(CHAIN, written, "2019")["x"]["out"]]
    assert any("addr" not in item for item in wire.utx(CHAIN, written, "2013")["x"]["out"])
    answer = known(Explorer(CHAIN, "2019").transaction(written.hash))
    assert any("addr" not in item for item in answer["out"])
    assert address_of(op_return(b"x")) is None


def test_a_rawblock_has_the_keys_of_a_captured_one(rawblock):
    ours = known(Explorer(CHAIN, "2019").block(CHAIN.main[-3].hash))
    assert same_types(ours, rawblock)
    (coinbase, *rest), (real_coinbase, *real_rest) = ours["tx"], rawblock["tx"]
    assert shape(coinbase) == shape(real_coinbase)
    assert same_types(coinbase, real_coinbase)
    assert same_types(coinbase["inputs"][0], real_coinbase["inputs"][0])
    for item in rest:
        assert same_types(item, real_rest[0])
        assert all(same_types(source, real_rest[0]["inputs"][0]) for source in item["inputs"])
        assert shape(item)["prev_out"] == shape(real_rest[0])["prev_out"]
        assert shape(item)["out"] == shape(real_rest[0])["out"]


def test_a_coinbase_of_2022_spends_an_output_of_nothing():
    coinbase = known(Explorer(CHAIN, "2022").block(CHAIN.tip.hash))["tx"][0]
    spent = coinbase["inputs"][0]["prev_out"]
    assert (spent["value"], spent["n"], spent["script"]) == (0, 0xFFFFFFFF, "")
    assert "addr" not in spent


def test_a_spent_output_names_its_spender():
    explorer = Explorer(CHAIN, "2019")
    for block in CHAIN.main[-20:]:
        for item in known(explorer.block(block.hash))["tx"][1:]:
            for index, source in enumerate(item["inputs"]):
                spender = {"tx_index": item["tx_index"], "n": index}
                assert source["prev_out"]["spending_outpoints"] == [spender]


def test_an_address_s_statement_adds_up():
    explorer = Explorer(CHAIN, "2019")
    hot = WORLD.people.exchanges[0].hot.scripts[0]
    address = str(address_of(hot))
    whole = [known(explorer.address(address, 50, offset)) for offset in range(0, 5_000, 50)]
    lines = [line for page in whole for line in page["txs"]]
    assert len(lines) == whole[0]["n_tx"] > 50
    assert whole[0]["final_balance"] == sum(
        CHAIN.ledger.coins[hot][one].value for one in CHAIN.ledger.coins[hot]
    )
    assert whole[0]["final_balance"] == whole[0]["total_received"] - whole[0]["total_sent"]
    balance = whole[0]["final_balance"]
    for line in lines:
        assert line["balance"] == balance
        balance -= line["result"]
    inherited = sum(out.value for out in CHAIN.inherited.values() if out.script == hot)
    assert balance == inherited


def test_the_ticker_has_the_keys_that_clients_read():
    answer = ticker(64_000.0)
    assert {"USD", "EUR", "GBP"} <= answer.keys()
    assert answer["USD"] == {
        "15m": 64_000.0,
        "last": 64_000.0,
        "buy": 64_000.0,
        "sell": 64_000.0,
        "symbol": "$",
    }


def test_a_mined_transaction_keeps_the_time_it_was_first_seen():
    explorer = Explorer(CHAIN, "2022")
    for block in CHAIN.main[-10:]:
        first, *rest = known(explorer.block(block.hash))["tx"]
        assert first["time"] == block.time
        assert [item["time"] for item in rest] == [item.time for item in block.transactions[1:]]
