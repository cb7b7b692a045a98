"""`/block` as it is read."""

import pytest

from storage.blocks import begin_chain, complete_block, orphan_above, save_slice
from tests.make import NOW, block, coinbase, hash_of, transaction

BTC = 10**8


@pytest.fixture
async def chain(desk):
    """Heights 5 to 7; at 7 the second block won."""

    def fill(db):
        begin_chain(db, "bitcoin", NOW - 86400)
        for height, branch in ((5, "main"), (6, "main"), (7, "lost"), (7, "main")):
            inside = [transaction(n * BTC, name=f"{height} {branch} {n}") for n in range(1, height)]
            made = block(height, [coinbase(height), *inside], branch=branch)
            save_slice(db, made, made.transactions)
            complete_block(db, made)

    await desk.write(fill)


async def test_without_a_height_the_newest_block_is_shown(talk, chain):
    answer = await talk.say("/block")
    assert "Block 7: 7 transactions, 21 BTC moved" in answer
    assert "10 min after the one before" in answer
    assert "1 confirmation" in answer
    assert "Largest 6 BTC" in answer
    assert f"Orphaned rival: …{hash_of(7, 'lost')[-12:]}" in answer


async def test_an_older_block_says_how_deep_it_is(talk, chain):
    answer = await talk.say("/block 5")
    assert "3 confirmations" in answer
    assert "after the one before" not in answer
    assert "rival" not in answer
    pressed = await talk.press(await talk.send("/block 5"), "6 →")
    assert "Block 6" in pressed.title[0].text


async def test_an_unknown_height_says_which_are_stored(talk, chain):
    answer = await talk.send("/block 840,000")
    assert answer.refusal
    assert "Block 840,000 is not stored.\nI have 5 to 7." in await talk.say("/block 840,000")


async def test_holes_in_what_is_stored_are_told(talk, desk, chain):
    await desk.write(lambda db: db.execute("DELETE FROM blocks WHERE height = 6").rowcount)
    assert "I have 5 to 7, but for 1 in between." in await talk.say("/block 6")


async def test_no_block_at_all_is_said(talk):
    assert "No block of Bitcoin is stored yet." in await talk.say("/block")


async def test_a_block_whose_transactions_are_gone_still_tells_its_reward(talk, desk, chain):
    await desk.write(lambda db: db.execute("DELETE FROM transactions").rowcount)
    answer = await talk.say("/block 6")
    assert "Block 6: 6 transactions\n" in answer
    assert "I no longer have them all" in answer
    assert "= 50 BTC new + 0 BTC fees" in answer


async def test_what_a_miner_did_not_take_is_told(talk, chain):
    assert "49.9999995 BTC of it was not taken and is lost" in await talk.say("/block 5")


async def test_a_block_that_left_the_chain_is_shown_as_such(talk, desk, chain):
    await desk.write(orphan_above, "bitcoin", 6)
    assert "It left the main chain" in await talk.say("/block 7")


async def test_no_button_leads_to_what_is_not_stored(talk, chain):
    labels = [b.label for row in (await talk.send("/block 5")).buttons for b in row]
    assert "6 →" in labels
    assert not any("←" in label for label in labels)
    assert "explorer" not in await talk.say("/block 9")
    assert "explorer" in await talk.say("/block 4")
