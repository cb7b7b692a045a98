"""`/tx` as it is read."""

import pytest

from storage.blocks import begin_chain, complete_block, orphan_above, save_slice
from storage.ledger import save_price
from storage.transactions import save_transactions
from tests.bot.commands.outside import asking_outside
from tests.bot.desk import ADDRESS, OTHER_ADDRESS, Talk, button
from tests.make import NOW, block, coinbase, hash_of
from watchers.bitcoin.transaction import build_transaction
from watchers.model import Price, Transfer

BTC = 10**8
SEEN = NOW - 1000


def payment(name="payment", *, spends=(), time=SEEN, change=BTC):
    """2 BTC from one address to another, with change and 1,000 satoshi of fee."""
    return build_transaction(
        hash_of(name), time, (Transfer(ADDRESS, 2 * BTC + change + 1000),),
        (Transfer(OTHER_ADDRESS, 2 * BTC), Transfer(ADDRESS, change)),
        size=250, weight=800, spends=tuple(spends),
    )  # fmt: skip


@pytest.fixture
async def known(desk):
    """The payment, announced at 21:56 when a bitcoin cost $50,000."""

    def fill(db):
        begin_chain(db, "bitcoin", NOW - 86400)
        save_price(db, Price("BTC", "USD", 50_000 * 10**6, SEEN - 60, "made up"))
        save_price(db, Price("BTC", "USD", 70_000 * 10**6, NOW, "made up"))
        save_transactions(db, "bitcoin", [payment()], unconfirmed=True)

    await desk.write(fill)
    return payment()


async def mine(desk, height, *transactions, time=NOW - 400):
    def change(db):
        made = block(height, [coinbase(height), *transactions], time=time)
        save_slice(db, made, made.transactions)
        complete_block(db, made)

    await desk.write(change)


async def test_a_transaction_is_told_with_its_worth_at_its_time(talk, known):
    answer = await talk.say(f"/tx {known.hash}")
    assert answer.startswith("2 BTC ($100k) moved\nbc1qa…5mdq → 1A1zP…vfNa\n")
    assert "Payment · 1 input, 2 outputs\n⏳ Unconfirmed\n" in answer
    assert "Fee 0.00001 BTC ($0.5)\n5 sat/vB, 200 vB\n" in answer
    assert "First seen 21:56 on 14 Nov\n" in answer
    assert "2 BTC → 1A1zP…vfNa\n1 BTC → bc1qa…5mdq (back to a sender)" in answer


async def test_what_a_watched_address_gained_or_lost_comes_first(talk, known):
    await talk.say(f"/watch {OTHER_ADDRESS} Satoshi")
    answer = await talk.send(f"/tx {known.hash}")
    assert "🟢 +2 BTC ($100k) to Satoshi\n" in await talk.say(f"/tx {known.hash}")
    assert [b.label for b in answer.buttons[0]] == ["👁 Watch sender"]
    await talk.say(f"/unwatch {OTHER_ADDRESS}")
    await talk.say(f"/watch {ADDRESS} Mine")
    assert "🔴 −2 BTC ($100k) from Mine\n" in await talk.say(f"/tx {known.hash}")


async def test_a_confirmed_transaction_says_how_deep_and_when(talk, desk, known):
    await mine(desk, 10, known)
    answer = await talk.say(f"/tx {known.hash}")
    assert "✅ Confirmed in block 10, 1 of 6 deep\n" in answer
    assert "Mined 22:06 on 14 Nov, 10 min later" in answer
    for height in range(11, 16):
        await mine(desk, height)
    assert "✅ Confirmed in block 10, 6 deep: final\n" in await talk.say(f"/tx {known.hash}")


async def test_a_replaced_one_says_by_what(talk, desk):
    first, second = payment("a", spends=("x:0",)), payment("b", spends=("x:0",), change=5)

    def fill(db):
        save_transactions(db, "bitcoin", [first, second], unconfirmed=True)

    await desk.write(fill)
    answer = await talk.say(f"/tx {first.hash}")
    assert f"⚠️ Replaced by {second.hash[:5]}…{second.hash[-4:]}" in answer


async def test_one_whose_block_left_the_chain_is_unconfirmed_again(talk, desk, known):
    await mine(desk, 10, known)
    await desk.write(orphan_above, "bitcoin", 9)
    assert "↩️ Unconfirmed again" in await talk.say(f"/tx {known.hash}")


async def test_one_that_was_never_heard_of_again_is_expired(desk, clock, known):
    clock.now = NOW + 15 * 86400
    assert "❔ No word of it for 14 days" in await Talk(desk).say(f"/tx {known.hash}")


async def test_a_mining_reward_is_called_so(talk, desk, known):
    await mine(desk, 10)
    answer = await talk.say(f"/tx {coinbase(10).hash}")
    assert answer.startswith("⛏ 0.0000005 BTC ($0.02) to a miner\nnewly mined → miner\n")
    assert "Fee" not in answer
    assert "Mined 22:06 on 14 Nov\n" in answer


async def test_many_outputs_are_cut_and_summed_up(talk, desk):
    made = build_transaction(
        hash_of("batch"), SEEN, (Transfer(ADDRESS, 100 * BTC),),
        tuple(Transfer(f"receiver {n}", n * BTC) for n in range(1, 9)), size=900,
    )  # fmt: skip
    await desk.write(lambda db: save_transactions(db, "bitcoin", [made], unconfirmed=True))
    answer = await talk.say(f"/tx {made.hash}")
    assert "4 BTC → receiver 4\n6 BTC → 3 outputs more\n" in answer


async def test_no_price_is_no_worth(talk, desk):
    made = payment()
    await desk.write(lambda db: save_transactions(db, "bitcoin", [made], unconfirmed=True))
    assert (await talk.say(f"/tx {made.hash}")).startswith("2 BTC moved\n")


async def test_an_unknown_one_offers_to_ask_outside_and_does_not_by_itself(desk):
    async with asking_outside(desk) as (asking, outside):
        talk, hash_ = Talk(asking), hash_of("nobody's")
        answer = await talk.send(f"/tx {hash_}")
        assert answer.refusal
        offer = button(answer, "Look it up at blockchain.com (tells it the id)")
        assert offer.command == f"/tx {hash_} lookup"
        assert outside.paths == []
        pressed = await talk.press(answer, "Look it up")
        assert outside.paths == [f"/rawtx/{hash_}"]
        assert "blockchain.com did not help: the source knows nothing of it." in (
            pressed.title[0].text
        )


async def test_without_a_source_nothing_outside_is_offered(talk):
    answer = await talk.send(f"/tx {hash_of('nobody')}")
    assert answer.refusal
    assert answer.buttons == ()
    assert "no source of Bitcoin to ask" in await talk.say(f"/tx {hash_of('nobody')} lookup")


async def test_what_the_source_knows_is_told_as_its_word_and_not_stored(desk):
    hash_ = hash_of("outside")
    raw = {
        "hash": hash_, "size": 225, "time": NOW - 86400, "block_height": 8,
        "inputs": [{"prev_out": {"value": 3 * BTC, "addr": ADDRESS}, "script": ""}],
        "out": [{"value": 2 * BTC, "addr": OTHER_ADDRESS, "script": ""}],
    }  # fmt: skip
    await mine(desk, 10)
    async with asking_outside(desk) as (asking, outside):
        outside.answers[f"/rawtx/{hash_}"] = raw
        answer = await Talk(asking).say(f"/tx {hash_} lookup")
        assert answer.startswith("2 BTC moved\n")
        assert "✅ Confirmed in block 8, 3 of 6 deep\n" in answer
        assert "Fee 1 BTC\n" in answer
        assert "In a block of 22:13 on 13 Nov\n" in answer
        assert "As blockchain.com told just now; I have not stored it." in answer
        assert "I do not know" in await Talk(asking).say(f"/tx {hash_}")


@pytest.mark.parametrize("body", [{}, [], "x", {"hash": "0" * 64, "inputs": [], "out": []}])
async def test_an_answer_that_is_something_else_is_refused(desk, body):
    hash_ = hash_of("outside")
    async with asking_outside(desk) as (asking, outside):
        outside.answers[f"/rawtx/{hash_}"] = body
        answer = await Talk(asking).say(f"/tx {hash_} lookup")
        assert "blockchain.com answered something I cannot read." in answer
