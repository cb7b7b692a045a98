"""Answers about real blocks, held against arithmetic on the raw data."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from storage.blocks import complete_block, save_slice
from storage.statistics import Window, statistics_of
from tests.watchers.blockchain_com.converted import real_block
from watchers.bitcoin.chain import subsidy
from watchers.blockchain_com.rest import at_height, parse_block


def naive(block):
    """Fees, what moved, and the largest, from the raw data alone."""
    fees, moved = 0, []
    for tx in block["txs"][1:]:
        spent = [item["prevout"] for item in tx["vin"]]
        senders = {coin.get("scriptpubkey_address") for coin in spent} - {None}
        fees += sum(coin["value"] for coin in spent) - sum(out["value"] for out in tx["vout"])
        moved.append(
            sum(o["value"] for o in tx["vout"] if o.get("scriptpubkey_address") not in senders)
        )
    return fees, moved


def btc(satoshi):
    text = f"{Decimal(satoshi).scaleb(-8):,.8f}".rstrip("0").rstrip(".")
    return f"{text} BTC"


@pytest.mark.parametrize("height", [170, 200000, 478558, 757739])
async def test_a_real_block_is_told_with_its_true_reward_and_amounts(desk, talk, height):
    raw, answered = real_block(height)
    body = msgspec.json.encode(answered)
    (block,) = at_height(parse_block(body, raw["id"]), height)

    def fill(db):
        save_slice(db, block, block.transactions)
        complete_block(db, block)

    await desk.write(fill)
    fees, moved = naive(raw)
    time = raw["timestamp"]
    window = Window(time - time % 60, time - time % 60 + 60, 60)
    found = await desk.read(statistics_of, "bitcoin", window, time)
    assert found.chain.transactions == found.seen.transactions == len(moved)
    assert found.chain.moved == found.seen.moved == sum(moved)
    assert found.chain.fees == fees
    assert [large.moved for large in found.largest] == sorted(moved)[::-1][:3]

    answer = await talk.say(f"/block {height}")
    assert f"Block {height:,}: {len(raw['txs']):,} transactions" in answer
    assert f"= {btc(subsidy(height))} new + {btc(fees)} fees" in answer
    assert "not taken" not in answer
    mined = datetime.fromtimestamp(time, UTC)
    assert f"Mined {mined:%H:%M} on {mined.day} {mined:%b}" in answer


async def test_every_transaction_of_a_real_block_can_be_asked_for(desk, talk):
    raw, answered = real_block(170)
    body = msgspec.json.encode(answered)
    (block,) = at_height(parse_block(body, raw["id"]), 170)

    def fill(db):
        save_slice(db, block, block.transactions)
        complete_block(db, block)

    await desk.write(fill)
    answer = await talk.say(f"/tx {raw['txs'][1]['txid']}")
    assert answer.startswith("50 BTC moved\nno address → no address\n")
    assert "✅ Confirmed in block 170, 1 of 6 deep\nNo fee\n" in answer
