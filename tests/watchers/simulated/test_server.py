"""The simulated blockchain.com over real sockets."""

import asyncio

import pytest
from websockets.asyncio.client import connect

from watchers.simulated.address import address_of, witness
from watchers.simulated.people import BITCOIN
from watchers.simulated.server import SimulatedBitcoin

from .conftest import NOW

MINE, YOURS = (str(address_of(witness(0, bytes([number]) * 20))) for number in (1, 2))


def hashes(messages):
    return [(item["op"], item["x"]["hash"]) for item in messages]


async def test_subscribers_are_told_of_transactions_and_blocks(bitcoin, client):
    await client.subscribe("unconfirmed_sub", "blocks_sub")
    paid, mined = bitcoin.transact(), bitcoin.mine()
    assert hashes(await client.until_pong()) == [("utx", paid), ("block", mined)]


async def test_nobody_is_told_what_they_did_not_ask_for(bitcoin, client):
    bitcoin.transact(), bitcoin.mine()
    assert await client.until_pong() == []
    await client.subscribe("unconfirmed_sub", "blocks_sub")
    await client.subscribe("unconfirmed_unsub", "blocks_unsub")
    bitcoin.transact(), bitcoin.mine()
    assert await client.until_pong() == []


async def test_an_address_s_subscribers_are_told_of_what_it_gets_and_pays(bitcoin, client):
    await client.subscribe("addr_sub", addr=MINE)
    got = bitcoin.pay(MINE, 2 * BITCOIN)
    bitcoin.pay(YOURS, BITCOIN)
    paid = bitcoin.pay(YOURS, BITCOIN, sender=MINE)
    assert hashes(await client.until_pong()) == [("utx", got), ("utx", paid)]
    await client.subscribe("addr_unsub", addr=MINE)
    bitcoin.pay(MINE, BITCOIN)
    assert await client.until_pong() == []


async def test_the_last_block_and_transaction_are_shown_on_request(bitcoin, client):
    mined, paid = bitcoin.mine(), bitcoin.transact()
    await client.say("ping_block")
    await client.say("ping_tx")
    assert hashes(await client.until_pong()) == [("block", mined), ("utx", paid)]


@pytest.mark.parametrize(
    "frame", ['{"op":"dance"}', "[]", "{", '{"op":"addr_sub"}', '{"op":"addr_sub","addr":"1"}']
)
async def test_what_is_not_understood_is_answered_with_a_status(client, frame):
    await client.socket.send(frame)
    (status,) = await client.until_pong()
    assert status["op"] == "status"
    assert status["msg"]


async def test_what_was_asked_is_on_record(bitcoin, client):
    await client.subscribe("blocks_sub")
    await client.get("/rawaddr/x?limit=1")
    assert {"op": "blocks_sub"} in bitcoin.heard
    assert list(bitcoin.asked) == ["/rawaddr/x?limit=1"]


async def test_rest_answers_for_the_tip(bitcoin, client):
    latest = await client.found("/latestblock")
    at_height = await client.found(f"/block-height/{latest['height']}?format=json")
    raw = await client.found(f"/rawblock/{latest['hash']}")
    assert latest["hash"] == bitcoin.chain.tip.hash
    assert at_height == {"blocks": [raw]}


async def test_the_whole_history_is_served(bitcoin, client):
    latest = await client.found("/latestblock")
    block_hash, times = latest["hash"], []
    for _ in range(5):
        block = await client.found(f"/rawblock/{block_hash}")
        times.append(block["time"])
        block_hash = block["prev_block"]
    first = await client.found(f"/rawblock/{block_hash}")
    assert (await client.get(f"/rawblock/{first['prev_block']}"))[0] == 404
    assert sorted(times, reverse=True) == times
    assert NOW - 5 * 600 <= times[-1] <= times[0] <= NOW


async def test_a_payment_waits_and_is_mined(bitcoin, client):
    paid = bitcoin.pay(MINE, 3 * BITCOIN)
    waiting = await client.found(f"/rawtx/{paid}")
    assert waiting["block_height"] is None
    mined = bitcoin.mine()
    found = await client.found(f"/rawtx/{paid}")
    assert found["block_height"] == bitcoin.chain.blocks[mined].height
    account = await client.found(f"/rawaddr/{MINE}?limit=50&offset=0")
    assert (account["n_tx"], account["final_balance"]) == (1, 3 * BITCOIN)
    assert account["txs"][0]["hash"] == paid
    assert account["txs"][0]["result"] == 3 * BITCOIN


async def test_the_price_walks(bitcoin, client):
    before = await client.found("/ticker")
    bitcoin.mine()
    after = await client.found("/ticker")
    assert before["USD"]["last"] != after["USD"]["last"]
    assert 0.9 < after["USD"]["last"] / before["USD"]["last"] < 1.1


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        f"/rawtx/{'0' * 64}",
        "/rawblock/12",
        "/rawaddr/mistake",
        "/block-height/x",
        f"/rawaddr/{MINE}?offset=x",
    ],
)
async def test_the_unknown_is_404_with_an_error(client, path):
    status, body = await client.get(path)
    assert status == 404
    assert body.keys() == {"error", "message"}


async def test_an_unknown_height_has_no_blocks(client):
    assert await client.found("/block-height/99999999?format=json") == {"blocks": []}


async def test_a_reorg_is_announced_and_told_by_rest(bitcoin, client):
    await client.subscribe("blocks_sub")
    for _ in range(12):
        bitcoin.transact()
    orphan = bitcoin.mine()
    first, second = bitcoin.reorg(1)
    told = await client.until_pong()
    assert hashes(told) == [("block", orphan), ("block", first), ("block", second)]
    height = told[0]["x"]["height"]
    assert [item["x"]["height"] for item in told] == [height, height, height + 1]
    split = await client.found(f"/block-height/{height}?format=json")
    assert {item["hash"]: item["main_chain"] for item in split["blocks"]} == {
        orphan: False,
        first: True,
    }
    parent = await client.found(f"/rawblock/{split['blocks'][0]['prev_block']}")
    assert {*parent["next_block"]} == {orphan, first}
    assert (await client.found("/latestblock"))["hash"] == second


async def test_a_replaced_transaction_vanishes(bitcoin, client):
    await client.subscribe("unconfirmed_sub")
    loser = bitcoin.pay(MINE, 5 * BITCOIN)
    winner = bitcoin.replace(loser)
    first, second = [item["x"] for item in await client.until_pong()]
    spends = [
        [(item["prev_out"]["tx_index"], item["prev_out"]["n"]) for item in x["inputs"]]
        for x in (first, second)
    ]
    assert spends[0] == spends[1]
    fees = [bitcoin.chain.transactions[winner].fee, paid_fee(first)]
    assert fees[0] > fees[1]
    bitcoin.mine()
    assert (await client.get(f"/rawtx/{loser}"))[0] == 404
    assert (await client.found(f"/rawtx/{winner}"))["block_height"] is not None
    assert (await client.found(f"/rawaddr/{MINE}"))["final_balance"] == 5 * BITCOIN


def paid_fee(x):
    spent = sum(item["prev_out"]["value"] for item in x["inputs"])
    return spent - sum(item["value"] for item in x["out"])


async def test_what_cannot_be_done_is_refused_with_a_reason(bitcoin):
    with pytest.raises(ValueError, match="cannot pay"):
        bitcoin.pay(YOURS, 1_000, sender=MINE)
    with pytest.raises(ValueError, match="not waiting"):
        bitcoin.replace("0" * 64)
    with pytest.raises(ValueError, match="longer chain"):
        bitcoin.reorg(50)


async def test_a_living_chain_waits_for_the_first_subscription():
    async with SimulatedBitcoin(speed=6_000, history_blocks=2) as bitcoin:
        before = len(bitcoin.chain.transactions)
        async with connect(bitcoin.ws_url) as socket:
            await socket.send('{"op":"ping"}')
            await socket.recv()
            assert len(bitcoin.chain.transactions) == before
            await socket.send('{"op":"unconfirmed_sub"}')
            await socket.send('{"op":"blocks_sub"}')
            async with asyncio.timeout(60):
                while '"op":"block"' not in await socket.recv():
                    pass
        assert len(bitcoin.chain.transactions) > before


async def test_an_error_inside_comes_out_as_it_was():
    with pytest.raises(KeyError):
        async with SimulatedBitcoin(history_blocks=1):
            raise KeyError
